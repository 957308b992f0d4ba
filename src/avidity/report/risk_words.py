"""The words of a risk on a page, in English and French: for the workbench and the single file.

A number decides between two forms of a key: ``.one`` and ``.many``.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from functools import lru_cache
from importlib import resources

from avidity import wording

LANGUAGES = ("en", "fr")


@lru_cache(maxsize=len(LANGUAGES))
def risk_words(language: str) -> Mapping[str, str]:
    """Key to words: the sections of words/LANGUAGE.toml joined by points."""
    file = resources.files("avidity.report").joinpath("words", f"{language}.toml")
    return dict(_flat(tomllib.loads(file.read_text("utf-8"))))


def _flat(content: Mapping[str, object], above: str = "") -> Iterator[tuple[str, str]]:
    for key, value in content.items():
        if isinstance(value, dict):
            yield from _flat(value, f"{above}{key}.")
        else:
            yield f"{above}{key}", str(value)


def share(language: str, value: float) -> str:
    """A share as a percentage, as the language writes it.

    >>> share("en", 0.978), share("fr", 0.978).split()
    ('97.8%', ['97,8', '%'])
    """
    text = wording.fixed(100 * value, 1)
    return f"{text.replace('.', ',')}\N{NO-BREAK SPACE}%" if language == "fr" else f"{text}%"


def figure(language: str, value: float, decimals: int) -> str:
    """A number with fixed decimals, as the language writes it.

    >>> figure("fr", -1.6032, 3)
    '−1,603'
    """
    text = wording.fixed(value, decimals)
    return (
        text.replace(",", "\N{NARROW NO-BREAK SPACE}").replace(".", ",")
        if language == "fr"
        else text
    )


def plain(language: str, value: float) -> str:
    """A bound as short as it can be written.

    >>> plain("en", 20.0), plain("fr", 2.5)
    ('20', '2,5')
    """
    text = f"{value:g}"
    return text.replace(".", ",") if language == "fr" else text
