"""What goes in and out about who is refractory."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from avidity.web.api.shape import Shape, example


class PatientSeen(Shape):
    """One patient: what counts, and what each definition says: yes, no or cannot-say."""

    row: int
    """In the table patients, as a person counts; addresses name it and no patient's number."""
    patient_id: str
    answer: str
    overridden: bool
    said: dict[str, str]


class Everybody(Shape):
    """The patients that fit, one page of them; counts are of everybody."""

    snapshot: str
    own: str
    """The study's own definition; "" where a column says who is refractory."""
    by: str
    """Where the study's own answer comes from, in words."""
    total: int
    yes: int
    no: int
    cannot_say: int
    disagreed: int
    overridden: int
    skipped: dict[str, str]
    """Definitions that cannot be asked, and the tables they want."""
    fitting: int
    page: int
    pages: int
    patients: list[PatientSeen]


class AnswerAsked(Shape):
    """A physician's own answer for a patient."""

    answer: Literal["yes", "no"]
    reason: str = Field(min_length=1, max_length=500)
    """It is printed in the report and must not hold a patient's number."""
    who: str = Field(default="", max_length=100)
    """The physician; where people have accounts, the account is."""
    snapshot: str = Field(max_length=64)
    """The one in which you looked at the patient: a row may be another's by now."""

    model_config = example(
        answer="yes",
        reason="Uptake in the neck only after surgery; the board decided on 2024-05-31.",
        who="Dr A. Benali",
        snapshot="0" * 64,
    )


class AnswerGiven(Shape):
    """An answer that stands, and what the records say."""

    row: int
    patient_id: str
    computed: str
    answer: str
    reason: str
    who: str
    when: str
    """A day."""
