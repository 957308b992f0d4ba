"""Pooled evidence: the pool, what is left out, what stands beside it."""

import json
import math
from pathlib import Path

import pytest

from avidity.errors import PaperError
from avidity.papers.evidence_file import checked, find_or_read, read_evidence
from avidity.papers.own_effect import own_effects, read_results
from avidity.papers.pool_evidence import pool_evidence
from avidity.stats.meta.counts import log_odds_ratio
from avidity.stats.meta.pool import pool_random
from avidity.stats.strata import mantel_haenszel

MADE_UP = Path(__file__).resolve().parents[2] / "examples" / "evidence" / "made-up.toml"
TABLES = [((18, 41), (22, 88)), ((9, 20), (14, 61)), ((25, 70), (31, 102))]


def evidence(studies, **more):
    factor = {"name": "ete", "label": "ETE", "study": studies, **more}
    made, faults = checked({"title": "t", "factor": [factor]})
    assert [] == faults
    return made


def counted(tables=TABLES):
    return [
        {"label": f"S{at}", "with_factor": one, "without_factor": other}
        for at, (one, other) in enumerate(tables)
    ]


def effect(variable="ete", level="", odds=1.4, low=0.29, high=6.67):
    return {
        "term": {"variable": variable, "label": variable, "level": level},
        "odds_ratio": odds,
        "interval": {"low": low, "high": high, "level": 0.95, "method": "Wald"},
        "estimator": "maximum likelihood",
        "principle": "Wald interval and Wald p value",
    }


def results(**univariable):
    fits = {
        name: {"effects": effects, "n": 90, "events": 32} for name, effects in univariable.items()
    }
    return {
        "schema_version": "1.0",
        "study": {"title": "Ours"},
        "model": {"univariable": fits, "multivariable": None},
    }


def test_the_pool_is_that_of_the_studies_on_the_log_scale():
    (got,) = pool_evidence(evidence(counted())).factors
    read = [log_odds_ratio(*one, *other) for one, other in TABLES]
    told = pool_random([one.value for one in read], [one.std_error for one in read])

    assert got.random.pool == told
    assert got.random.estimate == pytest.approx(math.exp(told.estimate))
    assert got.random.interval.low == pytest.approx(math.exp(told.interval.low))
    assert [one.share for one in got.studies] == list(told.shares)
    strata = [[[a, n - a], [c, m - c]] for (a, n), (c, m) in TABLES]
    assert got.tables.common == mantel_haenszel(strata).odds_ratio
    assert 3 == len(got.without)


def test_a_study_without_the_outcome_is_left_out_by_name_and_counted():
    nobody = {"label": "Nobody", "with_factor": (0, 9), "without_factor": (0, 12)}
    (got,) = pool_evidence(evidence([*counted(), nobody])).factors
    assert ["Nobody"] == [one.label for one in got.left]
    assert 3 == len(got.studies)
    assert "Nobody is left out" in " ".join(got.cautions)


def test_one_study_is_no_pool():
    (got,) = pool_evidence(evidence(counted()[:1])).factors

    assert got.random is None
    assert got.common is None
    assert "One study is no pool" in got.cautions[0]


def test_printed_pools_stand_beside_and_never_go_in():
    plain = pool_evidence(evidence(counted())).factors[0]
    printed = {"label": "Others", "estimate": "9.9", "interval": ("5.0", "19.6")}
    (got,) = pool_evidence(evidence(counted(), pooled=[printed])).factors

    assert got.random == plain.random
    assert ["Others"] == [pool.label for pool in got.published]


def test_your_own_odds_ratio_stands_beside_and_never_goes_in():
    asked = evidence(counted())
    plain = pool_evidence(asked).factors[0]
    (got,) = pool_evidence(asked, results(ete={"ete": effect()})).factors
    (one,) = got.beside

    assert got.random == plain.random
    assert one.own.odds_ratio == 1.4
    assert one.times.estimate == pytest.approx(1.4 / got.random.estimate)
    wide = math.log(6.67 / 0.29) / 2
    half = math.log(one.times.interval.high / one.times.estimate)
    assert half > wide
    assert one.predicted


def test_an_open_interval_of_yours_is_shown_and_not_compared():
    own = results(ete={"ete": effect(odds=13.9, low=1.3, high=math.inf)})
    (got,) = pool_evidence(evidence(counted()), own).factors

    assert 1 == len(got.own)
    assert () == got.beside


def test_an_interval_that_does_not_exist_in_your_results_is_no_trouble():
    (got,) = pool_evidence(evidence(counted()), results(ete={"ete": effect(low=None)})).factors
    assert () == got.beside
    (got,) = pool_evidence(
        evidence(counted()), results(ete={"ete": effect(high="Infinity")})
    ).factors
    assert math.inf == got.own[0].interval.high


def test_a_variable_of_several_levels_must_be_chosen_from():
    own = results(ete={"a": effect(level="minimal"), "b": effect(level="gross", odds=3.0)})

    with pytest.raises(PaperError, match="minimal, gross"):
        pool_evidence(evidence(counted()), own)
    (got,) = pool_evidence(evidence(counted(), own_level="gross"), own).factors
    assert 3.0 == got.own[0].odds_ratio
    (got,) = pool_evidence(evidence(counted(), own="shoe_size"), own).factors
    assert "hold no odds ratio of shoe_size" in got.cautions[-1]


def test_results_of_another_program_are_refused(tmp_path):
    for text, words in (("{", "no JSON"), ("{}", "something else"), (None, "cannot be read")):
        if text is not None:
            (tmp_path / "results.json").write_text(text, "utf-8")
        path = tmp_path if text is not None else tmp_path / "absent.json"
        with pytest.raises(PaperError, match=words):
            read_results(path)
    (tmp_path / "results.json").write_text(json.dumps(results(ete={"ete": effect()})), "utf-8")
    assert own_effects(read_results(tmp_path), evidence(counted()).factor[0])


def test_the_library_is_shown_beside_and_tells_what_has_no_value():
    found = pool_evidence(find_or_read("luo-2020"))
    ete = next(one for one in found.factors if one.name == "extrathyroidal_extension")
    sex = next(one for one in found.factors if one.name == "sex")

    assert ete.published[0].estimate == pytest.approx(2.28)
    assert (1.43, 3.64) == (ete.published[0].interval.low, ete.published[0].interval.high)
    assert ete.published[0].i2 == "14%"
    assert all(one.random is None for one in found.factors)
    assert () == sex.published
    assert "not significant" in sex.note


def test_the_example_warns_of_what_it_was_made_to_show():
    found = pool_evidence(read_evidence(MADE_UP))
    ete, braf, area = found.factors

    assert found.made_data
    assert ["Gondal 2023"] == [one.label for one in ete.left]
    assert any("Adjusted and unadjusted" in words for words in ete.cautions)
    assert any("Florin 2021" in words and "midway" in words for words in braf.cautions)
    assert any("differ far beyond chance" in words for words in braf.cautions)
    assert any("may well find none" in words for words in area.cautions)
    assert ete.tables is None  # one study printed an interval, not counts


def test_rules_of_the_file_are_followed_and_told():
    asked = evidence(counted()).model_copy(
        update={"pool": evidence([*counted()]).pool.model_copy(update={"tau2": "DL"})}
    )
    found = pool_evidence(asked)

    assert "DerSimonian–Laird" in found.rules
    assert "DerSimonian–Laird" in found.factors[0].random.pool.method
