"""Definitions as data: examples, switches, digests, and what a verdict holds."""

from __future__ import annotations

import json
import time
from dataclasses import replace
from datetime import date

import pytest

from avidity.errors import LabelError
from avidity.refractory import example_patients
from avidity.refractory.catalogue import DEFINITIONS, find, judge_all
from avidity.refractory.definition import FIRST_HAND, SECOND_HAND
from avidity.refractory.describe import describe
from avidity.refractory.example_patients import many_courses, patient
from avidity.refractory.records import TABLES

EVERY = pytest.mark.parametrize("definition", DEFINITIONS.values(), ids=DEFINITIONS.keys())


def ids(example):
    return example.why


@pytest.mark.parametrize(
    ("name", "place"),
    [(name, n) for name, each in DEFINITIONS.items() for n in range(len(each.examples))],
)
def test_every_example_patient_gets_the_answer_it_states(name, place):
    definition = DEFINITIONS[name]
    example = definition.examples[place]
    verdict = definition.judge(example.history)

    assert example.agrees_with(verdict), f"{example.why} got {verdict}"


@EVERY
def test_a_definition_fails_none_of_its_examples_and_shows_every_answer_it_can_give(definition):
    answers = {example.expected for example in definition.examples}

    assert () == definition.failures()
    assert answers >= {False, None}
    assert (True in answers) == (definition.name != "snmmi-eanm-2022")


def test_an_example_that_is_wrong_is_found():
    definition = find("bellakhdar-2024")
    wrong = replace(definition.examples[0], expected=False)

    ((example, verdict),) = replace(definition, examples=(wrong,)).failures()
    assert example is wrong
    assert verdict.answer is True


@EVERY
def test_a_definition_states_its_source_and_how_surely_each_criterion_is_known(definition):
    assert definition.source
    assert definition.where
    for criterion in definition.criteria:
        assert criterion.certainty.startswith((FIRST_HAND, SECOND_HAND))
        assert criterion.wording.endswith(".")


@EVERY
def test_a_definition_reads_only_fields_of_known_tables(definition):
    assert {field.split(".")[0] for field in definition.reads} <= TABLES
    assert not definition.reads & set(definition.entangled)


@EVERY
def test_a_description_goes_through_json_unchanged(definition):
    told = describe(definition)

    assert told == json.loads(json.dumps(told))
    assert told["examples"]


@EVERY
def test_ten_thousand_patients_are_judged_in_a_few_seconds(definition):
    history = example_patients.STABLE_AFTER_600_MCI
    start = time.process_time()
    for _ in range(500):
        definition.judge(history)

    assert time.process_time() - start < 1.0  # 6 courses: about twice what a usual patient has


def test_a_yes_is_dated_and_names_criterion_and_records():
    verdict = find("bellakhdar-2024").judge(example_patients.LOST)

    assert verdict.answer is True
    assert ("B",) == verdict.criteria_met
    assert date(2020, 9, 20) == verdict.date
    assert ("scans", 3, "post-therapy scan of course 2") in verdict.records
    assert () == verdict.missing


def test_a_cannot_say_tells_rows_before_declarations_and_names_no_criterion():
    records = (example_patients.SCAN_MISSING, frozenset())
    history = replace(records[0], complete=records[1])
    verdict = find("bellakhdar-2024").judge(history)

    assert verdict.answer is None
    assert verdict.missing[0] == "post-therapy scan of course 2 is missing"
    assert verdict.missing[-1].endswith("a progression may be unrecorded")
    assert () == verdict.criteria_met
    assert verdict.date is None


def test_every_criterion_has_its_own_judgement_whatever_its_weight():
    said = find("snmmi-eanm-2022").judge(example_patients.STABLE_AFTER_600_MCI)

    assert said.answer is False
    assert said.per_criterion["activity"].answer is True


def test_a_switch_turned_makes_another_definition():
    paper = find("bellakhdar-2024")
    other = paper.with_switches(progression_from_month=12)

    assert "bellakhdar-2024 with progression_from_month=12" == other.name
    assert other.digest != paper.digest
    assert () == other.examples
    history = example_patients.progressing_on(date(2020, 6, 1))
    assert paper.judge(history).answer is True
    assert other.judge(history).answer is None


def test_a_switch_nobody_has_is_refused_with_the_known_ones():
    with pytest.raises(LabelError, match="no switch is called luck; there are activity_comparator"):
        find("ata-2015").with_switches(luck=1)


def test_a_mixed_patient_is_refractory_or_not_as_the_switch_says():
    paper = find("bellakhdar-2024")

    def under(mixed):
        definition = paper.with_switches(mixed_uptake_makes_patient_refractory=mixed)
        return definition.judge(example_patients.MIXED).answer

    assert under(True) is True
    assert under(None) is None
    assert under(False) is False


def test_a_precondition_turned_on_is_asked():
    history = patient(many_courses(), courses=0)
    definition = find("hellenic-2023").with_switches(requires_prior_therapeutic_rai=True)

    assert definition.judge(history).missing == (
        "not assessable: the patient never received a therapeutic activity",
    )


def test_a_changed_switch_raises_the_version():
    """Another digest means other answers: raise the version of that definition, then note both."""
    assert {
        ("bellakhdar-2024", "1"): "1c8212464f01",
        ("ata-2015", "1"): "a5a673112d37",
        ("martinique-2019", "1"): "3f6b1b59248c",
        ("esmo-2019", "1"): "26febf425e4c",
        ("hellenic-2023", "1"): "2215dae4e546",
        ("snmmi-eanm-2022", "1"): "17cf0df59510",
        ("ata-2025", "1"): "44cb2444e65c",
    } == {(each.name, each.version): each.digest for each in DEFINITIONS.values()}


def test_an_unknown_definition_is_answered_with_the_known_and_the_nearest():
    with pytest.raises(LabelError, match=r"bellakhdar-2024, ata-2015.*Did you mean ata-2015\?"):
        find("ATA2015")
    with pytest.raises(LabelError, match=r"snmmi-eanm-2022, ata-2025\.$"):
        find("xyz")


def test_judging_all_at_once_is_judging_each():
    history = example_patients.MIXED

    assert judge_all(history) == {n: each.judge(history) for n, each in DEFINITIONS.items()}


@pytest.mark.parametrize(
    ("patient_name", "answers"),
    [
        # clinical knowledge in one table: yes, no, cannot say, in the order of the catalogue
        ("NEVER_AVID", "y y y ? y ? y"),
        ("LOST", "y y y y ? ? y"),
        ("DECLINED", "y n n n n n n"),
        ("MIXED", "y y y ? y n ?"),
        ("STABLE_AFTER_600_MCI", "y n n n n n n"),
        ("ALWAYS_AVID", "n n n n n n n"),
        ("NO_LESION", "n n n n n n n"),
        ("NO_LESION_NO_REMISSION", "n ? n ? n n n"),
        ("RAI_NAIVE", "? ? ? ? ? ? ?"),
        ("RAI_NAIVE_UNSCANNED", "? ? ? ? ? ? ?"),
        ("INADEQUATE_PREPARATION", "y ? y ? y ? y"),
        ("LARGE_REMNANT", "? ? ? ? ? ? ?"),
        ("SEEN_AFTER_THE_SCAN", "? ? ? ? ? ? ?"),
        ("SCAN_MISSING", "? ? ? ? ? ? ?"),
        ("TREATED_LOCALLY", "n n n n n n n"),
        ("NOTHING_DECLARED", "? ? ? ? ? ? ?"),
    ],
)
def test_where_the_definitions_part_ways(patient_name, answers):
    signs = {True: "y", False: "n", None: "?"}
    verdicts = judge_all(getattr(example_patients, patient_name))

    assert answers == " ".join(signs[verdict.answer] for verdict in verdicts.values())
