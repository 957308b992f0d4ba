"""What a study found: aggregates only, no patient's row."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from avidity.steps.agreement import Agreement
from avidity.steps.basis import Basis
from avidity.steps.capacity import Capacity
from avidity.steps.check import Source
from avidity.steps.cutoffs import Cutoffs
from avidity.steps.definitions import UnderDefinition
from avidity.steps.describe import Table1
from avidity.steps.flow import Flow
from avidity.steps.label import OutcomeSummary
from avidity.steps.left_out import OtherWay
from avidity.steps.missing import Missing
from avidity.steps.model import Modelling
from avidity.steps.overlap import Overlap
from avidity.steps.penalised import NotPenalised, Penalised
from avidity.steps.score import Score
from avidity.steps.sound import Shape, Shrunken, SoundModel
from avidity.steps.validate import NotValidated, Validation
from avidity.steps.variables import Characteristic


@dataclass(frozen=True, slots=True)
class Caution:
    """One sentence of doubt.

    topic   where it belongs: data, selection, outcome, groups, cut-offs, model
    weight  "warning" for the first page, "note" for its own section
    """

    topic: str
    weight: str
    text: str


@dataclass(frozen=True, slots=True)
class CheckCount:
    """How often one rule of the check spoke; no cell, no value."""

    rule: str
    severity: str
    table: str
    column: str
    problem: str
    must: str
    count: int


@dataclass(frozen=True, slots=True)
class CohortSummary:
    """Which data these were."""

    sha256: str
    sources: tuple[Source, ...]
    patients: int
    checks: tuple[CheckCount, ...]


@dataclass(frozen=True, slots=True)
class Facts:
    """What the study file says of the study; ``made_data`` where the patients are not real."""

    title: str
    setting: str
    period: str
    authors: str
    confidence: float
    seed: int
    made_data: str


@dataclass(frozen=True, slots=True)
class Sound:
    """The second track.

    model    None when it could not be fitted; ``why_none`` says why
    shapes   what cutting each number costs
    missing  what is missing among its variables, and the model with it imputed; None without terms
    shrunken the model drawn in; None where no factor exists
    score    the model as points and as a nomogram; None without a model
    other_ways  of validating the model; empty without resampling or where terms were selected
    penalised   lasso and ridge among all candidates, where study.toml asks for them
    basis       the patients the model rests on; None without a model
    """

    model: SoundModel | None
    why_none: str
    shapes: tuple[Shape, ...]
    missing: Missing | None = None
    shrunken: Shrunken | None = None
    score: Score | None = None
    other_ways: tuple[OtherWay, ...] = ()
    penalised: tuple[Penalised | NotPenalised, ...] = ()
    basis: Basis | None = None


@dataclass(frozen=True, slots=True)
class Results:
    """Everything a report needs; aggregates only, no patient's row.

    comparison  with a paper's printed figures, put here by whoever read them

    The dotted paths of published.toml and the pointers of the report go into this very tree.
    """

    program: str
    study: Facts
    study_sha256: str
    outcome_words: Mapping[str, str]
    cohort: CohortSummary
    flow: Flow
    outcome: OutcomeSummary
    agreement: Agreement | None
    characteristics: Mapping[str, Characteristic]
    table1: Table1
    included: Table1 | None
    cutoffs: Cutoffs
    capacity: Capacity | None
    model: Modelling
    sound: Sound | None
    definitions: tuple[UnderDefinition, ...]
    validation: tuple[Validation | NotValidated, ...]
    overlaps: tuple[Overlap, ...]
    cautions: tuple[Caution, ...] = ()
    comparison: object | None = None
