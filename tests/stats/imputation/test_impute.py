"""Chained equations: what they may touch, what they may give, and that their answers are right."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from avidity.stats.imputation.impute import impute, impute_resamples, seed_of
from avidity.stats.imputation.variables import Derived, category, number, plan, yes_no

NAN = np.nan


def old(values):
    return (values["age"] >= 55) * 1.0


def any_of(values):
    return np.maximum(values["metastasis"], values["age"] >= 55)


DERIVED = (Derived("old", ("age",), old), Derived("any", ("age", "metastasis"), any_of))


@pytest.fixture(scope="module")
def made(cohort):
    variables, outcome = cohort(1)
    whole = plan(list(variables.values()), outcome, derived=DERIVED)
    return variables, whole, impute(whole, 20, rng=np.random.default_rng(7))


def test_measured_values_are_untouched_and_no_gap_is_left(made):
    variables, whole, got = made

    for name, variable in variables.items():
        sets = got.values[name]
        assert sets.shape == (20, whole.n)
        assert np.isfinite(sets).all()
        assert (sets[:, variable.measured] == variable.values[variable.measured]).all()
    assert (got.values["diameter"] == got.values["diameter"][0]).all()


def test_what_is_matched_was_measured_in_somebody(made):
    variables, _, got = made
    age, tg = variables["age"], variables["tg"]

    assert set(got.values["age"].ravel()) <= set(age.values[age.measured])
    # a laboratory value is one that was measured, or one drawn below the reach of the assay
    drawn = got.values["tg"][:, tg.missing]
    assert (np.isin(drawn, tg.values[tg.measured]) | (drawn < 0.5)).all()
    assert set(got.values["metastasis"].ravel()) == {0, 1}
    assert set(got.values["histology"].ravel()) <= {0, 1, 2}


def test_values_below_the_reach_of_the_assay_stay_below(made):
    variables, _, got = made
    drawn = got.values["tg"][:, variables["tg"].bounded]

    assert drawn.size > 0
    assert ((drawn > 0) & (drawn < 0.5)).all()
    assert len(np.unique(drawn)) == drawn.size


def test_derived_variables_follow_from_the_completed(made):
    _, _, got = made

    assert (got.values["old"] == (got.values["age"] >= 55)).all()
    assert (got.values["any"] == np.maximum(got.values["metastasis"], got.values["old"])).all()


def test_the_result_says_what_was_done(made):
    variables, _, got = made

    assert got.order == tuple(
        sorted(("age", "metastasis", "histology", "tg"), key=lambda v: variables[v].to_impute)
    )
    assert (got.m, got.n, got.iterations, got.seed) == (20, 90, 10, "7")
    assert "the outcome among the predictors and never imputed itself" in got.sentence
    assert "5 donors" in got.methods["age"]
    assert "reach drawn between" in got.methods["tg"]
    assert "Firth" in got.methods["metastasis"]
    assert "Begg and Gray" in got.methods["histology"]
    assert "diameter" not in got.methods


def test_traces_follow_every_chain(made):
    variables, _, got = made
    by_name = {trace.variable: trace for trace in got.traces}

    for name, trace in by_name.items():
        assert trace.mean.shape == trace.deviation.shape == (10, 20)
        assert trace.gaps == variables[name].to_impute
    gaps = ~variables["age"].measured
    assert by_name["age"].mean[-1] == pytest.approx(got.values["age"][:, gaps].mean(axis=1))
    assert by_name["age"].deviation[-1] == pytest.approx(
        got.values["age"][:, gaps].std(axis=1, ddof=1)
    )
    assert by_name["histology"].what == "share of PTC"
    assert by_name["tg"].what == "natural logarithm"
    assert all(0.8 < trace.mean_r_hat < 1.3 for trace in got.traces)


def test_the_same_seed_gives_the_same_sets_and_another_others(made):
    _, whole, got = made
    again = impute(whole, 20, rng=np.random.default_rng(7))
    other = impute(whole, 20, rng=np.random.default_rng(8))

    assert all((again.values[name] == got.values[name]).all() for name in got.values)
    assert any((other.values[name] != got.values[name]).any() for name in got.values)


def test_results_cannot_be_written_to(made):
    _, _, got = made

    with pytest.raises(ValueError, match="read-only"):
        got.values["age"][0, 0] = 1
    with pytest.raises(TypeError):
        got.values["age"] = 1


def test_nothing_missing_gives_the_data_back():
    whole = plan([number("x", [1.0, 2.0, 3.0])], [0, 1, 0])
    got = impute(whole, 3, rng=np.random.default_rng(1))

    assert got.values["x"].tolist() == [[1, 2, 3]] * 3
    assert got.traces == got.warnings == ()


def test_the_seed_of_a_foreign_generator_is_unknown():
    class Other(np.random.PCG64):
        seed_seq = None

    assert seed_of(np.random.Generator(Other(3))) == "unknown"


def test_troubles_are_told():
    rng = np.random.default_rng(2)
    outcome = np.repeat([0.0, 1.0], 20)
    answer = np.where(rng.random(40) < 0.6, NAN, outcome)  # the outcome separates it
    twice = rng.standard_normal(40)
    whole = plan(
        [yes_no("answer", answer), number("one", twice), number("two", 2 * twice)], outcome
    )
    told = " ".join(impute(whole, 5, rng=rng, iterations=3).warnings)

    assert "answer is drawn in" in told
    assert "answer was separated by its predictors in 15 of 15 fits" in told
    assert "a predictor was left out that the others determine" in told


def test_chains_that_have_not_met_are_told():
    # two numbers that hardly differ, missing in the same patients: each holds the other where
    # it happened to start
    rng = np.random.default_rng(3)
    one = rng.standard_normal(60)
    two = one + 0.05 * rng.standard_normal(60)
    gone = np.arange(60) < 20
    whole = plan(
        [number("one", np.where(gone, NAN, one)), number("two", np.where(gone, NAN, two))],
        rng.permutation(np.repeat([0.0, 1.0], 30)),
    )
    got = impute(whole, 5, rng=rng)

    assert not got.traces[0].settled
    assert "one, two may not have settled (R-hat above 1.2)" in " ".join(got.warnings)


def test_wrong_numbers_of_sets_and_shapes_are_refused(made):
    _, whole, _ = made
    rng = np.random.default_rng(1)

    with pytest.raises(ValueError, match="at least 1"):
        impute(whole, 0, rng=rng)
    with pytest.raises(ValueError, match="at least 1"):
        impute_resamples(whole, np.ones((2, 90)), rng=rng, iterations=0)
    with pytest.raises(ValueError, match="shape"):
        impute_resamples(whole, np.ones((2, 80)), rng=rng)
    with pytest.raises(ValueError, match="whole numbers"):
        impute_resamples(whole, np.full((2, 90), 0.5), rng=rng)
    wrong = plan(whole.variables, whole.outcome, derived=[Derived("x", ("age",), lambda _: 1.0)])
    with pytest.raises(ValueError, match="must be computed"):
        impute(wrong, 2, rng=rng)


def test_a_derived_variable_can_predict_others(cohort):
    variables, outcome = cohort(4)
    asked = {"metastasis": ["old", "diameter"]}
    whole = plan(list(variables.values()), outcome, derived=DERIVED, predictors=asked)
    got = impute(whole, 4, rng=np.random.default_rng(1), iterations=3)

    assert (got.values["old"] == (got.values["age"] >= 55)).all()


@settings(max_examples=60, deadline=None)
@given(st.integers(4, 25), st.integers(0, 100_000))
def test_whatever_comes_the_sets_are_complete(n, seed):
    rng = np.random.default_rng(seed)
    outcome = np.concatenate([[0.0, 1.0], rng.integers(0, 2, n - 2)])

    def gaps(values):
        gone = rng.random(n) < rng.choice([0.0, 0.3, 0.9])
        gone[rng.integers(n)] = False
        return np.where(gone, NAN, values)

    tg = gaps(np.exp(rng.standard_normal(n)))
    base = rng.integers(0, 3, n).astype(float)
    variables = [
        number("rough", gaps(base)),
        number("same", gaps(np.full(n, 3.0))),
        number("double", gaps(2 * base + 1)),
        number("tg", tg, high=np.where(np.isnan(tg) & (rng.random(n) < 0.5), 0.2, NAN), log=True),
        number("titre", gaps(base + rng.standard_normal(n))),
        yes_no("answer", gaps(outcome)),
        yes_no("always", gaps(np.ones(n))),
        category("level", gaps(base), "abcd"),
        category("single", gaps(np.zeros(n)), "ab"),
    ]
    whole = plan(variables, outcome)
    weights = rng.multinomial(n, np.full(n, 1 / n), size=4)
    sets = impute(whole, 3, rng=rng, iterations=2).values
    resampled = impute_resamples(whole, weights, rng=rng, iterations=2).values

    assert all(np.isfinite(each).all() for each in (*sets.values(), *resampled.values()))
