from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from avidity.errors import AnalysisError
from avidity.stats.batched import walk as walk_module
from avidity.stats.batched.cutoff_validation import Search
from avidity.stats.batched.models import Rule
from avidity.stats.batched.newton import State
from avidity.stats.batched.path import whole_path
from avidity.stats.batched.plan import Backward, Candidate, Plan, path_data
from avidity.stats.contingency import likelihood_ratio, pearson
from avidity.stats.cutpoint import best_cutpoints
from avidity.stats.firth import fit_firth
from avidity.stats.fisher import fisher_2x2
from avidity.stats.goodness_of_fit import brier
from avidity.stats.logistic import fit
from avidity.stats.means import pooled_t, welch_t
from avidity.stats.ranks import mann_whitney
from avidity.stats.resampling import bootstrap, from_weights, portable_bootstrap
from avidity.stats.roc import roc
from avidity.stats.selection import akaike, at_level, backward
from avidity.stats.separation import SeparatedError

YES_NO = ("metastasis", "sex", "extension", "multifocal")
CLASSIC = Plan(
    candidates=(
        Candidate("age", cut=Search(), test="Welch t"),
        Candidate("diameter", cut=Search(at="midpoint"), test="Mann–Whitney"),
        *(Candidate(name, test="Fisher") for name in YES_NO),
    ),
    p_below=0.2,
)


def cohort(seed, n=60):
    chance = np.random.default_rng(seed)
    columns = {
        "age": chance.normal(52, 15, n).round(),
        "diameter": np.exp(chance.normal(3.3, 0.5, n)).round(),
        **{name: chance.integers(0, 2, n).astype(float) for name in YES_NO},
        "grade 2": (chance.random(n) < 0.3).astype(float),
        "grade 3": (chance.random(n) < 0.3).astype(float),
    }
    line = -4 + 0.04 * columns["age"] + 0.03 * columns["diameter"] + 1.2 * columns["metastasis"]
    y = (chance.random(n) < 1 / (1 + np.exp(-line))).astype(int)
    y[:2] = 0, 1
    return columns, y


def fourfold(flag, ill):
    return [[int((f & i).sum()) for i in (ill, ~ill)] for f in (flag, ~flag)]


def p_of(candidate, number, entered, y):
    """The screening test of one candidate in the rows given."""
    ill, well = number[y == 1], number[y == 0]
    if candidate.test == "Fisher":
        return fisher_2x2(fourfold(entered == 1, y == 1)).p_value
    if candidate.test == "Pearson":
        return pearson(fourfold(entered == 1, y == 1)).p_value
    if candidate.test == "Welch t":
        return welch_t(ill, well).p_value
    if candidate.test == "pooled t":
        return pooled_t(ill, well).p_value
    continuity = candidate.test.endswith("correction")
    return mann_whitney(ill, well, "asymptotic", continuity=continuity).p_value


def entered_column(candidate, number, rows, y):
    """The column that enters for every patient, and the cut-off the rows led to."""
    if candidate.cut is None:
        return number, None
    lower, cut = candidate.lower_means_case, candidate.cut
    if isinstance(cut, Search):
        lower = cut.lower_means_case
        tied = best_cutpoints(number[rows], y[rows], lower_means_case=lower)
        best = tied[0] if cut.ties == "lowest" else tied[-1]
        cut = best.value if cut.at == "observed" or np.isinf(best.value) else best.midpoint
    return (number <= cut if lower else number >= cut).astype(float), cut


def fitted(X, y, rule):
    names = tuple(str(column) for column in range(X.shape[1]))
    if rule.estimator == "Firth":
        return fit_firth(X, y, names)
    try:
        return fit(X, y, names)
    except SeparatedError:
        if rule.separated == "drop":
            raise
        return fit_firth(X, y, names)


def eliminated(plan, model, places):
    """The candidates that stay; places are the columns of each that is in the model."""
    if plan.backward is None:
        return set(places)
    free = {
        each.name: [str(column) for column in places[each.name]]
        for each in plan.entering
        if each.name in places and not each.kept
    }
    alpha = plan.backward.alpha
    worth = akaike if alpha is None else at_level(alpha)
    kept = set(backward(model, free, worth, pooled=plan.backward.pooled).kept)
    return kept | (set(places) - set(free))


def path_of(plan, columns, y, rows):
    """The slow twin: the whole path on duplicated rows, by the single-fit routines."""
    entered, cuts, inside = {}, {}, []
    for each in plan.entering:
        made = []
        for source in each.sources:
            column, cut = entered_column(each, columns[source], rows, y)
            made.append(column)
            cuts[each.name] = cut
        entered[each.name] = np.column_stack(made)
        number, passes = columns[each.sources[0]], True
        if plan.p_below is not None and each.test is not None:
            p = p_of(each, number[rows], entered[each.name][rows, 0], y[rows])
            passes = p < plan.p_below
        inside += [each.name] if passes else []
    model, X = None, None
    for _ in range(2):
        parts = [np.ones((len(y), 1)), *(entered[name] for name in inside)]
        X = np.hstack(parts)
        ends = np.cumsum([part.shape[1] for part in parts])
        places = {
            name: range(start, end)
            for name, start, end in zip(inside, ends[:-1], ends[1:], strict=True)
        }
        model = fitted(X[rows], y[rows], plan.rule)
        stay = eliminated(plan, model, places)
        if stay == set(inside):
            break
        inside = [name for name in inside if name in stay]
        plan = replace(plan, backward=None)
    return cuts, inside, X @ model.coef


def assert_like_one_by_one(plan, seed, resamples=5):
    columns, y = cohort(seed)
    drawn = bootstrap(len(y), resamples, seed)
    try:
        found = whole_path(plan, path_data(columns, y, plan), drawn)
    except AnalysisError:
        return  # nothing to walk in all patients
    done = found.optimism.replicates
    names = [each.name for each in plan.entering]
    for place in range(len(drawn)):
        rows = drawn.rows(place)
        try:
            cuts, inside, line = path_of(plan, columns, y, rows)
        except AnalysisError:
            assert not done.usable[place]
            continue
        assert done.usable[place]
        risk, tied = 1 / (1 + np.exp(-line)), np.round(line, 8)
        assert np.allclose(risk, found.predictions[place], atol=1e-7)
        assert roc(tied, y).auc == pytest.approx(done.tested.auc[place], abs=1e-12)
        assert roc(tied[rows], y[rows]).auc == pytest.approx(done.trained.auc[place], abs=1e-12)
        assert brier(risk, y) == pytest.approx(done.tested.brier[place], abs=1e-7)
        for name, validated in found.cutoffs.items():
            if name in cuts:
                assert cuts[name] == validated.values[place]
        there = [name for name in names if name in inside]
        coef = dict(zip(found.apparent.names, found.coef[place], strict=True))
        chosen = [
            each.name
            for each in plan.entering
            if any(coef[each.name if len(each.sources) == 1 else s] != 0 for s in each.sources)
        ]
        assert there == chosen


@given(st.integers(0, 9999), st.sampled_from((Rule(), Rule(separated="drop"), Rule("Firth"))))
@settings(max_examples=8, deadline=None)
def test_the_usual_path_is_that_of_one_resample_at_a_time(seed, rule):
    assert_like_one_by_one(replace(CLASSIC, rule=rule), seed)


@given(st.integers(0, 9999))
@settings(max_examples=8, deadline=None)
def test_numbers_kept_whole_and_levels_are_eliminated_as_one_at_a_time(seed):
    plan = Plan(
        candidates=(
            Candidate("age", kept=True),
            Candidate("diameter", cut=Search(ties="highest")),
            Candidate("metastasis"),
            Candidate("grade", columns=("grade 2", "grade 3")),
            Candidate("sex"),
        ),
        backward=Backward(),
    )
    assert_like_one_by_one(plan, seed)


@given(st.integers(0, 9999))
@settings(max_examples=7, deadline=None)
def test_fixed_cuts_screens_and_elimination_by_p_go_together(seed):
    plan = Plan(
        candidates=(
            Candidate("age", cut=55, test="Pearson"),
            Candidate("diameter", test="pooled t"),
            Candidate("metastasis", test="Fisher"),
            Candidate("low", columns=("age",), cut=40, lower_means_case=True),
            Candidate("extension", test="Mann–Whitney with continuity correction"),
        ),
        p_below=0.3,
        backward=Backward(alpha=0.2, pooled=False),
    )
    assert_like_one_by_one(plan, seed)


@given(st.integers(0, 9999))
@settings(max_examples=8, deadline=None)
def test_a_number_whose_low_values_speak_for_the_outcome_may_be_cut(seed):
    lower = Search(lower_means_case=True, at="midpoint", ties="highest")
    plan = Plan((Candidate("age", cut=lower), Candidate("sex"), Candidate("diameter", cut=lower)))
    assert_like_one_by_one(plan, seed)


def test_the_same_path_in_r_leads_to_the_same_areas(columns):
    # R 4.2.2, pROC 1.18.0, benchmarks/r/path.R on aSAH with the portable indices, r = 1 ... 50:
    # column means of results.csv. Youden's mid-points by coords(), t.test, wilcox.test(exact =
    # FALSE, correct = FALSE), fisher.test at p < 0.05, glm, auc. Two are separated: their ranks
    # are the same whichever way they are fitted.
    data = columns("asah.csv")
    numbers = {name: data[name] for name in ("s100b", "ndka")}
    flags = {"female": data["gender"] == "Female", "old": data["age"] >= 60}
    cut = Search(at="midpoint")
    plan = Plan(
        (
            Candidate("s100b", cut=cut, test="Welch t"),
            Candidate("ndka", cut=cut, test="Mann–Whitney"),
            *(Candidate(name, test="Fisher") for name in flags),
        ),
        p_below=0.05,
    )
    checked = path_data(numbers | flags, data["poor"], plan)
    found = whole_path(plan, checked, portable_bootstrap(113, 50))
    done = found.optimism.replicates

    assert 0.2438 == pytest.approx(found.cutoffs["s100b"].values.mean(), abs=1e-12)
    assert 13.4357 == pytest.approx(found.cutoffs["ndka"].values.mean(), abs=1e-12)
    assert 2.18 == pytest.approx(sum(found.inclusion.values()))
    assert 0.8119003019725115 == pytest.approx(done.trained.auc.mean(), abs=1e-12)
    assert 0.7471815718157181 == pytest.approx(done.tested.auc.mean(), abs=1e-12)
    assert (50, 2) == (found.optimism.tally.used, found.optimism.tally.separated)


def test_patterns_and_patients_give_the_same_path(monkeypatch):
    columns, y = cohort(3, n=90)
    data, drawn = path_data(columns, y, CLASSIC), bootstrap(90, 200, seed=2)
    by_patterns = whole_path(CLASSIC, data, drawn)
    monkeypatch.setattr(walk_module, "by_patterns", lambda *_: None)
    by_patients = whole_path(CLASSIC, data, drawn)

    assert by_patterns.models == by_patients.models
    assert np.allclose(by_patterns.coef, by_patients.coef, atol=1e-8, equal_nan=True)
    found, other = by_patterns.predictions, by_patients.predictions
    assert np.allclose(found, other, atol=1e-9, equal_nan=True)
    for measure, found in by_patterns.optimism.measures.items():
        other = by_patients.optimism.measures[measure]
        assert found.corrected == pytest.approx(other.corrected, abs=1e-8)
        assert found.resamples == other.resamples


def test_with_many_columns_patients_are_not_made_patterns():
    columns, y = cohort(4)
    plan = Plan(
        (Candidate("age", cut=Search()), *(Candidate(name) for name in (*YES_NO, "grade 2")))
    )
    found = whole_path(plan, path_data(columns, y, plan), bootstrap(60, 20, 1))

    assert found.optimism.tally.used > 0
    assert (1.0, (plan.entering[0].name, *YES_NO, "grade 2")) == (
        found.models[0].share,
        found.models[0].candidates,
    )


def test_levels_are_screened_by_their_likelihood_ratio():
    columns, y = cohort(7)
    plan = Plan(
        (
            Candidate("grade", columns=("grade 2", "grade 3"), test="likelihood ratio"),
            Candidate("age", cut=Search(), test="likelihood ratio"),
        ),
        p_below=0.5,
    )
    drawn = bootstrap(60, 15, seed=5)
    prepared = walk_module.prepare(plan, path_data(columns, y, plan))
    walked = walk_module.walk(prepared, None, drawn.weights)

    for place in range(15):
        rows = drawn.rows(place)
        ill, cut = y[rows] == 1, walked.cuts["age"].value[place]
        grade = np.column_stack([np.ones(60), columns["grade 2"], columns["grade 3"]])
        alone = fit(grade[rows], y[rows], ("one", "b", "c")).likelihood_ratio()
        assert alone.p_value == pytest.approx(walked.p_values[place, 0], rel=1e-7)
        # a single 0/1 column is a fourfold table, separated or not
        table = fourfold(columns["age"][rows] >= cut, ill)
        p = likelihood_ratio(table).p_value
        assert p == pytest.approx(walked.p_values[place, 1], rel=0.02)


def test_what_comes_out_is_counted_and_adds_up():
    columns, y = cohort(11, n=90)
    found = whole_path(CLASSIC, path_data(columns, y, CLASSIC), bootstrap(90, 300, seed=1))

    assert 1.0 == pytest.approx(sum(model.share for model in found.models))
    for name, share in found.inclusion.items():
        among = sum(model.share for model in found.models if name in model.candidates)
        assert share == pytest.approx(among)
    shares = [model.share for model in found.models]
    assert sorted(shares, reverse=True) == shares
    tally = found.optimism.tally
    assert 300 == tally.resamples == tally.used + tally.dropped
    assert (300, 90) == found.predictions.shape
    assert (90,) == found.instability().shape
    assert found.empty == sum(model.share for model in found.models if not model.candidates)
    assert "age" in found.cutoffs
    assert "searched (age, diameter)" in found.method
    assert "p < 0.2 (Welch t, Mann–Whitney, Fisher)" in found.method
    assert found.apparent.cutoffs["age"] == found.cutoffs["age"].value


def test_noise_is_seen_for_what_it_is():
    # outcome and predictors have nothing to do with each other: the truth is an area of one
    # half. 30 studies; Monte-Carlo error of the mean corrected area about 0.012.
    apparent, corrected = [], []
    for study in range(30):
        columns, _ = cohort(study, n=90)
        y = np.random.default_rng(1000 + study).permutation(np.repeat([1, 0], [32, 58]))
        plan = replace(CLASSIC, p_below=0.3)
        try:
            found = whole_path(plan, path_data(columns, y, plan), bootstrap(90, 60, seed=study))
        except AnalysisError:  # a number that speaks the other way is cut nowhere
            continue
        apparent.append(found.optimism.measures["auc"].apparent)
        corrected.append(found.optimism.measures["auc"].corrected)

    assert np.mean(apparent) > 0.58
    assert 0.5 == pytest.approx(np.mean(corrected), abs=0.036)


def test_threads_give_the_same_path():
    columns, y = cohort(5, n=90)
    data, drawn = path_data(columns, y, CLASSIC), bootstrap(90, 700, seed=1)
    here = whole_path(CLASSIC, data, drawn)
    with ThreadPoolExecutor(2) as executor:
        there = whole_path(CLASSIC, data, drawn, executor=executor)

    assert here.optimism.measures == there.optimism.measures
    assert here.models == there.models
    assert np.array_equal(here.predictions, there.predictions, equal_nan=True)


def test_data_completed_anew_in_every_resample_are_taken_as_they_come():
    columns, y = cohort(6)
    drawn = bootstrap(60, 6, seed=1)
    data = path_data(columns, y, CLASSIC)
    again = whole_path(CLASSIC, data, drawn, completed=[data] * 6)
    chance = np.random.default_rng(1)
    other = [
        path_data(columns | {"age": columns["age"] + chance.integers(-9, 9, 60)}, y, CLASSIC)
        for _ in range(6)
    ]
    changed = whole_path(CLASSIC, data, drawn, completed=other)

    assert np.allclose(whole_path(CLASSIC, data, drawn).predictions, again.predictions, atol=1e-9)
    assert changed.cutoffs["age"].values.tolist() != again.cutoffs["age"].values.tolist()
    for place, one in enumerate(other):  # each as a study of its own data, with one resample
        alone = whole_path(CLASSIC, one, from_weights(drawn.weights[place : place + 1]))
        assert alone.cutoffs["age"].values[0] == changed.cutoffs["age"].values[place]
        assert np.allclose(alone.coef[0], changed.coef[place], atol=1e-7, equal_nan=True)
        assert np.allclose(alone.predictions[0], changed.predictions[place], atol=1e-9)
    with pytest.raises(ValueError, match="the same patients"):
        whole_path(CLASSIC, data, drawn, completed=other[:2])


def test_a_number_may_be_cut_without_entering():
    columns, y = cohort(8)
    plan = Plan((Candidate("age"), Candidate("diameter", cut=Search(), enters=False)))
    found = whole_path(plan, path_data(columns, y, plan), portable_bootstrap(60, 10))

    assert ("intercept", "age") == found.apparent.names
    assert ["diameter"] == list(found.cutoffs)
    assert {"age": 1.0} == found.inclusion


def test_resamples_that_cannot_be_walked_are_dropped_and_counted():
    columns, y = cohort(9)
    cases = np.flatnonzero(y == 1)
    one_outcome, constant, whole = np.zeros(60), np.ones(60), np.ones(60)
    one_outcome[cases] = 3
    constant[columns["sex"] == 1] = 0
    drawn = from_weights(np.stack([one_outcome, constant, whole, whole]))
    plan = Plan((Candidate("age", cut=Search()), Candidate("sex")))
    found = whole_path(plan, path_data(columns, y, plan), drawn)

    states = [State.ONE_OUTCOME, State.DEPENDENT, State.FITTED, State.FITTED]
    assert states == found.optimism.replicates.state.tolist()
    assert (2, 1, 1) == (
        found.optimism.tally.used,
        found.optimism.tally.one_outcome,
        found.optimism.tally.dependent,
    )
    assert np.isnan(found.predictions[:2]).all()
    assert np.isnan(found.coef[0]).all()
    assert 1 == found.cutoffs["age"].impossible
    with pytest.raises(AnalysisError, match="no resample has a model"):
        whole_path(plan, path_data(columns, y, plan), from_weights(np.stack([constant])))


def test_a_number_that_speaks_the_other_way_is_cut_nowhere_and_the_path_ends():
    columns, y = cohort(10)
    columns["age"] = -100.0 * y
    plan = Plan((Candidate("age", cut=Search(ties="highest")), Candidate("sex")))

    with pytest.raises(AnalysisError, match="was a cut-off best put nowhere"):
        whole_path(plan, path_data(columns, y, plan), bootstrap(60, 5, 1))


def test_a_path_without_an_end_in_all_patients_is_refused():
    columns, y = cohort(10)
    columns["sex"] = y.astype(float)
    plan = Plan((Candidate("sex"), Candidate("age")), rule=Rule(separated="drop"))

    with pytest.raises(AnalysisError, match="no model in all patients: it separates"):
        whole_path(plan, path_data(columns, y, plan), bootstrap(60, 5, 1))
    with pytest.raises(ValueError, match="the same patients"):
        whole_path(plan, path_data(columns, y, plan), bootstrap(61, 5, 1))


def test_of_several_completed_sets_the_mean_is_told():
    columns, y = cohort(9, n=90)
    plan = Plan((Candidate("age"), Candidate("metastasis")), backward=Backward(alpha=0.1))
    drawn, chance = bootstrap(90, 8, seed=2), np.random.default_rng(2)
    sets = [
        path_data(columns | {"age": columns["age"] + chance.normal(0, 6, 90)}, y, plan)
        for _ in range(3)
    ]
    each = [whole_path(plan, one, drawn) for one in sets]
    found = whole_path(plan, sets[0], drawn, completed=[sets[0]] * 8, sets=sets)

    for name in ("auc", "brier", "r2"):
        expected = np.mean([one.optimism.measures[name].apparent for one in each])
        assert expected == pytest.approx(found.optimism.measures[name].apparent, abs=1e-12)
    assert np.allclose(np.mean([one.apparent.risk for one in each], axis=0), found.apparent.risk)
    assert np.allclose(np.mean([one.apparent.coef for one in each], axis=0), found.apparent.coef)
    data = path_data(columns, y, CLASSIC)
    with pytest.raises(ValueError, match="in one set of patients"):
        whole_path(CLASSIC, data, drawn, sets=[data, data])
