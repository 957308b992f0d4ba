"""What a physician answered instead of the definition: each with a reason, a name and a day.

The answers stand in a file of the study's folder (``[outcome] overrides``), so that whoever runs
the study again gets the same bytes. They take the place of whatever a definition or a column
says of the patient; what it said is kept beside, and the report counts every direction.
"""

from __future__ import annotations

import csv
import datetime as dt
import hashlib
import io
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from avidity.dictionary.fields import fold
from avidity.errors import LabelError, ReadError
from avidity.said import joined, say
from avidity.steps.check import Cohort
from avidity.steps.inert import inert, plain
from avidity.steps.read_text import decode
from avidity.study import Study

HEADER = ("patient_id", "answer", "reason", "who", "when")
LONGEST = {"reason": 500, "who": 100}
ANSWERS = {"yes": True, "no": False}
SPOKEN: Mapping[bool | None, str] = {True: "yes", False: "no", None: "cannot say"}
_TELLING = re.compile(r"(?=.*\d)(?=.*[^\W\d_]).+|.{4,}")  # ids that cannot be meant otherwise


@dataclass(frozen=True, slots=True)
class Override:
    """One answer given by a person. ``when`` is a day, year-month-day."""

    patient_id: str
    answer: bool
    reason: str
    who: str
    when: str


@dataclass(frozen=True, slots=True)
class Overrides:
    """Every override of a study by patient id; the file they came from and its digest."""

    file: str = ""
    sha256: str = ""
    by_patient: Mapping[str, Override] | None = None

    def of(self, patient: str) -> Override | None:
        """The override of one patient, if there is one."""
        return (self.by_patient or {}).get(patient)

    def applied(self, ids: Sequence[str], computed: Sequence[bool | None]) -> list[bool | None]:
        """The answers with the overridden ones in their places."""
        found = (self.of(patient) for patient in ids)
        return [
            given if one is None else one.answer for one, given in zip(found, computed, strict=True)
        ]


@dataclass(frozen=True, slots=True)
class GivenReason:
    """A reason as typed, and for how many patients it was given."""

    reason: str
    patients: int


@dataclass(frozen=True, slots=True)
class OverrideChange:
    """Overrides of one direction: yes, no or cannot say before; yes or no after."""

    before: str
    after: str
    patients: int
    reasons: tuple[GivenReason, ...]


@dataclass(frozen=True, slots=True)
class OverrideSummary:
    """What physicians answered instead, in counts; nobody is named.

    patients      eligible patients with an override
    changed       of these, those whose answer became another
    not_eligible  overrides of patients who had left before the outcome was asked
    changes       by direction, those that only confirm at the end
    """

    file: str
    sha256: str
    patients: int
    changed: int
    not_eligible: int
    changes: tuple[OverrideChange, ...]


def read_overrides(study: Study, cohort: Cohort) -> Overrides:
    """The overrides study.toml names; none when it names no file.

    raises  ReadError when the file cannot be read; LabelError for a line that is not what it
            must be, with every fault of the file in one message
    """
    name = study.outcome.overrides
    if not name:
        return Overrides()
    home = study.folder.resolve()
    path = (home / name).resolve()
    if not path.is_relative_to(home):
        raise ReadError(
            say(
                "[outcome] overrides must be a file in the study's folder; {name} is not", name=name
            )
        )
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise ReadError(
            say(
                "[outcome] overrides names {name}, which cannot be read: {why}. Put the file into"
                " the study's folder, or take the key out",
                name=name,
                why=error.strerror or error,
            )
        ) from None
    if cohort.made_ids:
        raise LabelError(
            say(
                "{name} names patients, and these have no number of their own; add a column"
                " patient_id to the table patients",
                name=name,
            )
        )
    ids = frozenset(cohort.patients["patient_id"].drop_nulls().to_list())
    listed = parse_overrides(raw, name, ids)
    digest = hashlib.sha256(raw).hexdigest()
    return Overrides(name, digest, {one.patient_id: one for one in listed})


def parse_overrides(raw: bytes, name: str, ids: frozenset[str]) -> tuple[Override, ...]:
    """The overrides in a file's bytes, in its order.

    ids     every patient of the study
    raises  LabelError with every fault, by line
    """
    found, faults = dict[str, Override](), list[str]()
    for number, cells in _lines(raw, name):
        said = faults_of(cells, ids)
        if cells[0] in found:
            said.append(say("this patient stands in an earlier line too; leave one of them"))
        faults += [say("line {number:d}: {fault}", number=number, fault=one) for one in said]
        if not said:
            found[cells[0]] = Override(cells[0], ANSWERS[cells[1].lower()], *cells[2:])
    if faults:
        raise LabelError(say("{name}: {names}", name=name, names=joined(faults, "; ")))
    return tuple(found.values())


def _lines(raw: bytes, name: str) -> Iterator[tuple[int, list[str]]]:
    """The number and the five cells of each filled line below the header, in the header's order."""
    text, _ = decode(raw, name)
    first = text.partition("\n")[0]
    separator = next((sign for sign in ",;\t" if first.count(sign) == len(HEADER) - 1), ",")
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    try:
        filled = [
            (reader.line_num, [plain(" ".join(cell.split())) for cell in line])
            for line in reader
            if any(map(str.strip, line))
        ]
    except csv.Error:
        raise LabelError(
            say(
                "{name}, line {line_num}: a quotation mark must be closed and be doubled inside a"
                " cell; save the file again from a spreadsheet",
                name=name,
                line_num=reader.line_num,
            )
        ) from None
    header = [fold(cell) for cell in filled[0][1]] if filled else []
    if sorted(header) != sorted(map(fold, HEADER)):
        raise LabelError(
            say(
                "the first line of {name} must be {names}; it is another",
                name=name,
                names=",".join(HEADER),
            )
        )
    places = [header.index(fold(one)) for one in HEADER]
    for number, line in filled[1:]:
        if len(line) != len(HEADER):
            raise LabelError(
                say(
                    "{name}, line {number}: there must be {n} cells, and there are {n2}; a reason"
                    " with a '{separator}' in it stands in quotation marks",
                    name=name,
                    number=number,
                    n=len(HEADER),
                    n2=len(line),
                    separator=separator,
                )
            )
        yield number, [line[at] for at in places]


def faults_of(cells: Sequence[str], ids: frozenset[str]) -> list[str]:
    """What is wrong with the five cells of one line; no value of it is said again."""
    patient, answer, reason, who, when = cells
    said: list[str] = []
    if patient not in ids:
        said.append(say("patient_id must be one of the table patients; it is not"))
    if answer.lower() not in ANSWERS:
        said.append(say("answer must be yes or no; it is something else"))
    if not reason:
        said.append(say("a reason must be given; it is empty"))
    if not who:
        said.append(say("who must name the physician; it is empty"))
    for word, text in (("reason", reason), ("who", who)):
        if len(text) > LONGEST[word]:
            sizes = {"most": LONGEST[word], "n": len(text)}
            said.append(
                say("{word} must have at most {most} characters; it has {n}", word=word, **sizes)
            )
    if names_a_patient(reason, ids):
        said.append(say("the reason is printed in the report and must not hold a patient's number"))
    try:
        dt.date.fromisoformat(when)
    except ValueError:
        said.append(say("when must be a day such as 2024-05-31; it is not"))
    return said


def names_a_patient(reason: str, ids: frozenset[str]) -> bool:
    """Whether a patient's number stands in the reason.

    A plain number below 1000 is let pass: "12 months" would otherwise name patient 12.
    """
    said = reason.casefold()
    return any(
        re.search(rf"(?<!\w){re.escape(one.casefold())}(?!\w)", said)
        for one in ids
        if one.casefold() in said and _TELLING.fullmatch(one)
    )


def overrides_text(overrides: Sequence[Override]) -> str:
    """The file of these overrides, as `parse_overrides` reads it."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(HEADER)
    for one in overrides:
        row = (one.patient_id, SPOKEN[one.answer], one.reason, one.who, one.when)
        writer.writerow(map(inert, row))
    return out.getvalue()


def summarise(overrides: Overrides, computed: Mapping[str, bool | None]) -> OverrideSummary | None:
    """The overrides in counts; None where study.toml names no file.

    computed  the eligible patients by id, and what was answered before
    """
    if not overrides.file:
        return None
    reasons: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for patient, before in computed.items():
        if one := overrides.of(patient):
            reasons[SPOKEN[before], SPOKEN[one.answer]][one.reason] += 1
    changes = tuple(
        OverrideChange(before, after, counted.total(), _most_first(counted))
        for (before, after), counted in sorted(reasons.items(), key=lambda item: _place(item[0]))
    )
    asked = sum(change.patients for change in changes)
    return OverrideSummary(
        overrides.file,
        overrides.sha256,
        asked,
        sum(change.patients for change in changes if change.before != change.after),
        len(overrides.by_patient or {}) - asked,
        changes,
    )


def _most_first(counted: Counter[str]) -> tuple[GivenReason, ...]:
    listed = sorted(counted.items(), key=lambda item: (-item[1], item[0]))
    return tuple(GivenReason(reason, patients) for reason, patients in listed)


def _place(direction: tuple[str, str]) -> tuple[bool, int, str]:
    before, after = direction
    return before == after, ("cannot say", "no", "yes").index(before), after
