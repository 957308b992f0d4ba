"""Words: yes or no, one of a list, and free text."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable

from avidity.dictionary.fields import Field, fold
from avidity.said import either, say
from avidity.steps.check_answer import (
    NOT_KNOWN,
    Answer,
    Reader,
    Trouble,
    called,
    clean,
    doubt,
    is_missing,
    refuse,
)
from avidity.steps.read_shape import Cell

YES = frozenset(
    ("yes", "y", "oui", "o", "1", "true", "vrai", "t", "positive", "positif", "pos", "+")
) | {"present", "presente"}
NO = frozenset(
    ("no", "n", "non", "0", "false", "faux", "f", "negative", "negatif", "neg", "absent")
) | {"absente"}
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_PLAIN_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_./-]{0,40}[0-9]")
_DECIMAL = re.compile(r"^([01])[.,]0+$")
_DECIMALS = ("1.", "1,", "0.", "0,")
MOST_GUESSES = 50
LONGEST_NAME = 100  # characters of an identifier
LONGEST_TEXT = 5000


def yes_no_reader(field: Field) -> Reader:
    """Yes, no, or missing; a field's own words come before the general ones."""
    own = {fold(word): code == "yes" for code, words in field.values.items() for word in words}
    words = {**dict.fromkeys(YES, True), **dict.fromkeys(NO, False), **own}

    def read(cell: Cell) -> Answer:
        text = clean(cell)
        folded = fold(_DECIMAL.sub(r"\1", text) if text[:2] in _DECIMALS else text)
        if folded in words:
            return Answer(words[folded])
        if text == "-":
            return refuse(
                "yes or no",
                "a dash, which may mean no or not known",
                say("{field} must be yes or no, or empty when not known", field=called(field)),
                "write no, or leave the cell empty",
            )
        if is_missing(text):
            return NOT_KNOWN
        return refuse(
            "yes or no",
            "neither yes nor no",
            say("{field} must be yes or no, or empty when not known", field=called(field)),
            hint(field, folded) or "write yes or no",
        )

    return read


def category_reader(field: Field) -> Reader:
    """One of the allowed codes, however it is spelled."""
    codes = spellings(field)
    allowed = either(field.values)
    guess = _guesser(codes)

    def read(cell: Cell) -> Answer:
        text = clean(cell)
        folded = fold(text)
        if folded in codes:
            return _remarked(field, folded, codes[folded])
        if is_missing(text):
            return NOT_KNOWN
        meant = guess(folded)
        return refuse(
            "one of the allowed values",
            "not one of the allowed values",
            say("{field} must be one of {allowed}", field=called(field), allowed=allowed),
            hint(field, folded) or _write_one(meant),
        )

    return read


def _guesser(codes: dict[str, str]) -> Callable[[str], str]:
    """The nearest allowed word, for the first few: a column of free text is no column of slips."""
    left = [MOST_GUESSES]

    def guess(folded: str) -> str:
        left[0] -= 1
        if left[0] < 0:
            return ""
        near = difflib.get_close_matches(folded[:60], codes, n=1, cutoff=0.8)
        return codes[near[0]] if near else ""

    return guess


def _write_one(meant: str) -> str:
    if not meant:
        return "write an allowed value, or leave the cell empty"
    return say("did you mean {meant}? write an allowed value, or leave the cell empty", meant=meant)


def _remarked(field: Field, folded: str, code: str) -> Answer:
    remark = field.remarks.get(folded)
    if remark is None:
        return Answer(code)
    must = say("{field} should be written as {code}", field=called(field), code=code)
    return doubt(code, "word with two meanings", remark, must, "check that this is what is meant")


def spellings(field: Field) -> dict[str, str]:
    """Every folded spelling of a category, with its code."""
    codes = {fold(word): code for code, words in field.values.items() for word in words}
    return codes | {fold(code): code for code in field.values}


def hint(field: Field, folded: str) -> str:
    """The field's own sentence for a spelling it does not accept, or ''."""
    return field.hints.get(folded, "")


def open_category_reader(_: Field) -> Reader:
    """A category whose levels nobody declared: any text, exactly as typed but for outer spaces."""

    def read(cell: Cell) -> Answer:
        text = clean(cell)
        return NOT_KNOWN if is_missing(text) else Answer(text)

    return read


def text_reader(field: Field) -> Reader:
    """Any text; identifiers lose double spaces and a number's '.0', and nothing else."""
    named = field.role == "identifier"

    def read(cell: Cell) -> Answer:
        if named and type(cell) is str and _PLAIN_NAME.fullmatch(cell):
            return Answer(cell)
        text = clean(cell)
        if is_missing(text):
            return NOT_KNOWN
        if named:
            return _identifier(field, " ".join(text.split()))
        trouble = _odd(field, text, LONGEST_TEXT)
        return Answer(text, None, trouble)

    return read


def _identifier(field: Field, text: str) -> Answer:
    trouble = _odd(field, text, LONGEST_NAME)
    if trouble:
        return refuse(trouble.rule, trouble.problem, trouble.must, trouble.do)
    return Answer(text)


def _odd(field: Field, text: str, longest: int) -> Trouble | None:
    if len(text) > longest:
        return Trouble(
            "text too long",
            "warning",
            say("{n:,} characters in one cell", n=len(text)),
            say("{field} must have at most {n:,} characters", field=called(field), n=longest),
            "look for an unclosed quotation mark or a pasted document",
        )
    if _CONTROL.search(text):
        return Trouble(
            "unprintable characters",
            "warning",
            "characters that cannot be printed",
            say("{field} must be plain text", field=called(field)),
            "type the cell again",
        )
    return None
