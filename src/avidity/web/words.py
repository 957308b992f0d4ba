"""Every word a page shows, by its key, in English and French."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from functools import lru_cache
from importlib import resources

from avidity.report.risk_words import risk_words
from avidity.web.sentences import typeset

LANGUAGES = ("en", "fr")


@lru_cache(maxsize=len(LANGUAGES))
def catalogue(language: str) -> Mapping[str, str]:
    """Key to words: the sections of catalogues/LANGUAGE.toml joined by points.

    With those of a risk, which the report's own page uses too.
    """
    file = resources.files("avidity.web").joinpath("catalogues", f"{language}.toml")
    told = {**risk_words(language), **dict(_flat(tomllib.loads(file.read_text("utf-8"))))}
    return {key: typeset(one) for key, one in told.items()} if language == "fr" else told


def _flat(content: Mapping[str, object], above: str = "") -> Iterator[tuple[str, str]]:
    for key, value in content.items():
        if isinstance(value, dict):
            yield from _flat(value, f"{above}{key}.")
        else:
            yield f"{above}{key}", str(value)


def words(language: str, key: str, **values: object) -> str:
    """The words of a key, with values in their places. An unknown key is a fault of ours.

    With ``n`` the key ending in ``.one`` is taken for 1 and ``.many`` for the rest.
    """
    known = catalogue(language)
    if "n" in values and key not in known:
        n = values["n"]
        single = n in (0, 1) if language == "fr" else n == 1
        key = f"{key}.{'one' if single else 'many'}"
    return known[key].format(**values) if values else known[key]


def printed(language: str, text: str) -> str:
    """A number as the report prints it ("1,890", "6.50"), with the signs of this language."""
    if language != "fr":
        return text
    return text.translate({ord(","): "\u202f", ord("."): ","}).replace("%", "\u00a0%")


def has(key: str) -> bool:
    """Whether the catalogues know a key."""
    return key in catalogue("en")


def language_of(cookie: str | None, accepted: str) -> str:
    """The language a person chose, or the first one the browser names that we have."""
    if cookie in LANGUAGES:
        return cookie
    for one in accepted.split(","):
        tag = one.split(";")[0].strip().lower()[:2]
        if tag in LANGUAGES:
            return tag
    return "en"
