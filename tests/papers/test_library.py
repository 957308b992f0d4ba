"""The library: models that compute, models that say what is missing, and pooled evidence."""

from __future__ import annotations

import pytest

from avidity.dictionary.fields import dictionary
from avidity.errors import PaperError, RiskModelError
from avidity.papers.evidence import PooledFactor, evidence_names, find_evidence
from avidity.papers.library import find, names
from avidity.refractory.catalogue import DEFINITIONS
from avidity.riskmodel.match import match
from avidity.riskmodel.predict import needed, predict

MODELS = {name: find(name) for name in names()}
PARTIAL = {name: one for name, one in MODELS.items() if one.status == "partial"}


def test_one_model_computes_and_ten_say_what_is_missing():
    assert {"bellakhdar-2024"} == set(MODELS) - set(PARTIAL)
    assert 10 == len(PARTIAL)


@pytest.mark.parametrize("model", PARTIAL.values(), ids=PARTIAL)
def test_a_partial_model_never_computes_a_risk(model):
    with pytest.raises(RiskModelError, match="is partial: it cannot compute a risk") as refused:
        predict(model, {"age": "61"})

    for missing in model.lacking:
        assert missing in str(refused.value)
    with pytest.raises(RiskModelError):
        needed(model)


@pytest.mark.parametrize("model", MODELS.values(), ids=MODELS)
def test_every_model_says_where_it_was_read_and_under_which_definition(model):
    assert model.provenance.sources
    assert model.outcome.definition in {"", *DEFINITIONS}


def test_other_names_are_those_of_the_data_dictionary():
    known = {field for table in dictionary().tables.values() for field in table.fields}

    for model in MODELS.values():
        for one in model.printed.predictors if model.printed else model.inputs:
            assert set(one.also) <= known


def test_figures_are_read_as_printed():
    fdg = next(p for p in MODELS["liu-y-2022"].printed.predictors if p.name == "fdg_uptake")

    odds, low, high = fdg.figures
    assert ("39.534", "18.590", "84.076") == (odds.text, low.text, high.text)
    assert low.holds(18.5904)
    assert not low.holds(18.5906)
    assert MODELS["li-2018"].printed.predictors[0].figures is None


def test_a_partial_model_says_which_of_a_cohort_s_variables_it_would_use():
    cohort = {"age_at_diagnosis", "diameter", "extrathyroidal_extension", "nodes_positive"}

    li, liu = match(MODELS["li-2018"], cohort), match(MODELS["liu-y-2022"], cohort)

    assert {"extrathyroidal_extension", "nodes_positive"} == set(li.found)
    assert ("smoking", "follicular_carcinoma", "node_ratio", "nodal_metastasis") == li.absent
    assert {"age": "age_at_diagnosis"} == liu.found
    assert not li.whole
    assert match(MODELS["bellakhdar-2024"], {*cohort, "metastasis"}).whole


@pytest.mark.parametrize(
    ("name", "n", "events"),
    [
        ("li-2018", 336, 112),
        ("liu-y-2022", 404, None),
        ("meng-2023", 124, 71),
        ("zhang-2026", 113, 58),
        ("siraj-2022", 158, 66),
    ],
)
def test_numbers_of_patients_are_the_papers(name, n, events):
    assert (n, events) == (MODELS[name].n, MODELS[name].events)


def test_pooled_evidence_is_read_as_printed():
    assert ("driver-class-2026", "luo-2020") == evidence_names()
    luo = find_evidence("luo-2020")

    assert (13, 1431, 603) == (luo.studies, luo.patients, luo.cases)
    told = {one.name: (one.estimate, one.low, one.high, one.i2) for one in luo.factors}
    assert ("9.84", "3.60", "26.89", "61") == told["tert_promoter"]
    assert {"sex", "age", "diameter", "multifocal", "lateral_nodal_metastasis"} == {
        one.name for one in luo.factors if one.figures is None
    }


def test_an_interval_holds_its_estimate_near_the_geometric_middle():
    for name in evidence_names():
        for one in find_evidence(name).factors:
            if one.figures:
                odds, low, high = (float(figure.value) for figure in one.figures)
                assert odds == pytest.approx((low * high) ** 0.5, rel=0.02)


def test_unknown_evidence_is_told_with_what_there_is():
    with pytest.raises(PaperError, match=r"no 'luo'; it has: driver-class-2026, luo-2020"):
        find_evidence("luo")


def test_a_factor_without_figures_says_so():
    with pytest.raises(ValueError, match="estimate, low and high stand with found = pooled"):
        PooledFactor(name="sex", label="Sex")
