import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from avidity.errors import AnalysisError
from avidity.stats.roc import roc
from avidity.stats.roc_comparison import compare_paired, compare_unpaired

# R 4.2.2, pROC 1.18.0 on aSAH:
# > print(roc.test(wfns, s100b, paired = TRUE, method = "delong"), digits = 15)
PAIRED = [
    ("wfns", "s100b", 2.20898359144091, 0.0271757822291882, 0.0104061769564846, 0.174214419249478),
    ("wfns", "ndka", 2.79777591868904, 0.00514557970691098, 0.0634011709, 0.3600405635),
    ("ndka", "s100b", -1.39077002573558, 0.164295175223054, -0.2876917446, 0.0488706064),
]
# > roc.test(wfns, s100b, paired = FALSE); the df of the first pair only is printed there
UNPAIRED = [
    ("wfns", "s100b", 1.43490640926908, 0.152825378808796),
    ("wfns", "ndka", 3.10125096778969, 0.00220950791756457),
    ("ndka", "s100b", -1.55995743389685, 0.120192832430845),
]


@pytest.mark.parametrize(("first", "second", "z", "p", "low", "high"), PAIRED)
def test_paired_test_and_interval_match_r(columns, first, second, z, p, low, high):
    data = columns("asah.csv")
    got = compare_paired(data[first], data[second], data["poor"])

    assert z == pytest.approx(got.test().statistic, rel=1e-12)
    assert p == pytest.approx(got.test().p_value, rel=1e-12)
    assert low == pytest.approx(got.interval().low, rel=1e-9)
    assert high == pytest.approx(got.interval().high, rel=1e-9)
    assert got.test().n == 113


def test_covariance_of_two_areas_matches_r(columns):
    # pROC 1.18.0: cov(wfns, s100b)
    data = columns("asah.csv")
    got = compare_paired(data["wfns"], data["s100b"], data["poor"])
    first, second = roc(data["wfns"], data["poor"]), roc(data["s100b"], data["poor"])

    assert got.covariance == pytest.approx(0.00119615567377, rel=1e-11)
    assert first.variance + second.variance - 2 * got.covariance == pytest.approx(
        got.variance, rel=1e-12
    )
    assert first.auc - second.auc == pytest.approx(got.difference, abs=1e-15)


def test_one_sided_tests_match_r(columns):
    # pROC 1.18.0, one-sided: wfns above s100b, and below
    data = columns("asah.csv")
    got = compare_paired(data["wfns"], data["s100b"], data["poor"])

    assert got.test("greater").p_value == pytest.approx(0.0135878911145941, rel=1e-12)
    assert got.test("less").p_value == pytest.approx(0.986412108885406, rel=1e-12)


@pytest.mark.parametrize(("first", "second", "statistic", "p"), UNPAIRED)
def test_unpaired_test_matches_r(columns, first, second, statistic, p):
    data = columns("asah.csv")
    got = compare_unpaired(roc(data[first], data["poor"]), roc(data[second], data["poor"]))

    assert statistic == pytest.approx(got.test().statistic, rel=1e-12)
    assert p == pytest.approx(got.test().p_value, rel=1e-11)
    if (first, second) == ("wfns", "s100b"):
        assert got.test().df == pytest.approx(206.6610638, rel=1e-9)
    assert (0 in got.interval()) == (p > 0.05)


def test_identical_scores_give_z_0_and_p_1(columns):
    # a bootstrap fall-back in MLstatkit 0.1.91 gives p = 0 here
    data = columns("asah.csv")
    got = compare_paired(data["wfns"], data["wfns"], data["poor"])

    assert got.test().statistic == 0
    assert got.test().p_value == 1
    assert (got.interval().low, got.interval().high) == (0, 0)
    assert got.test("greater").p_value == 0.5


def test_scores_in_the_same_order_are_identical_for_the_test(columns):
    data = columns("asah.csv")
    got = compare_paired(data["ndka"], np.log(data["ndka"]), data["poor"])

    assert got.same_order
    assert got.test().p_value == 1


def test_two_perfect_scores_in_different_order_have_no_interval():
    got = compare_paired([1, 2, 3, 4], [2, 1, 4, 3], [0, 0, 1, 1])

    assert got.interval() is None
    assert got.test().p_value == 1


def test_a_difference_without_variance_has_no_p_value():
    got = compare_paired([1, 2, 3, 4], [4, 3, 2, 1], [0, 0, 1, 1])

    assert got.difference == 1
    assert got.test() is None
    assert got.interval() is None


def test_each_score_has_its_own_direction():
    score, outcome = [1, 4, 2, 3, 5, 6], [0, 1, 0, 1, 0, 1]
    got = compare_paired(score, [-s for s in score], outcome, (False, True))

    assert got.auc_first == got.auc_second
    assert got.same_order


def test_a_single_case_is_refused():
    with pytest.raises(AnalysisError, match="two cases and two controls"):
        compare_paired([1, 2, 3], [1, 3, 2], [0, 0, 1])
    lonely = roc([1, 2, 3], [0, 0, 1])
    with pytest.raises(AnalysisError, match="two cases and two controls"):
        compare_unpaired(lonely, lonely)


def test_two_perfect_areas_of_separate_patients_differ_by_nothing_without_interval():
    perfect = roc([1, 2, 3, 4], [0, 0, 1, 1])
    got = compare_unpaired(perfect, perfect)

    assert got.test().p_value == 1
    assert got.interval() is None


triples = st.lists(
    st.tuples(st.integers(0, 5), st.integers(0, 5), st.booleans()), min_size=5, max_size=25
).filter(lambda rows: 2 <= sum(row[2] for row in rows) <= len(rows) - 2)


@settings(max_examples=50, deadline=None)
@given(triples)
def test_paired_variance_equals_delongs_matrix_by_all_pairs(rows):
    first, second, outcome = (np.array(column) for column in zip(*rows, strict=True))

    def components(score):
        wins = (score[outcome][:, None] > score[~outcome]) * 1.0
        wins += (score[outcome][:, None] == score[~outcome]) * 0.5
        return wins.mean(axis=1), wins.mean(axis=0)

    (a, c), (b, d) = components(first), components(second)
    contrast = np.array([1, -1])
    matrix = np.cov(a, b) / len(a) + np.cov(c, d) / len(c)

    got = compare_paired(first, second, outcome)
    assert contrast @ matrix @ contrast == pytest.approx(got.variance, rel=1e-9, abs=1e-15)
    assert matrix[0, 1] == pytest.approx(got.covariance, rel=1e-9, abs=1e-15)


@settings(max_examples=30, deadline=None)
@given(triples)
def test_changing_the_order_of_the_scores_changes_the_sign_alone(rows):
    first, second, outcome = zip(*rows, strict=True)
    one, two = compare_paired(first, second, outcome), compare_paired(second, first, outcome)

    assert one.difference == pytest.approx(-two.difference, abs=1e-15)
    if one.test() is not None:
        assert one.test().p_value == pytest.approx(two.test().p_value, rel=1e-9)
