from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from avidity.errors import AnalysisError
from avidity.stats.batched.cutoff_validation import Search, validate_cutpoint
from avidity.stats.cutpoint import best_cutpoints, performance, table_at
from avidity.stats.resampling import bootstrap, from_weights
from avidity.stats.roc import roc


def scored(seed=1, n=90):
    chance = np.random.default_rng(seed)
    y = np.repeat([1, 0], [n // 3, n - n // 3])
    return (chance.normal(size=n) + 0.8 * y).round(1), y


@pytest.mark.parametrize("at", ["observed", "midpoint"])
def test_optimism_of_a_cut_off_is_that_of_one_resample_at_a_time(at):
    score, y = scored()
    drawn = bootstrap(90, 40, seed=3)
    found = validate_cutpoint(score, y, drawn, Search(at=at), name="score")
    cuts, trained, tested, out = [], [], [], []
    for place in range(40):
        rows = drawn.rows(place)
        best = best_cutpoints(score[rows], y[rows])[0]
        cuts.append(best.value if at == "observed" else best.midpoint)
        trained.append(performance(best.table).sensitivity.estimate)
        tested.append(performance(table_at(score, y, cuts[-1])).sensitivity.estimate)
        left = drawn.out_of_bag[place]
        out.append(performance(table_at(score[left], y[left], cuts[-1])).sensitivity.estimate)
    apparent = best_cutpoints(score, y)[0]

    assert cuts == found.values.tolist()
    assert (apparent.value if at == "observed" else apparent.midpoint) == found.value
    assert np.mean(trained) == pytest.approx(found.sensitivity.trained)
    assert np.mean(tested) == pytest.approx(found.sensitivity.tested)
    assert np.mean(out) == pytest.approx(found.left_out[0])
    expected = performance(apparent.table).sensitivity.estimate
    expected -= np.mean(trained) - np.mean(tested)
    assert expected == pytest.approx(found.sensitivity.corrected)
    assert found.youden.apparent == pytest.approx(apparent.worth)
    low, high = np.quantile(cuts, [0.025, 0.975])
    assert (low, high) == pytest.approx((found.interval.low, found.interval.high))


@pytest.mark.parametrize("ties", ["lowest", "highest"])
def test_low_values_that_speak_for_the_outcome_are_searched_as_one_at_a_time(ties):
    score, y = scored(2)
    score, drawn = -score, bootstrap(90, 30, seed=4)
    found = validate_cutpoint(score, y, drawn, Search(lower_means_case=True, ties=ties))
    shares = {"sensitivity": [], "specificity": [], "youden": []}
    out, areas = {name: [] for name in shares}, []
    for place in range(30):
        rows, left = drawn.rows(place), drawn.out_of_bag[place]
        tied = best_cutpoints(score[rows], y[rows], lower_means_case=True)
        best = tied[0] if ties == "lowest" else tied[-1]
        assert best.value == found.values[place]
        areas.append(roc(score[rows], y[rows], lower_means_case=True).auc)
        for some, told in ((slice(None), shares), (left, out)):
            table = table_at(score[some], y[some], best.value, lower_means_case=True)
            for name, values in told.items():
                values.append(getattr(performance(table), name).estimate)

    for at, name in enumerate(shares):
        assert np.mean(shares[name]) == pytest.approx(getattr(found, name).tested)
        assert np.mean(out[name]) == pytest.approx(found.left_out[at])
    assert roc(score, y, lower_means_case=True).auc == pytest.approx(found.auc)
    low, high = np.quantile(areas, [0.025, 0.975])
    assert (low, high) == pytest.approx((found.auc_interval.low, found.auc_interval.high))


def test_frequencies_are_shares_of_the_resamples():
    score, y = scored(2)
    found = validate_cutpoint(score, y, bootstrap(90, 200, seed=1))
    values, shares = zip(*found.frequencies(), strict=True)

    assert 1.0 == pytest.approx(sum(shares))
    assert sorted(shares, reverse=True) == list(shares)
    assert set(found.values.tolist()) == set(values)
    assert "lowest of equals; positive is >= an observed value" in found.method
    assert "bootstrap" in found.method


def test_the_search_makes_a_useless_number_look_useful():
    # the truth is an index of 0. 30 numbers; Monte-Carlo error of the mean about 0.015
    y = np.repeat([1, 0], 45)
    found = [
        validate_cutpoint(
            np.random.default_rng(study).normal(size=90), y, bootstrap(90, 100, study)
        )
        for study in range(30)
    ]

    assert np.mean([each.youden.apparent for each in found]) > 0.1
    assert 0.0 == pytest.approx(np.mean([each.youden.corrected for each in found]), abs=0.045)


def test_resamples_with_one_outcome_are_counted_apart():
    score, y = scored(3, n=9)
    all_cases = (y == 1) * 3
    found = validate_cutpoint(score, y, from_weights(np.stack([all_cases, np.ones(9)])))

    assert 1 == found.impossible
    assert np.isnan(found.values[0])
    assert 1 == found.sensitivity.resamples
    with pytest.raises(AnalysisError, match="one outcome only"):
        validate_cutpoint(score, y, from_weights(np.stack([all_cases])))
    with pytest.raises(ValueError, match="resamples of 5 patients"):
        validate_cutpoint(score, y, bootstrap(5, 3, 1))


def test_a_number_that_turns_the_other_way_may_be_best_cut_nowhere():
    score, y = np.array([1.0, 2, 3, 4]), np.array([1, 1, 0, 0])
    everyone = from_weights(np.ones((3, 4)))
    highest = validate_cutpoint(score, y, everyone, Search(ties="highest"))
    lowest = validate_cutpoint(score, y, everyone, Search(at="midpoint"))

    assert 3 == highest.nowhere
    assert highest.interval is None
    assert np.isinf(highest.value)
    assert 0 == highest.sensitivity.corrected
    assert -np.inf == lowest.value  # everybody is positive
    assert 1 == lowest.sensitivity.corrected
    lower = validate_cutpoint(score, y, everyone, Search(lower_means_case=True))
    assert (2.0, 1.0) == (lower.value, lower.youden.corrected)


def test_threads_give_the_same_cut_offs():
    score, y = scored(4)
    drawn = bootstrap(90, 800, seed=1)
    with ThreadPoolExecutor(2) as executor:
        there = validate_cutpoint(score, y, drawn, executor=executor)

    assert validate_cutpoint(score, y, drawn).values.tolist() == there.values.tolist()
