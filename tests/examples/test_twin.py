"""The twin cohort carries every figure the paper prints.

Everything is recomputed from the CSV files with plain arithmetic; only p values and the logistic
fit borrow scipy and statsmodels. Targets: Bel Lakhdar et al., World J Nucl Med 2024,
doi 10.1055/s-0044-1787731, Tables 1 and 2, Fig. 1; the sums behind the printed means and standard
deviations are the only whole numbers that round to them.
"""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest

HIGH_RISK = {"tall cell", "columnar", "hobnail", "diffuse sclerosing", "solid/trabecular"}


def numbers(rows, name):
    return np.array([int(row[name]) for row in rows])


def metastasis(row):
    return "yes" in (row["nodal_metastasis"], row["distant_metastasis"])


FACTORS = {
    "female": lambda row: row["sex"] == "female",
    "age_54": lambda row: int(row["age_at_diagnosis"]) >= 54,
    "metastasis": metastasis,
    "diameter_29": lambda row: int(row["diameter"]) >= 29,
    "extrathyroidal_extension": lambda row: row["extrathyroidal_extension"] == "yes",
    "multifocal": lambda row: row["multifocal"] == "yes",
    "ptc": lambda row: row["histology"] == "PTC",
    "high_risk": lambda row: row["histology_subtype"] in HIGH_RISK,
    "ftc": lambda row: row["histology"] == "FTC",
    "oca": lambda row: row["histology"] == "OCA",
}


def test_flow_loses_178_and_then_32_and_another_order_counts_otherwise(tables, analysed):
    patients = tables["patients"]
    lost = [row for row in patients if row["follow_up_complete"] == "no"]
    untreated = [row for row in patients if row["received_rai"] == "no"]
    both = [row for row in lost if row["received_rai"] == "no"]

    assert len(patients) == 300
    assert len({row["patient_id"] for row in patients}) == 300
    assert (len(lost), len(untreated) - len(both), len(analysed)) == (178, 32, 90)
    assert len(both) == 21


def test_thirty_two_are_refractory_and_each_criterion_decides_for_some(met):
    alone = {letters for letters in met.values() if len(letters) == 1}
    several = [letters for letters in met.values() if len(letters) > 1]

    assert sum(bool(letters) for letters in met.values()) == 32
    assert sum(not letters for letters in met.values()) == 58
    assert alone == set("ABCDE")
    assert {"BC", "BD", "CE"} <= set(several)


def test_ages_have_the_printed_mean_and_deviation_and_run_from_17_to_77(groups):
    cases, controls = (numbers(rows, "age_at_diagnosis") for rows in groups)

    assert (cases.sum(), (cases**2).sum(), len(cases)) == (1698, 96_288, 32)
    assert (controls.sum(), (controls**2).sum(), len(controls)) == (2577, 124_263, 58)
    assert f"{cases.mean():.2f} {cases.std(ddof=1):.3f}" == "53.06 14.128"
    assert f"{controls.mean():.2f} {controls.std(ddof=1):.3f}" == "44.43 13.088"
    everyone = np.concatenate([cases, controls])
    assert (everyone.min(), everyone.max()) == (17, 77)
    assert (np.sum(cases == 54), np.sum(controls == 54)) == (0, 2)


def test_diameters_have_the_printed_mean_and_deviation(groups):
    cases, controls = (numbers(rows, "diameter") for rows in groups)

    assert (cases.sum(), (cases**2).sum()) == (1302, 68_666)
    assert (controls.sum(), (controls**2).sum()) == (1155, 32_919)
    assert f"{cases.mean():.3f} {cases.std(ddof=1):.4f}" == "40.688 22.4979"
    assert f"{controls.mean():.3f} {controls.std(ddof=1):.4f}" == "19.914 13.1913"


@pytest.mark.parametrize(
    ("field", "cutoff", "auc", "sensitivity", "specificity"),
    [("age_at_diagnosis", 55, "0.681", "59.4", "75.9"), ("diameter", 29, "0.790", "65.6", "75.9")],
)
def test_roc_curve_has_the_printed_area_and_one_youden_optimum(
    groups, field, cutoff, auc, sensitivity, specificity
):
    cases, controls = (numbers(rows, field) for rows in groups)
    wins = sum((case > other) + (case == other) / 2 for case in cases for other in controls)
    observed = sorted({*cases, *controls})
    youden = {cut: np.mean(cases >= cut) + np.mean(controls < cut) - 1 for cut in observed}
    best, second = sorted(youden.values(), reverse=True)[:2]

    assert f"{wins / (32 * 58):.3f}" == auc
    assert max(youden, key=youden.get) == cutoff
    assert best - second > 0.005  # no other cut-off ties, however the sum is rounded
    assert f"{100 * np.mean(cases >= cutoff):.1f}" == sensitivity
    assert f"{100 * np.mean(controls < cutoff):.1f}" == specificity


def test_the_age_point_lies_between_54_and_55(groups):
    ages = {int(row["age_at_diagnosis"]) for rows in groups for row in rows}
    controls = numbers(groups[1], "age_at_diagnosis")

    assert {54, 55} <= ages
    assert (np.sum(controls < 55), np.sum(controls < 54)) == (44, 42)  # 75.9 % and 72.4 %


@pytest.mark.parametrize(
    ("factor", "cases", "controls", "p"),
    [
        ("female", (30, 2), (53, 5), "1.000"),
        ("age_54", (19, 13), (16, 42), "0.006"),  # Fisher; the printed 0.004 is tested below
        ("metastasis", (18, 14), (4, 54), "0.000"),
        ("diameter_29", (21, 11), (14, 44), "0.000"),
        ("extrathyroidal_extension", (3, 29), (4, 54), "0.696"),
        ("multifocal", (12, 20), (14, 44), "0.226"),
        ("ptc", (25, 7), (53, 5), "0.106"),
        ("high_risk", (2, 23), (1, 52), "0.239"),
        ("ftc", (4, 28), (5, 53), "0.716"),
        ("oca", (3, 29), (0, 58), "0.042"),
    ],
)
def test_counts_of_table_1_and_their_fisher_p(groups, factor, cases, controls, p):
    from scipy.stats import fisher_exact

    asked = [
        [row for row in rows if factor != "high_risk" or row["histology"] == "PTC"]
        for rows in groups
    ]
    found = [Counter(FACTORS[factor](row) for row in rows) for rows in asked]
    counts = [(count[True], count[False]) for count in found]

    assert counts == [cases, controls]
    assert f"{fisher_exact(counts)[1]:.3f}" == p


@pytest.mark.parametrize(
    ("field", "t", "p"), [("age_at_diagnosis", 2.911, 0.00456), ("diameter", 5.530, 3.239e-07)]
)
def test_means_differ_by_the_pooled_t_that_table_1_prints(groups, field, t, p):
    # From the printed means and SDs: t 2.91085, p 0.004565 and t 5.53005, p 3.238e-07, which
    # differ from these in the fourth digit because the printed values are rounded.
    from scipy.stats import ttest_ind

    got = ttest_ind(*(numbers(rows, field) for rows in groups), equal_var=True)

    assert got.statistic == pytest.approx(t, abs=5e-4)
    assert got.pvalue == pytest.approx(p, rel=1e-3)


def matrix(groups, factors):
    rows = [*groups[0], *groups[1]]
    outcome = np.repeat([1.0, 0.0], [len(groups[0]), len(groups[1])])
    return outcome, np.array([[1.0, *(FACTORS[name](row) for name in factors)] for row in rows])


def test_age_54_alone_has_the_printed_wald_p(groups):
    import statsmodels.api as sm

    outcome, design = matrix(groups, ["age_54"])

    assert f"{sm.Logit(outcome, design).fit(disp=0).pvalues[1]:.3f}" == "0.004"


def test_joint_table_is_the_only_one_that_gives_table_2(groups):
    factors = ["age_54", "diameter_29", "metastasis"]
    _, design = matrix(groups, factors)
    cells = Counter("".join(str(int(x)) for x in row[1:]) for row in design)

    assert cells == {
        "000": 30,
        "001": 5,
        "010": 13,
        "011": 7,
        "100": 16,
        "101": 4,
        "110": 9,
        "111": 6,
    }


def test_logistic_model_gives_table_2_to_the_digit(groups):
    import statsmodels.api as sm

    outcome, design = matrix(groups, ["age_54", "diameter_29", "metastasis"])
    fit = sm.Logit(outcome, design).fit(disp=0, method="newton", maxiter=50)
    ends = np.exp(fit.conf_int())
    lines = [
        f"{np.exp(fit.params[i]):.3f} {ends[i][0]:.3f} {ends[i][1]:.3f} {fit.pvalues[i]:.3f}"
        for i in (1, 2, 3)
    ]

    assert lines == [
        "6.502 1.832 23.080 0.004",
        "6.666 1.962 22.641 0.002",
        "22.553 5.099 99.752 0.000",
    ]
    assert f"{fit.params[0]:.4f} {-2 * fit.llf:.4f}" == "-3.0847 70.2316"
