"""One patient's risk: by hand, by R, and refused where nobody may answer."""

from __future__ import annotations

from math import exp, log

import numpy as np
import pytest

from avidity.errors import RiskModelError
from avidity.papers.library import find
from avidity.riskmodel.predict import (
    columns_of,
    linear_predictors,
    predict,
    prevalence_offset,
)

SEED = {"age": "61", "diameter": "35mm", "metastasis": "yes"}
TOLD = {"age": 61, "size": 30, "activity": 3700, "spread": "no", "histology": "OCA"}


@pytest.fixture(scope="module")
def seed():
    return find("bellakhdar-2024")


# R 4.2.2: f <- glm(rair ~ age_ge_54 + diameter_ge_29mm + metastasis, binomial, d), d the one table
# of whole patients that gives the paper's Table 2; predict(f, cells, se.fit = TRUE), then plogis()
# of fit and of fit -+ qnorm(0.975) * se.fit
R_CELLS = {  # age, diameter, metastasis: patients, risk, low, high
    (53, 28, "no"): (30, 0.04374084258, 0.01285590054, 0.1384194204),
    (53, 28, "yes"): (5, 0.50778450510, 0.21333499110, 0.7969306179),
    (53, 29, "no"): (13, 0.23365869690, 0.09436019307, 0.4715283513),
    (53, 29, "yes"): (7, 0.87304130530, 0.61791662690, 0.9669308912),
    (54, 28, "no"): (16, 0.22923801250, 0.09868648674, 0.4468682364),
    (54, 28, "yes"): (4, 0.87026099920, 0.58405617980, 0.9697367303),
    (54, 29, "no"): (9, 0.66471149580, 0.39475794770, 0.8576709825),
    (54, 29, "yes"): (6, 0.97812405670, 0.87560606420, 0.9964914407),
}


@pytest.mark.parametrize(("told", "expected"), R_CELLS.items())
def test_the_seed_gives_each_pattern_its_risk(seed, told, expected):
    found = predict(seed, dict(zip(("age", "diameter", "metastasis"), told, strict=True)))
    ends = found.interval

    n, *risk = expected
    assert pytest.approx(risk, rel=2e-9) == [found.risk, ends.low, ends.high]
    assert n == found.alike.n
    assert "research use; not validated" == found.label


def test_the_seed_s_coefficients_solve_its_own_likelihood(seed):
    """Table 1's sums of the outcome and of outcome times term: 32, 19, 21, 18 of 90 patients."""
    X = np.array([[1, *one.values] for one in seed.patterns], dtype=float)
    n = np.array([one.n for one in seed.patterns])
    risk = 1 / (1 + np.exp(-X @ seed.equation.coef))

    assert pytest.approx([32, 19, 21, 18], abs=1e-8) == X.T @ (n * risk)
    information = X.T @ (X * (n * risk * (1 - risk))[:, np.newaxis])
    assert pytest.approx(np.linalg.inv(information), abs=1e-9) == np.array(seed.equation.covariance)


def test_a_person_types_units_and_words(seed):
    expected = predict(seed, {"age": 61.0, "diameter": 35.0, "metastasis": True})

    for told in (SEED, {"age_at_diagnosis": "732 months", "diameter": "3.5 cm", "metastasis": "Y"}):
        assert expected == predict(seed, told)


def test_contributions_and_intercept_add_up(every_kind):
    found = predict(every_kind, TOLD)

    added = found.intercept + sum(one.log_odds for one in found.contributions)
    assert pytest.approx(found.linear_predictor, abs=1e-12) == added
    assert 1 / (1 + exp(-added)) == pytest.approx(found.risk, abs=1e-15)


def test_a_term_of_every_kind_as_the_definition_writes_it(every_kind):
    cube = [max(61 - knot, 0) ** 3 for knot in (25, 40, 55, 70)]
    bent = [
        (cube[at] - cube[2] * (70 - knot) / 15 + cube[3] * (55 - knot) / 15) / 45**2
        for at, knot in ((0, 25), (1, 40))
    ]
    coef = (-3.6, 0.027, 0.018, -0.045, 0.63, 0.09, 1.35, 0.27, 0.99)
    row = np.array([1, 61, *bent, 0, 3.7, 0, 0, 1])
    line = float(row @ np.array(coef))

    found = predict(every_kind, TOLD, level=0.9)

    assert pytest.approx(line, abs=1e-12) == found.linear_predictor
    assert "shrunken" == found.coefficients
    half = 1.6448536269514722 * float(np.sqrt(0.01 * row @ row + 0.001 * row.sum() ** 2))
    low = 1 / (1 + exp(half - line))
    assert pytest.approx(low, abs=1e-12) == found.interval.low
    assert "shrinkage factor is taken as known" in found.interval.method


def test_a_cut_says_whether_its_value_is_above(seed, every_kind):
    at = {**TOLD, "size": 40}

    assert predict(every_kind, at).risk == predict(every_kind, TOLD).risk
    assert predict(every_kind, {**at, "size": 40.01}).risk > predict(every_kind, at).risk
    assert predict(seed, {**SEED, "age": 54}).risk > predict(seed, {**SEED, "age": 53.9}).risk


@pytest.mark.parametrize(("share", "offset"), [(0.10, -1.603), (0.05, -2.350), (0.15, -1.140)])
def test_a_declared_prevalence_moves_the_intercept(seed, share, offset):
    found = predict(seed, SEED, prevalence=share)

    assert offset == round(prevalence_offset(seed, share), 3)
    assert offset == round(found.local.offset, 3)
    odds = found.risk / (1 - found.risk) * (share / (1 - share)) / (32 / 58)
    assert pytest.approx(odds / (1 + odds)) == found.local.risk
    assert 0.978 == round(found.risk, 3)  # the source's own stays beside it
    assert "every odds ratio holds" in found.local.assumes


def test_the_source_s_own_prevalence_changes_nothing(seed):
    found = predict(seed, SEED, prevalence=32 / 90)

    assert pytest.approx(found.risk) == found.local.risk
    assert pytest.approx(log(32 / 58)) == log(found.local.source_prevalence / (58 / 90))


@pytest.mark.parametrize("share", [0, 1, -0.1, 10])
def test_a_prevalence_that_is_no_share_is_refused(seed, share):
    with pytest.raises(RiskModelError, match="between 0 and 1"):
        predict(seed, SEED, prevalence=share)


@pytest.mark.parametrize(
    ("told", "said"),
    [
        ({"age": "61", "diameter": "35mm"}, "cannot answer without metastasis"),
        ({**SEED, "sex": "female"}, "has no input 'sex'"),
        ({**SEED, "age_at_diagnosis": 61}, "given twice"),
        ({**SEED, "diameter": "35"}, "diameter needs its unit"),
        ({**SEED, "diameter": "35 inch"}, "'inch' cannot be turned"),
        ({**SEED, "diameter": "35 years"}, "'years' cannot be turned"),
        ({**SEED, "diameter": "large"}, "must be a number, such as diameter=35mm"),
        ({**SEED, "diameter": float("nan")}, "must be a number"),
        ({**SEED, "diameter": True}, "not a yes or no"),
        ({**SEED, "diameter": "450mm"}, "must lie between 0 and 200 mm"),
        ({**SEED, "metastasis": "perhaps"}, "must be yes or no"),
    ],
)
@pytest.mark.parametrize("beyond", [False, True])
def test_what_cannot_be_read_is_refused_in_one_sentence(seed, told, said, beyond):
    with pytest.raises(RiskModelError, match=said) as refused:
        predict(seed, told, beyond=beyond)

    assert "450" not in str(refused.value)
    assert 18 == refused.value.exit_code


def test_outside_the_range_seen_it_answers_only_when_asked_to(every_kind):
    old = {**TOLD, "age": 91}
    with pytest.raises(RiskModelError, match=r"outside what the model has seen \(20 to 80 years\)"):
        predict(every_kind, old)

    found = predict(every_kind, old, beyond=True)

    assert any("beyond the data" in warning for warning in found.warnings)
    assert () == tuple(w for w in predict(every_kind, TOLD).warnings if "age" in w)


def test_an_unknown_range_is_told(every_kind, seed):
    assert ("the range of activity in the source is not known, so nothing guards it",) == (
        predict(every_kind, TOLD).warnings
    )


def test_a_level_without_a_coefficient_is_refused_even_beyond(every_kind):
    with pytest.raises(RiskModelError, match="one of PTC, FTC, OCA"):
        predict(every_kind, {**TOLD, "histology": "PDTC"}, beyond=True)


def test_a_cohort_is_predicted_at_once_and_the_missing_stay_missing(every_kind):
    values = {
        "age": [61, 61, np.nan, 61],
        "size": [30, 30, 30, 30],
        "activity": [3700, 3700, 3700, 3700],
        "spread": [False, None, False, False],
        "histology": ["OCA", "OCA", "OCA", "PDTC"],
    }

    found = linear_predictors(every_kind, values)

    assert pytest.approx(predict(every_kind, TOLD).linear_predictor) == found[0]
    assert np.isnan(found[1:]).all()
    assert (4, 9) == columns_of(every_kind, values).shape


def test_a_column_that_is_absent_is_named(every_kind):
    with pytest.raises(RiskModelError, match="needs spread, histology"):
        columns_of(every_kind, {"age": [1], "size": [1], "activity": [1]})


def test_nobody_with_a_risk_so_high_is_told(spec):
    from avidity.riskmodel.model import RiskModel

    spec["bands"] = [
        {"low": 0.01, "high": 0.2, "n": 60, "events": 5},
        {"low": 0.2, "high": 0.5, "n": 40, "events": 35},
    ]
    model = RiskModel.model_validate(spec)
    low = {"age": 30, "size": 5, "activity": 100, "spread": "no", "histology": "PTC"}
    high = {"age": 70, "size": 80, "activity": 9000, "spread": "yes", "histology": "OCA"}

    assert (60, 5) == (predict(model, low).alike.n, predict(model, low).alike.events)
    assert "between 0.010 and 0.200" in predict(model, low).alike.words
    assert (0, "nobody of the source had so high a risk") == (
        predict(model, high).alike.n,
        predict(model, high).alike.words,
    )
