"""Which patients each resample holds: drawn from the study's seed, or read from a file.

A file lets a run be repeated with the very resamples of another program. It speaks of patients by
their ids, so that no order of rows, and no counting from 0 or 1, can go wrong in silence.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import polars as pl

from avidity.errors import ReadError
from avidity.said import say
from avidity.stats.resampling import Resamples, Weights, bootstrap, from_indices, from_weights
from avidity.steps.label import Labelled
from avidity.steps.read_text import read_text

ID = "patient_id"
MOST = 2**31  # of a weight


def resamples_of(labelled: Labelled, rows: pl.DataFrame) -> Resamples:
    """The resamples of one track.

    rows    the patients of the analysis that have every value the track needs. A file gives
            weights for all patients of the analysis; the others' columns are left out here
    raises  ReadError when the file of [sound] weights or draws is not what it must be
    """
    wishes = labelled.study.sound
    if not wishes.replayed:
        return bootstrap(rows.height, wishes.resamples, labelled.study.about.seed)
    everyone = [str(one) for one in labelled.patients[ID].to_list()]
    table, digest = _opened(labelled, wishes.replayed)
    made = _weights if wishes.weights else _draws
    given = made(table, everyone, wishes.replayed)
    kind = "weights" if wishes.weights else "draws"
    method = f"{kind} read from {wishes.replayed}, sha256 {digest[:12]}"
    place = {one: at for at, one in enumerate(everyone)}
    kept = given[:, [place[str(one)] for one in rows[ID].to_list()]]
    if rows.height < len(everyone):
        method += ", those lacking a value taken out"
    if not kept.any(axis=1).all():
        empty = int(np.flatnonzero(~kept.any(axis=1))[0]) + 1
        raise ReadError(
            say(
                "{replayed}: every resample must hold a patient with complete values; resample"
                " {empty} holds none. Take it out",
                replayed=wishes.replayed,
                empty=empty,
            )
        )
    return from_weights(kept, method)


def _opened(labelled: Labelled, name: str) -> tuple[list[list[str]], str]:
    """The filled lines of the file, and its digest."""
    path = labelled.study.folder / name
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise ReadError(
            say(
                "[sound] names {name}, which cannot be read: {why}. Put the file into the study's"
                " folder, or take the key out",
                name=name,
                why=error.strerror or error,
            )
        ) from None
    lines, _ = read_text(raw, name)
    table = [[cell.strip() for cell in line] for line in lines if any(map(str.strip, line))]
    if not table:
        raise ReadError(say("{name} must hold resamples; it is empty", name=name))
    return table, hashlib.sha256(raw).hexdigest()


def _weights(table: list[list[str]], everyone: Sequence[str], name: str) -> Weights:
    """One line per resample below a line of patient ids: how often each is in it."""
    header, lines = table[0], table[1:]
    _each_once(header, everyone, name)
    if not lines:
        raise ReadError(
            say("{name} must hold a line for each resample below the ids; it has none", name=name)
        )
    place = {one: at for at, one in enumerate(header)}
    order = [place[one] for one in everyone]
    found = [
        [_whole(line, at, name, number) for at in order]
        for number, line in enumerate(_even(lines, len(header), name), 2)
    ]
    return np.array(found, dtype=np.int64)


def _each_once(header: Sequence[str], everyone: Sequence[str], name: str) -> None:
    times, known = Counter(header), set(everyone)
    twice = sum(count > 1 for count in times.values())
    lacking, strange = len(known - set(times)), len(set(times) - known)
    if twice or lacking or strange:
        raise ReadError(
            say(
                "the first line of {name} must hold the id of each of the {n} patients of the"
                " analysis once; {lacking} are not there, {strange} are no such id, {twice} stand"
                " there more than once",
                name=name,
                n=len(everyone),
                lacking=lacking,
                strange=strange,
                twice=twice,
            )
        )


def _even(lines: list[list[str]], width: int, name: str) -> list[list[str]]:
    for number, line in enumerate(lines, 2):
        if len(line) != width:
            raise ReadError(
                say(
                    "{name}, line {number}: there must be {width} weights, as many as ids; there"
                    " are {n}",
                    name=name,
                    number=number,
                    width=width,
                    n=len(line),
                )
            )
    return lines


def _whole(line: list[str], at: int, name: str, number: int) -> int:
    """A weight; '2' and '2.0' are the same, since R and spreadsheets write either."""
    try:
        value = float(line[at])
    except ValueError:
        value = np.nan
    if 0 <= value < MOST and value.is_integer():
        return int(value)
    found = "no number" if np.isnan(value) else "a negative one" if value < 0 else "none such"
    raise ReadError(
        say(
            "{name}, line {number}, column {what}: a weight must be a whole number, 0 or more; it"
            " is {found}",
            name=name,
            number=number,
            what=at + 1,
            found=found,
        )
    )


def _draws(table: list[list[str]], everyone: Sequence[str], name: str) -> Weights:
    """One line per resample, no header: the ids of the patients drawn, as often as drawn."""
    place = {one: at for at, one in enumerate(everyone)}
    found: list[npt.NDArray[np.int64]] = []
    for number, line in enumerate(table, 1):
        ids = [one for one in line if one]  # a shorter resample ends in empty cells
        strange = sum(one not in place for one in ids)
        if strange:
            raise ReadError(
                say(
                    "{name}, line {number}: every cell must be the id of a patient of the"
                    " analysis; {strange} of {n} are not. There is no line of headings in this"
                    " file",
                    name=name,
                    number=number,
                    strange=strange,
                    n=len(ids),
                )
            )
        drawn = np.array([[place[one] for one in ids]], dtype=np.int64)
        found.append(from_indices(drawn, len(everyone)).weights[0])
    return np.array(found)
