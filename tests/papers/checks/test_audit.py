"""The audit of the seed paper, of three invented ones, and of papers broken on purpose."""

import copy
import tomllib
from pathlib import Path

import pytest

from avidity.papers.audit import audit
from avidity.papers.paper import Paper
from avidity.papers.paper_file import read_paper

PAPERS = Path(__file__).resolve().parents[3] / "examples" / "papers"


@pytest.fixture(scope="module")
def seed():
    return audit(read_paper(PAPERS / "bellakhdar-2024"))


def told(found, path, severity=None):
    return [one for one in found.findings if one.path == path and severity in (None, one.severity)]


def words(findings):
    return " ".join(
        part for one in findings for part in (one.what, *one.arithmetic, *one.explanations)
    )


# ---- the seed: every contradiction that can be computed --------------------------------------


def test_nothing_of_the_seed_is_impossible_and_what_is_inconsistent_is_known(seed):
    inconsistent = {one.path for one in seed.findings if one.severity == "inconsistent"}

    assert 0 == seed.counts["impossible"]
    assert {
        "row.age_54.p",
        "roc.age.specificity",
        "row.histology.percent.ptc.all",
    } == inconsistent


def test_the_shares_of_subtypes_in_the_methods_contradict_the_results(seed):
    (one,) = told(seed, "row.histology.percent.ptc.all")

    assert "Methods and Table 1 contradict each other in 5 figures" in one.what
    for said in (
        "78 of 90 = 86.7%",
        "9 of 90 = 10.0%",
        "3 of 90 = 3.3%",
        "0 of 90",
        "add up to 101",
    ):
        assert said in words([one])


def test_the_specificity_at_the_age_cut_is_44_and_not_42_of_58(seed):
    (one,) = told(seed, "roc.age.specificity")

    assert "75.9 is 44 of 58" in one.what
    assert "42 of 58 (72.4%)" in one.what
    assert "2 patients have exactly 54, without the outcome" in one.explanations[0]
    assert "midpoint" in one.explanations[0]
    assert "Diameter" in one.explanations[1]
    assert [] == told(seed, "roc.age.sensitivity")
    assert "inconsistent" not in {one.severity for one in told(seed, "roc.diameter.specificity")}


def test_the_p_at_the_age_cut_is_a_univariable_logistic_wald_p(seed):
    (one,) = told(seed, "row.age_54.p", "inconsistent")

    assert "univariable logistic regression, Wald: 0.0038" in one.arithmetic
    assert "chi-square (Pearson): 0.0031" in one.arithmetic
    assert one.explanations[0].startswith("it is the p of: univariable logistic regression, Wald")
    assert "Table 2" in one.explanations[1]


def test_every_other_p_of_counts_is_fishers(seed):
    (policy,) = [one for one in seed.policies if one.kind == "2 × 2 counts"]
    (one,) = told(seed, "row.multifocal.p")

    assert 9 == len(policy.best_rows)
    assert "unusual" == one.severity
    for p in ("0.696", "0.226", "0.106", "0.239", "0.716", "0.042"):
        assert f"printed {p}" in words([one])


def test_the_age_p_is_the_pooled_t_and_the_diameters_sds_speak_against_it(seed):
    (age,) = told(seed, "row.age.p")
    (diameter,) = [one for one in told(seed, "row.diameter.p") if "SDs" in one.what]

    assert ("remark", True) == (age.severity, "Welch's differs" in age.what)
    assert "0.0045 to 0.0046" in words([age])
    assert "0.0060 to 0.0061" in words([age])
    assert ("unusual", True) == (diameter.severity, "1.7-fold" in diameter.what)


def test_p_of_zero_the_empty_cell_and_the_three_patients(seed):
    (zero,) = told(seed, "row.metastasis.p")
    few, dropped = told(seed, "row.oca.p", "unusual"), told(seed, "row.oca.p", "remark")

    assert "0.000 in 4 places" in zero.what
    assert "0.0844" in words(few)
    assert "3 patients" in words(few)
    assert "3 of 32 and 0 of 58" in words(dropped)


def test_the_areas_have_no_interval_and_agree_with_means_and_sds(seed):
    for name, ends, normal in (
        ("age", "0.562 to 0.800", "0.673"),
        ("diameter", "0.686 to 0.894", "0.787"),
    ):
        found = told(seed, f"roc.{name}.auc")
        assert ["remark"] == [one.severity for one in found]
        assert ends in words(found)
        assert normal in words(found)


def test_the_remarks_on_the_design(seed):
    said = words(one for one in seed.findings if one.subject == "design")

    for part in (
        "59% of those screened were left out for incomplete follow-up",
        "32 / 10 = 3.2",
        "32 / 3 = 10.7",
        "cut where these data separate best",
        "univariable p below 0.05",
        "without its intercept",
        "no area under the curve, no calibration and no validation",
        "part of the outcome's own definition",
        "14 of 32 without it",
        "54 of 58 without it",
        "Nothing is said of missing values and the length of follow-up (and from when)",
    ):
        assert part in said


def test_the_seeds_flow_moments_and_odds_ratios_are_in_order(seed):
    found = {one.subject: one for one in seed.checked}

    for subject, looked_at in (("flow", 2), ("means and SDs", 4), ("odds ratios", 3)):
        assert (looked_at, ()) == (found[subject].looked_at, found[subject].findings)


def test_each_finding_names_its_line(seed):
    text = (PAPERS / "bellakhdar-2024" / "paper.toml").read_text("utf-8").splitlines()
    (curve,) = told(seed, "roc.age.specificity")
    (share,) = told(seed, "row.histology.percent.ptc.all")

    assert "75.9" in text[curve.line - 1]
    assert "57" in text[share.line - 1]


# ---- invented papers ---------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["invented-a", "invented-b", "invented-c"])
def test_an_invented_honest_paper_raises_no_alarm(name):
    found = audit(read_paper(PAPERS / name))

    assert (0, 0) == (found.counts["impossible"], found.counts["inconsistent"])
    assert not any(one.unexplained for one in found.policies)


# ---- papers broken on purpose ------------------------------------------------------------------


def broken(change):
    """The seed with one figure changed."""
    content = copy.deepcopy(
        tomllib.loads((PAPERS / "bellakhdar-2024" / "paper.toml").read_text("utf-8"))
    )
    change(content)
    return audit(Paper.model_validate(content))


def row(content, name):
    return next(one for one in content["row"] if one["variable"] == name)


def put(name, *keys):
    """A change: put the last value at these keys of a row."""
    *way, last, value = keys

    def change(content):
        here = row(content, name)
        for key in way:
            here = here.setdefault(key, {})
        here[last] = value

    return change


def flow(key, value):
    return lambda content: content["flow"].__setitem__(key, value)


def term(key, value):
    return lambda content: content["model"][0]["term"][0].__setitem__(key, value)


def curve(key, value):
    return lambda content: content["roc"][1].__setitem__(key, value)


@pytest.mark.parametrize(
    ("change", "path", "severity", "said"),
    [
        (flow("included", "91"), "flow.included", "inconsistent", "300 − 178 − 32 = 90"),
        (flow("screened", "200"), "flow.screened", "impossible", "178 + 32 = 210 > 200"),
        (
            put("multifocal", "count", "yes", "rair", "15"),
            "row.multifocal.count.yes.rair",
            "impossible",
            "15 + 20 = 35",
        ),
        (
            put("multifocal", "count", "no", "rair", "18"),
            "row.multifocal.count.yes.rair",
            "unusual",
            "2 patients of the group not counted",
        ),
        (
            put("ftc", "count", "yes", "rair", "9"),
            "row.ptc.count.yes.rair",
            "impossible",
            "more patients than the group",
        ),
        (
            put("multifocal", "count", "yes", "all", "27"),
            "row.multifocal.count.yes.all",
            "inconsistent",
            "12 + 14 = 26",
        ),
        (
            put("multifocal", "percent", "yes", {"rair": "38.5"}),
            "row.multifocal.percent.yes.rair",
            "inconsistent",
            "12 of 32 is 37.5%",
        ),
        (put("age", "mean", "rair", "53.08"), "row.age.mean.rair", "inconsistent", "fits 26"),
        (
            lambda content: [
                put("age", "mean", "rair", "53.08")(content),
                put("age", "n", {"rair": "32"})(content),
            ],
            "row.age.mean.rair",
            "impossible",
            "nearest means 53.094",
        ),
        (
            lambda content: [
                put("age", "sd", "rair", "14.130")(content),
                put("age", "n", {"rair": "32"})(content),
            ],
            "row.age.sd.rair",
            "impossible",
            "nearest possible",
        ),
        (
            put("age", "se", {"rair": "14.128"}),
            "row.age.se.rair",
            "inconsistent",
            "mixed up",
        ),
        (
            put("age", "mean", "all", "50.00"),
            "row.age.mean.all",
            "inconsistent",
            "give 47.498",
        ),
        (put("age", "median", {"rair": "80"}), "row.age.median.rair", None, ""),
        (
            lambda content: [
                put("age", "median", {"rair": "60"})(content),
                put("age", "q3", {"rair": "58"})(content),
            ],
            "row.age.q3.rair",
            "impossible",
            "above the upper quartile",
        ),
        (put("age", "minimum", {"rair": "55"}), "row.age.mean.rair", "impossible", "below the"),
        (put("ftc", "p", "0.900"), "row.ftc.p", "inconsistent", "no test gives"),
        (put("ftc", "test", "pearson"), "row.ftc.p", "inconsistent", "names ‘pearson’"),
        (
            term("odds_ratio", "25.0"),
            "model.multivariable.age_54.odds_ratio",
            "impossible",
            "outside",
        ),
        (term("odds_ratio", "8.0"), "model.multivariable.age_54.odds_ratio", "unusual", "middle"),
        (term("p", "0.040"), "model.multivariable.age_54.p", "inconsistent", "0.0038"),
        (term("beta", "-1.872"), "model.multivariable.age_54.beta", "inconsistent", "turned round"),
        (
            lambda content: [
                term("beta", "1.872")(content),
                term("se", "0.646")(content),
                term("wald", "12.4")(content),
            ],
            "model.multivariable.age_54.wald",
            "inconsistent",
            "(1.872 / 0.646)²",
        ),
        (
            curve("sensitivity", "66.0%"),
            "roc.diameter.sensitivity",
            "inconsistent",
            "21/32 = 65.6%",
        ),
        (curve("auc", "0.450"), "roc.diameter.auc", "impossible", "between 0.498"),
        (
            lambda content: [curve("low", "0.80")(content), curve("high", "0.90")(content)],
            "roc.diameter.auc",
            "impossible",
            "outside its interval",
        ),
        (curve("ppv", "90.0%"), "roc.diameter.sensitivity", "inconsistent", "not together"),
        (curve("accuracy", "75.6%"), "roc.diameter.sensitivity", "inconsistent", "not together"),
        (
            lambda content: content["statement"].append(
                {"fact": "row.age.mean.rair", "printed": "53.6", "where": "Abstract"}
            ),
            "row.age.mean.rair",
            "inconsistent",
            "53.6 in Abstract",
        ),
    ],
)
def test_a_broken_figure_is_found(change, path, severity, said):
    found = told(broken(change), path)

    if severity is None:
        assert "impossible" not in {one.severity for one in found}
        return
    assert severity in {one.severity for one in found}
    assert said in words(found)


def test_a_crude_odds_ratio_must_be_that_of_the_counts():
    def change(content):
        content["model"].append(
            {
                "name": "crude",
                "kind": "univariable",
                "term": [
                    {"variable": "age_54", "odds_ratio": "0.26", "low": "0.10", "high": "0.66"}
                ],
            }
        )

    (one,) = told(broken(change), "model.crude.age_54.odds_ratio")

    assert "3.84" in one.what
    assert "turned round" in one.explanations[0]


def test_medians_that_leave_no_room_for_the_printed_p():
    def change(content):
        age = row(content, "age")
        del age["mean"], age["sd"]
        age["minimum"] = {"rair": "60", "other": "20"}
        age["maximum"] = {"rair": "80", "other": "50"}
        age["median"] = {"rair": "70", "other": "40"}
        age["p"] = "0.200"

    (one,) = [one for one in told(broken(change), "row.age.p") if "quantiles" in one.what]

    assert "inconsistent" == one.severity


@pytest.mark.parametrize(
    ("figures", "said"),
    [
        (
            {
                "lr_chi2": "46.92",
                "lr_df": "3",
                "lr_p": "<0.001",
                "minus_2ll": "70.232",
                "cox_snell": "0.406",
                "nagelkerke": "0.558",
            },
            "",
        ),
        ({"minus_2ll": "70.232", "nagelkerke": "0.588"}, "do not go together"),
        (
            {"hosmer_lemeshow": "6.6", "hosmer_lemeshow_df": "8", "hosmer_lemeshow_p": "0.15"},
            "gives p 0.57",
        ),
        ({"hosmer_lemeshow": "6.6", "hosmer_lemeshow_df": "8", "hosmer_lemeshow_p": "0.58"}, ""),
    ],
)
def test_the_figures_of_a_fit_are_held_against_each_other(figures, said):
    # the first are the reconstructed model's own: −2 log likelihood 70.232 (117.147 without terms)
    found = broken(lambda content: content["model"][0].update(figures))
    ours = [one for one in found.findings if one.subject == "test statistics"]

    assert bool(said) == bool(ours)
    assert said in words(ours)


@pytest.mark.parametrize(
    ("test", "statistic", "df", "p", "fine"),
    [
        # R 4.2.2: 2 * pt(-2.2, 28) = 0.0362, pchisq(22.2, 28, lower = FALSE) = 0.772
        ("pooled t", "2.20", "28", "0.03", False),
        ("pooled t", "2.20", "28", "0.04", True),
        ("pooled t", "2.20", "28", "0.018", False),
        ("pearson", "22.20", "28", "0.79", False),
        ("mann-whitney", "-2.20", None, "0.04", False),
    ],
)
def test_a_statistic_must_give_its_p(test, statistic, df, p, fine):
    def change(content):
        row(content, "ftc").update({"test": test, "statistic": statistic, "p": p})
        if df:
            row(content, "ftc")["df"] = df

    found = told(broken(change), "row.ftc.statistic")

    assert fine == (not found)
    if p == "0.018":
        assert "one-sided" in words(found)


@pytest.mark.parametrize(
    ("cells", "p", "severity", "said"),
    [
        ((("19", "16"), ("13", "42")), "0.004", None, ""),
        ((("19", "16"), ("13", "43")), None, "impossible", "91 > 90"),
        ((("19", "17"), ("13", "41")), None, "inconsistent", "36 with Age"),
        ((("20", "15"), ("13", "42")), "0.900", "inconsistent", "no test gives"),
    ],
)
def test_cross_tables(cells, p, severity, said):
    def change(content):
        (a, b), (c, d) = cells
        cross = {
            "name": "one",
            "rows": "age_54",
            "columns": "multifocal",
            "count": {"yes": {"yes": a, "no": b}, "no": {"yes": c, "no": d}},
        }
        content["cross"] = [cross | ({"p": p} if p else {})]
        row(content, "multifocal")["count"] = {}

    ours = [one for one in broken(change).findings if one.subject == "cross tables"]

    assert severity in {one.severity for one in ours} or (severity is None and not ours)
    assert said in words(ours)


def test_what_cannot_be_checked_is_said():
    def change(content):
        del content["group"][0]["event"]
        for one in content["variable"]:
            one.pop("step", None)

    found = broken(change)
    left = {one.subject: one.unanswered for one in found.checked}

    assert 2 == len(left["means and SDs"])
    assert 2 == len(left["ROC curves"])
    assert 0 == found.counts["impossible"]
