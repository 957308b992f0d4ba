"""The sentences of the library as a page says them: in French where the catalogue knows them."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Mapping
from functools import lru_cache
from importlib import resources

from markupsafe import Markup, escape

from avidity.said import Said, Value

ENDING = ".fr.toml"  # catalogues whose keys are the English words themselves
SPACE, THIN = "\u00a0", "\u202f"
_FIELD = re.compile(r"\{[^{}]*\}")
_SET = re.compile(r"(?:p [=<] |[<>])?[−-]?\d{1,3}(?:\d*|(?:,\d{3})+)(?:\.\d+)?%?")


@lru_cache(maxsize=1)
def french() -> Mapping[str, str]:
    """English pattern to French: every ``[[sentence]]`` of the catalogues."""
    folder = resources.files("avidity.web").joinpath("catalogues")
    files = sorted(
        (file for file in folder.iterdir() if file.name.endswith(ENDING)), key=lambda one: one.name
    )
    return {
        one["en"]: typeset(one["fr"])
        for file in files
        for one in tomllib.loads(file.read_text("utf-8"))["sentence"]
    }


def typeset(text: str) -> str:
    """French as it is set: no line breaks before a sign, the curved apostrophe."""
    text = re.sub(r" (?=[:;?!»%])", SPACE, text).replace("« ", f"«{SPACE}")
    return re.sub(r"(?<=\w)'(?=[\w«{])", "’", text)


class _Number:
    """A number that is written the French way, whatever its format."""

    def __init__(self, value: float) -> None:
        self.value = value

    def __format__(self, how: str) -> str:
        """1,234.5 becomes 1 234,5."""
        swapped = format(self.value, how).translate({ord(","): THIN, ord("."): ","})
        return swapped.replace("%", f"{SPACE}%")


def _pattern(text: str) -> str | None:
    """The French pattern of a sentence; one without a word is the same but for its signs."""
    known = french().get(text.pattern if isinstance(text, Said) else text)
    if known is not None or not isinstance(text, Said):
        return known
    if text.values is None:
        number = _french_number(text.pattern)
        return number or _inside(french().get(text[:1].upper() + text[1:]))
    wordless = not any(sign.isalpha() for sign in _FIELD.sub("", text.pattern))
    return re.sub(r"(?=[:;?!] )", SPACE, text.pattern) if wordless else None


def _french_number(term: str) -> str | None:
    """A number that was set already, the French way; None for another word."""
    if not _SET.fullmatch(term):
        return None
    return term.translate({ord(","): THIN, ord("."): ","}).replace("%", f"{SPACE}%")


def _inside(label: str | None) -> str | None:
    """A label as it stands inside a sentence."""
    return label and (label if label[:2].isupper() else label[:1].lower() + label[1:])


def knows(language: str, text: str) -> bool:
    """Whether a text needs no mark of another language: it is said in this one, or is a name."""
    name = isinstance(text, Said) and text.values is None
    return language != "fr" or not text or name or _pattern(text) is not None


def spoken(language: str, text: str) -> str:
    """A text in a language, or in English where that is unknown: for an attribute, an option."""
    pattern = _pattern(text) if language == "fr" else None
    if pattern is None:
        return text
    return pattern.format_map(_values(text, spoken)) if _has_places(text) else pattern


def said(language: str, text: str) -> Markup:
    """A text in a language; what only English knows is marked as such."""
    if not knows(language, text):
        return Markup('<span lang="en">{}</span>').format(text)
    pattern = _pattern(text) if language == "fr" else None
    if pattern is None:
        return escape(text)
    return escape(pattern).format_map(_values(text, said)) if _has_places(text) else escape(pattern)


def foreign(language: str, text: str) -> Markup:
    """The mark for an element that can hold no other: an option whose words are English."""
    return Markup("") if knows(language, text) else Markup(' lang="en"')


def _has_places(text: str) -> bool:
    return isinstance(text, Said) and text.values is not None


def _values(text: str, say: Callable[[str, str], str]) -> dict[str, object]:
    values = (text.values or {}) if isinstance(text, Said) else {}
    return {name: _value(one, say) for name, one in values.items()}


def _value(value: Value, say: Callable[[str, str], str]) -> object:
    if isinstance(value, Said):
        return say("fr", value)
    return value if isinstance(value, str) else _Number(value)
