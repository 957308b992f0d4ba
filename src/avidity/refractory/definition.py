"""A published definition of radioiodine-refractory disease, as data with meaning.

It carries its source, how surely each criterion is known, what was left out because it is known
only from memory, and example patients that are its documentation and its test.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from avidity.refractory.answers import Answer, Judgement, RecordRef, all_of, either, in_order
from avidity.refractory.chart import DECLARATIONS, Chart, chart_of
from avidity.refractory.preconditions import PRECONDITIONS, Precondition
from avidity.refractory.records import History
from avidity.refractory.sights import Case, case_of
from avidity.refractory.switches import Switches

FIRST_HAND = "read first hand"
SECOND_HAND = "second hand"


@dataclass(frozen=True, slots=True)
class Criterion:
    """One way to be refractory.

    code            A to E as in the five classic criteria, or a name
    wording         what it says, in our words
    certainty       read first hand, or second hand
    judge           the answer for one case
    reads           "table.field" of all it reads
    sufficient      does it make the patient refractory by itself? None: not by itself, or not known
    sufficient_by   the three-valued switch that says so instead
    open_because    what is said when it holds but does not suffice
    unless          codes of criteria that tell the same story better: named only without them
    """

    code: str
    wording: str
    certainty: str
    judge: Callable[[Case], Judgement]
    reads: frozenset[str]
    sufficient: Answer = True
    sufficient_by: str | None = None
    open_because: str = ""
    unless: tuple[str, ...] = ()

    def weight(self, switches: Switches) -> Answer:
        """Whether it makes the patient refractory by itself under these switches."""
        if self.sufficient_by is None:
            return self.sufficient
        answer: Answer = getattr(switches, self.sufficient_by)
        return answer

    def weighed(self, judgement: Judgement, switches: Switches) -> Judgement:
        """What the criterion adds to the verdict."""
        weight = self.weight(switches)
        answer = all_of(judgement.answer, weight)
        if answer is judgement.answer:
            return judgement
        return replace(
            judgement,
            answer=answer,
            date_first_held=None,
            missing=(self.open_because,) if answer is None else (),
        )


@dataclass(frozen=True, slots=True)
class Example:
    """A made patient, the answer a definition must give, and why in one sentence.

    met       the criteria that must be named for a yes
    missing   words that must stand in what is missing for cannot say
    """

    why: str
    history: History
    expected: Answer
    met: tuple[str, ...] = ()
    missing: str = ""

    def agrees_with(self, verdict: Verdict) -> bool:
        """Whether the verdict is what the example says."""
        return (
            verdict.answer is self.expected
            and (not self.met or verdict.criteria_met == self.met)
            and self.missing in "; ".join(verdict.missing)
        )


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a definition says of one patient.

    criteria_met    for a yes: the codes of what was met
    date            for a yes: the first day on which the records show it; None if undated
    records         what decided
    missing         for cannot say: each missing item in words, rows before declarations
    per_criterion   each criterion's own judgement by code, whatever its weight
    """

    definition: str
    answer: Answer
    criteria_met: tuple[str, ...]
    date: date | None
    records: tuple[RecordRef, ...]
    missing: tuple[str, ...]
    per_criterion: Mapping[str, Judgement]


@dataclass(frozen=True, slots=True)
class Definition:
    """A named, versioned definition.

    where         doi, PMID or address of the source
    notes         how its words were read where they leave a choice
    not_shipped   what is known only from memory and therefore left out
    entangled     fields it does not read but all but decides, with the reason: a model that
                  predicts its answer from them goes round in a circle
    """

    name: str
    version: str
    title: str
    source: str
    where: str
    criteria: tuple[Criterion, ...]
    switches: Switches
    notes: tuple[str, ...] = ()
    not_shipped: tuple[str, ...] = ()
    entangled: Mapping[str, str] = field(default_factory=dict)
    examples: tuple[Example, ...] = ()

    @property
    def preconditions(self) -> tuple[Precondition, ...]:
        """What must hold before the criteria are asked."""
        return tuple(each for each in PRECONDITIONS if getattr(self.switches, each.switch))

    @property
    def reads(self) -> frozenset[str]:
        """Every "table.field" the definition reads."""
        parts: Iterable[Criterion | Precondition] = (*self.criteria, *self.preconditions)
        found = frozenset().union(*(part.reads for part in parts))
        return found | self._reads_by_switch()

    @property
    def digest(self) -> str:
        """Twelve hex digits that change whenever what is decided may change."""
        core = {
            "name": self.name,
            "version": self.version,
            "switches": self.switches.as_mapping(),
            "criteria": [
                (each.code, each.judge.__name__, each.weight(self.switches))
                for each in self.criteria
            ],
        }
        raw = json.dumps(core, sort_keys=True, ensure_ascii=False).encode()
        return hashlib.sha256(raw).hexdigest()[:12]

    def judge(self, history: History) -> Verdict:
        """Is this patient refractory under this definition?"""
        return self.judge_chart(chart_of(history))

    def judge_chart(self, chart: Chart) -> Verdict:
        """The same for a chart already made: several definitions can share one."""
        case = case_of(chart, self.switches)
        said = {each.code: each.judge(case) for each in self.criteria}
        outside = self._outside(case)
        verdict = outside or either(
            each.weighed(said[each.code], self.switches) for each in self.criteria
        )
        return Verdict(
            definition=self.name,
            answer=verdict.answer,
            criteria_met=self._met(said) if verdict.answer else (),
            date=verdict.date_first_held,
            records=in_order(verdict.records),
            missing=_rows_first(verdict.missing),
            per_criterion=said,
        )

    def failures(self) -> tuple[tuple[Example, Verdict], ...]:
        """The examples whose verdict is not what they say: none, or the definition is wrong."""
        judged = ((each, self.judge(each.history)) for each in self.examples)
        return tuple((each, verdict) for each, verdict in judged if not each.agrees_with(verdict))

    def with_switches(self, **changes: object) -> Definition:
        """The same criteria under other switches, named for what was changed; without examples."""
        switches = self.switches.turned(changes)
        told = ", ".join(f"{name}={value}" for name, value in sorted(changes.items()))
        return replace(self, name=f"{self.name} with {told}", switches=switches, examples=())

    def _met(self, said: Mapping[str, Judgement]) -> tuple[str, ...]:
        met = {
            each.code
            for each in self.criteria
            if said[each.code].answer and each.weight(self.switches)
        }
        return tuple(
            each.code for each in self.criteria if each.code in met and not met & set(each.unless)
        )

    def _outside(self, case: Case) -> Judgement | None:
        """What is said of a patient the definition does not speak of, or may not."""
        for each in self.preconditions:
            held = each.judge(case)
            if held.answer:
                continue
            if held.answer is None:
                return held
            if each.remission_settles and case.chart.remission():
                return held
            return Judgement(None, records=held.records, missing=(each.otherwise,))
        return None

    def _reads_by_switch(self) -> frozenset[str]:
        switches = self.switches
        more: set[str] = set()
        if switches.requires_adequate_preparation:
            more |= {"rai_courses.preparation", "rai_courses.tsh"}
            more |= {"rai_courses.low_iodine_diet", "rai_courses.iodine_contamination"}
        if switches.lesion_proofs:
            more |= {"lesions.proof"}
        if "FDG" in switches.lesion_proofs:
            more |= {"fdg_pet.lesion_id", "fdg_pet.positive"}
        if switches.distant_lesions_only or switches.first_scan_outside_thyroid_bed:
            more |= {"lesions.site"}
        if switches.adequate_activity_mbq is not None:
            more |= {"rai_courses.activity"}
        return frozenset(more)


def _rows_first(missing: tuple[str, ...]) -> tuple[str, ...]:
    """What a row could show, then what only the study can declare."""
    return tuple(sorted(missing, key=lambda words: words in DECLARATIONS))
