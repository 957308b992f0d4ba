"""A printed model rebuilt: the truth is always among the answers, and alone where it must be."""

import time
from itertools import product

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from avidity.errors import AnalysisError
from avidity.stats.rebuild.complete import asked, open_outcome, possible
from avidity.stats.rebuild.figures import boxes
from avidity.stats.rebuild.listing import among
from avidity.stats.rebuild.outcomes import fitting
from avidity.stats.rebuild.problem import Count, Effect, Level, Predictor, problem
from avidity.stats.rebuild.solve import rebuild
from avidity.stats.rebuild.tables import tables
from avidity.stats.rounded import rounded
from made_prints import bel_lakhdar, cohort, fitted_to, overall, patterns_of, printed

SEED = rebuild(bel_lakhdar())


# The seed paper. Its numbers: R 4.5.1, glm on the reconstructed rows (K152 to K154)


def test_the_seed_paper_has_one_model():
    assert "one" == SEED.answer
    assert (30, 5, 13, 7, 16, 4, 9, 6) == SEED.only.totals
    assert 50_632 == SEED.work.looked_at
    assert SEED.work.proven


def test_the_seed_papers_model_is_r_s():
    fit = SEED.only.fit

    expected = [-3.08474668, 1.87212788, 1.89698054, 3.11588722]
    np.testing.assert_allclose(fit.coef, expected, atol=5e-9)
    np.testing.assert_allclose(
        fit.std_error, [0.64096405, 0.64635936, 0.62387117, 0.75858284], atol=5e-9
    )
    assert 70.23162731 == pytest.approx(fit.deviance, abs=5e-9)
    assert 117.1472536569 == pytest.approx(fit.null_deviance, abs=5e-9)
    assert 0.4062427643 == pytest.approx(fit.cox_snell, abs=5e-9)
    assert 0.5580918984 == pytest.approx(fit.nagelkerke, abs=5e-9)


def test_the_seed_papers_risks_come_with_interval_and_patients():
    risks = [round(100 * one.risk.low, 1) for one in SEED.patterns]
    last = SEED.patterns[-1]

    assert [4.4, 50.8, 23.4, 87.3, 22.9, 87.0, 66.5, 97.8] == risks
    assert ((">=54", ">=29", "yes"), (6, 6)) == (last.levels, last.n)
    assert (0.876, 0.996) == (round(last.interval.low, 3), round(last.interval.high, 3))


def test_who_had_the_outcome_stays_open():
    left = SEED.outcomes

    assert 101 == left.ways
    assert (0.8599, 0.9138) == tuple(round(end, 4) for end in left.auc)
    assert (0.1023, 0.1329) == tuple(round(end, 4) for end in left.brier)
    assert 0.8815 == round(left.auc_expected, 4)


def test_the_seed_paper_takes_less_than_a_second():
    began = time.perf_counter()
    rebuild(bel_lakhdar())

    assert time.perf_counter() - began < 1


def test_figures_of_the_whole_model_are_used():
    right = overall(deviance="70.232", cox_snell="0.406", nagelkerke="0.558", intercept="-3.085")
    wrong = overall(nagelkerke="0.568")

    assert "one" == rebuild(bel_lakhdar(overall=right)).answer
    found = rebuild(bel_lakhdar(overall=wrong))
    assert "none" == found.answer
    assert ["Nagelkerke's R squared"] == [one.figure for one in found.contradiction.culprits]


def test_a_printed_area_leaves_fewer_ways():
    left = rebuild(bel_lakhdar(overall=overall(auc="0.91"))).outcomes

    assert 0 < left.ways < 101
    assert 0.905 <= left.auc[0] <= left.auc[1] <= 0.915


def test_an_area_that_no_way_has_is_a_contradiction():
    found = rebuild(bel_lakhdar(overall=overall(auc="0.93")))

    assert "none" == found.answer
    assert ["area under the curve"] == [one.figure for one in found.contradiction.culprits]


ROUGH = {  # the seed paper had it printed two odds ratios, without decimals, and nothing else
    (of, kind): text
    for of, ratio in (("age", "7"), ("diameter", "7"), ("metastasis", None))
    for kind, text in (("odds_ratio", ratio), ("low", None), ("high", None), ("p", None))
}


def test_fewer_figures_leave_several_models():
    several = rebuild(bel_lakhdar(ROUGH))

    assert "several" == several.answer
    assert several.found == len(several.solutions) > 1
    assert SEED.only.totals in {one.totals for one in several.solutions}
    for ours, theirs in zip(several.patterns, SEED.patterns, strict=True):
        assert ours.risk.low <= theirs.risk.low <= ours.risk.high
        assert ours.n[0] <= theirs.n[0] <= ours.n[1]


def test_tables_without_room_for_the_cases_are_left_out():
    given_ = asked(bel_lakhdar(ROUGH))
    every = tables(given_.made, given_.made.margins)
    found = among(given_, every, boxes(given_.printed, given_.made, given_.problem))
    one_by_one = [
        tuple(found.totals[:, at].tolist())
        for at in range(found.totals.shape[1])
        if fitting(open_outcome(given_, found.totals[:, at], found.fits.coef[:, at])) is not None
    ]

    assert one_by_one == list(map(tuple, possible(given_, found).totals.T.tolist()))


# Contradictions


@pytest.mark.parametrize(
    ("where", "text", "back"),
    [
        (("metastasis", "odds_ratio"), "22.653", "22.553"),
        (("age", "low"), "1.882", "1.832"),
        (("diameter", "high"), "22.941", "22.641"),
        (("diameter", "p"), "0.020", "0.002"),
    ],
)
def test_a_misprinted_figure_is_named_with_what_it_would_be(where, text, back):
    found = rebuild(bel_lakhdar({where: text}))

    assert "none" == found.answer
    words = {"odds_ratio": "odds ratio", "low": "lower end", "high": "upper end", "p": "p value"}
    named = {one.figure.split(": ")[1]: one for one in found.contradiction.culprits}
    culprit = named[words[where[1]]]
    assert text == culprit.printed
    assert rounded(back).holds(culprit.would_be.low)
    assert SEED.only.totals == found.contradiction.totals
    assert [words[where[1]]] == [one.figure.split(": ")[1] for one in found.contradiction.nearest]


def test_a_misprinted_count_is_named():
    age = Predictor(
        "age",
        (
            Level("<54", 14, 42),
            Level(">=54", 18, 16, bel_lakhdar().predictors[0].levels[1].effect),
        ),
    )
    found = rebuild(problem([age, *bel_lakhdar().predictors[1:]]))

    assert "none" == found.answer
    named = {one.figure: one for one in found.contradiction.culprits}
    assert 19 == named["age = >=54: patients with the outcome"].would_be.low


def test_intervals_of_another_width_are_recognised():
    totals, cases = cohort((2, 2), 400, 3)
    _, X = patterns_of((2, 2))
    fit = fitted_to(X, totals, cases)
    ends = np.exp([fit.coef - 1.96 * fit.std_error, fit.coef + 1.96 * fit.std_error])
    texts = [(f"{low:.6f}", f"{high:.6f}") for low, high in ends.T]
    made = []
    for at, one in enumerate(printed((2, 2), totals, cases).predictors, 1):
        effect = Effect(None, rounded(texts[at][0]), rounded(texts[at][1]))
        reference, level = one.levels
        made.append(
            Predictor(one.name, (reference, Level(level.name, level.yes, level.no, effect)))
        )

    found = rebuild(problem(made))

    assert "none" == found.answer
    assert any("1.96 standard errors" in way for way in found.contradiction.other_ways)
    assert "one" == rebuild(problem(made, z=1.96)).answer


def test_an_empty_cell_has_no_finite_odds_ratio():
    effect = Effect(rounded("9.1"))
    predictors = [
        Predictor("a", (Level("no", 10, 30), Level("yes", 5, 0, effect))),
        Predictor("b", (Level("no", 9, 20), Level("yes", 6, 10, effect))),
    ]

    found = rebuild(problem(predictors))

    assert "none" == found.answer
    assert "nobody without the outcome" in found.contradiction.reason


def test_counts_of_different_patients_are_refused():
    effect = Effect(rounded("2.0"))
    predictors = [
        Predictor("a", (Level("no", 10, 30), Level("yes", 5, 9, effect))),
        Predictor("b", (Level("no", 9, 30), Level("yes", 5, 9, effect))),
    ]

    with pytest.raises(AnalysisError, match="values are missing"):
        problem(predictors)


def test_a_printed_cross_table_must_hold():
    cell = (("age", ">=54"), ("metastasis", "yes"))

    assert "one" == rebuild(bel_lakhdar(counts=[Count(cell, total=10)])).answer
    assert "none" == rebuild(bel_lakhdar(counts=[Count(cell, total=11)])).answer
    fewer = rebuild(bel_lakhdar(counts=[Count(cell, yes=9, no=1)])).outcomes.ways
    assert 0 < fewer < 101


# Round trips


def by_brute_force(sizes, asked, digits):
    """Slow twin: every table of totals, fitted by statsmodels, printed and compared as text."""
    import statsmodels.api as sm

    _, X = patterns_of(sizes)
    margins, yes, effects = margins_of(asked)
    found = []
    for totals in product(*(range(margins[0] + 1) for _ in X)):
        N = np.array(totals)
        if (X.T @ N != margins).any():
            continue
        for cases in product(*(range(top + 1) for top in totals)):
            if (X.T @ np.array(cases) == yes).all():
                break
        else:
            continue
        weights = np.concatenate([cases, N - np.array(cases)])
        held = weights > 0
        rows, y = np.vstack([X, X])[held], np.repeat([1, 0], len(X))[held]
        try:
            model = sm.GLM(y, rows, family=sm.families.Binomial(), freq_weights=weights[held])
            done = model.fit(tol=1e-12, maxiter=60)
        except Exception:  # noqa: BLE001  # perfect separation
            continue
        ends = np.column_stack([done.params, done.conf_int()])[1:]
        if np.abs(done.params).max() > 15:
            continue
        if [[f"{np.exp(end):.{digits}f}" for end in row] for row in ends] == effects:
            found.append(totals)
    return found


def margins_of(asked):
    levels = [level for one in asked.predictors for level in one.levels if level.effect]
    margins = np.array([asked.n, *(level.total for level in levels)])
    yes = np.array([asked.yes, *(level.yes for level in levels)])
    effects = [
        [level.effect.odds_ratio.text, level.effect.low.text, level.effect.high.text]
        for level in levels
    ]
    return margins, yes, effects


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("digits", [0, 1, 2])
@pytest.mark.parametrize("seed", [1])
def test_the_answer_is_that_of_brute_force(seed, digits):
    totals, cases = cohort((2, 2), 22, seed)
    asked = printed((2, 2), totals, cases, digits)

    expected = by_brute_force((2, 2), asked, digits)

    assert tuple(totals) in expected
    assert expected == sorted(one.totals for one in rebuild(asked).solutions)


@settings(deadline=None)
@given(
    sizes=st.sampled_from([(2,), (2, 2), (3, 2), (2, 2, 2)]),
    n=st.integers(20, 60),
    seed=st.integers(0, 10**6),
    decimals=st.integers(1, 3),
)
def test_the_truth_is_among_the_answers(sizes, n, seed, decimals):
    totals, cases = cohort(sizes, n, seed)
    try:
        asked = printed(sizes, totals, cases, decimals)
    except AnalysisError:  # separated, or a level nobody has
        assume(False)

    found = rebuild(asked)

    assert found.answer in ("one", "several")
    assert any(same_model(one, totals) for one in found.solutions) or found.found > 100
    _, X = patterns_of(sizes)
    risks = fitted_to(X, totals, cases).risk(X)
    for pattern, risk, count in zip(found.patterns, risks, totals, strict=True):
        assert pattern.risk.low - 1e-9 <= risk <= pattern.risk.high + 1e-9
        assert pattern.n[0] <= count <= pattern.n[1]


def same_model(one, totals):
    return one.totals == tuple(totals)


@pytest.mark.shared
@pytest.mark.parametrize("decimals", [2, 3])
def test_a_real_cohort_is_rebuilt(columns, decimals):
    """birthwt: race (three levels) and smoking; smoking, hypertension and irritability."""
    data = columns("birthwt.csv")
    for sizes, names in (((3, 2), ("race", "smoke")), ((2, 2, 2), ("smoke", "ht", "ui"))):
        held = [data[name].astype(int) - (name == "race") for name in names]
        place = np.ravel_multi_index(held, sizes)
        totals = np.bincount(place, minlength=int(np.prod(sizes)))
        cases = np.bincount(place, data["low"], minlength=len(totals)).astype(int)

        found = rebuild(printed(sizes, totals, cases, decimals))

        assert tuple(totals) in {one.totals for one in found.solutions}
        if decimals == 3:
            assert "one" == found.answer
