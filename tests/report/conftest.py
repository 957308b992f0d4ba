"""A realistic report, made up, with everything a report may hold. Built once for all writers."""

from __future__ import annotations

import pytest

from avidity.report.document import (
    Bullets,
    Cell,
    Checklist,
    Column,
    Document,
    Figure,
    Footnote,
    Heading,
    Item,
    Notice,
    Paragraph,
    Part,
    Properties,
    Ref,
    Row,
    Span,
    Table,
    said,
)
from avidity.report.figures.distribution import distribution
from avidity.report.figures.flow import flow
from avidity.report.figures.forest import forest
from avidity.report.figures.heat import heat
from avidity.report.figures.inputs import (
    Agreement,
    CutPoint,
    Distribution,
    Flow,
    FlowLeft,
    FlowStage,
    FlowStep,
    Forest,
    ForestRow,
    GroupCounts,
    RocCurve,
)
from avidity.report.figures.roc import roc

FLOW = Flow(
    FlowStep("Records of patients with differentiated thyroid cancer, 2010–2022", 300),
    (
        FlowStage((FlowLeft("Incomplete follow-up", 178),), FlowStep("Complete follow-up", 122)),
        FlowStage(
            (
                FlowLeft("Radioiodine not given", 32),
                FlowLeft("Younger than 16 at diagnosis", 0),
                FlowLeft("Outcome cannot be decided: a post-therapy scan is missing", 0),
            ),
            FlowStep("Treated with radioiodine and included", 90),
        ),
    ),
    (FlowStep("Radioiodine-refractory", 32), FlowStep("Not refractory", 58)),
)
AGE_FPR = (0, 0.05, 0.05, 0.1, 0.16, 0.16, 0.241, 0.33, 0.33, 0.45, 0.6, 0.6, 0.8, 1, 1)
AGE_TPR = (0, 0, 0.125, 0.22, 0.22, 0.4, 0.594, 0.6, 0.69, 0.78, 0.78, 0.875, 0.9, 0.97, 1)
CURVES = (
    RocCurve(
        "Diameter",
        (0, 0.0, 0.03, 0.03, 0.1, 0.1, 0.241, 0.241, 0.35, 0.35, 0.5, 0.62, 0.8, 1, 1),
        (0, 0.16, 0.2, 0.34, 0.4, 0.53, 0.6, 0.656, 0.7, 0.81, 0.875, 0.94, 0.97, 0.97, 1),
        "AUC 0.790 (95% CI 0.693 to 0.888)",
        (CutPoint(0.241, 0.656, "≥ 29 mm\n66% / 76%"),),
    ),
    RocCurve(
        "Age at diagnosis",
        AGE_FPR,
        AGE_TPR,
        "AUC 0.681 (95% CI 0.564 to 0.798)",
        (CutPoint(0.241, 0.594, "≥ 55 years\n59% / 76%"),),
    ),
)
FOREST = Forest(
    (
        ForestRow("Age at diagnosis, years"),
        ForestRow("< 54", text="1 (reference)", indent=True),
        ForestRow("≥ 54", 6.502, 1.832, 23.08, "6.50 (1.83 to 23.1)", "0.004", indent=True),
        ForestRow("Diameter ≥ 29 mm", 6.666, 1.962, 22.641, "6.67 (1.96 to 22.6)", "0.002"),
        ForestRow("Distant metastasis", 22.553, 5.099, 99.752, "22.6 (5.10 to 99.8)", "<0.001"),
        ForestRow("Sex, male against female", 0.71, 0.13, 3.87, "0.71 (0.13 to 3.87)", "0.69"),
        ForestRow("Histology"),
        ForestRow("Papillary", text="1 (reference)", indent=True),
        ForestRow("Follicular", 1.7, 0.42, 6.85, "1.70 (0.42 to 6.85)", "0.46", indent=True),
        ForestRow(
            "Oncocytic carcinoma (formerly Hürthle cell), any extent",
            13.9,
            1.28,
            1890.0,
            "13.9 (1.28 to 1,890)",
            "0.028",
            firth=True,
            indent=True,
        ),
    ),
    lower_means="less often refractory",
    higher_means="more often refractory",
)
DIAMETER = Distribution(
    "Largest diameter",
    "mm",
    tuple(range(0, 100, 10)),
    (
        GroupCounts("Refractory", (1, 3, 7, 8, 4, 3, 3, 2, 1)),
        GroupCounts("Not refractory", (15, 22, 11, 5, 3, 1, 1, 0, 0)),
    ),
    29,
    "cut-off 29 mm",
)
NAMES = ("bellakhdar-2024", "ata-2015", "martinique-2019", "snmmi-eanm-2022", "ata-2025")
AGREEMENT = Agreement(
    NAMES,
    (32, 30, 27, 35, 29),
    tuple(tuple(90 if i == j else 88 - 3 * abs(i - j) for j in range(5)) for i in range(5)),
    tuple(tuple(90 for _ in range(5)) for _ in range(5)),
    tuple(
        tuple(
            1.0 if i == j else (None if {i, j} == {1, 4} else 0.95 - 0.21 * abs(i - j))
            for j in range(5)
        )
        for i in range(5)
    ),
)


def numbers(text, *parts, notes=()):
    named = tuple(Part(name, value, f"/table1/{name}") for name, value in parts)
    return Cell(text, parts=named, notes=notes)


def p_cell(text, value, *notes):
    return Cell(text, value, source="/table1/p_value", notes=notes)


def baseline():
    columns = (
        Column("Characteristic"),
        Column("All (n = 90)", "right"),
        Column("Yes (n = 32)", "right", "Radioiodine-refractory"),
        Column("No (n = 58)", "right", "Radioiodine-refractory"),
        Column("SMD", "right", notes=("smd",)),
        Column("p", "right"),
    )
    rows = (
        Row(
            (
                Cell("Age at diagnosis, years"),
                numbers("47.5 ± 14.0", ("mean", 47.5), ("sd", 14.0213)),
                numbers("53.1 ± 14.1", ("mean", 53.0625), ("sd", 14.128)),
                numbers("44.4 ± 13.1", ("mean", 44.4310345), ("sd", 13.0884)),
                Cell("0.63", 0.6338, source="/table1/smd"),
                p_cell("0.005", 0.004762, "t"),
            )
        ),
        Row(
            (
                Cell("Sex"),
                Cell(),
                Cell(),
                Cell(),
                Cell("0.09", 0.0891),
                p_cell("1.00", 1.0, "fisher"),
            ),
            "group",
        ),
        Row((Cell("female"), *counts(83, 90, 30, 32, 53, 58), Cell(), Cell()), "level"),
        Row((Cell("male"), *counts(7, 90, 2, 32, 5, 58), Cell(), Cell()), "level"),
        Row((Cell("Tumour"),), "group"),
        Row(
            (
                Cell("Distant metastasis"),
                *counts(22, 90, 18, 32, 4, 58),
                Cell("1.27", 1.2691, emphasis=True),
                p_cell("<0.001", 2.6e-7, "fisher"),
            ),
            "level",
        ),
        Row((Cell("Patients"), *counts(90, 90, 32, 90, 58, 90), Cell(), Cell()), "total"),
    )
    notes = (
        Footnote(
            said("Values are mean ± SD or n (%). Where a value was missing, see ", Ref("missing"))
        ),
        Footnote(said("Fisher's exact test, two-sided by minimum likelihood."), "fisher"),
        Footnote(said("Student's t test with pooled variance."), "t"),
        Footnote(said("Standardised mean difference, absolute."), "smd"),
    )
    return Table(
        "baseline",
        "Characteristics of the patients by outcome",
        columns,
        rows,
        notes,
        "One row per characteristic; columns for all patients, by outcome, and their comparison.",
    )


def counts(*pairs):
    return tuple(
        numbers(f"{n} ({100 * n / of:.1f}%)", ("n", n), ("share", n / of))
        for n, of in zip(pairs[::2], pairs[1::2], strict=True)
    )


def missing():
    rows = tuple(
        Row((Cell(f"Variable {at}"), Cell(str(at), at), Cell(f"{at / 90:.1%}", at / 90)))
        for at in range(60)
    )
    return Table(
        "missing",
        "Missing values, a long table",
        (Column("Variable"), Column("Missing, n", "right"), Column("Missing, %", "right")),
        rows,
        description="One row per variable.",
    )


def checklist():
    items = (
        Item("1a", "Title", "Indicate the study's design with a commonly used term."),
        Item(
            "13a",
            "Participants",
            "Report numbers of individuals at each stage of study.",
            said("300 records, 122 with complete follow-up, 90 included; see ", Ref("flow")),
            (Ref("flow"),),
        ),
        Item(
            "14b",
            "Descriptive data",
            "Number with missing data.",
            None,
            (Ref("missing"), Ref("results")),
        ),
        Item("22", "Funding", "Give the source of funding and the role of the funders."),
    )
    return Checklist("strobe", "STROBE, cohort studies", items, said("Blanks are for the authors."))


def blocks():
    return (
        Notice(
            "made data",
            "These patients are made up",
            (said("300 records made by a seeded script from published figures. No real patient."),),
        ),
        Notice(
            "warning",
            "What to know before reading on",
            (
                said(
                    "Distant metastasis",
                    " is read by the definition of the outcome and by the model.",
                ),
                said(
                    "32 cases for 3 terms: ",
                    Span("10.7", "/model/cases_per_term"),
                    " cases per term.",
                ),
                said("Oncocytic carcinoma separates the outcome; see ", Ref("multivariable"), "."),
            ),
        ),
        Paragraph(
            said(
                "Of 300 records, ",
                Span("90", "/flow/included"),
                " patients were included and ",
                Span("32 (35.6%)", "/outcome/share", bold=True),
                " were radioiodine-refractory.",
            ),
            "lead",
        ),
        Heading(1, "Methods", "methods"),
        Heading(2, "Patients", "patients"),
        Paragraph(
            said(
                "Eligibility was decided by the rules of the study file, in their order (",
                Ref("flow"),
                "). The outcome is ",
                Span("bellakhdar-2024", code=True),
                ", version 1: activity above 22.2 GBq, that is 600 mCi; uptake below 0.1%; ",
                Span("in vitro", italic=True),
                " findings did not count",
                Span("1", superscript=True),
                ".",
            )
        ),
        Bullets((said("An answer is yes, no or cannot say."), said("Cannot say is not no."))),
        Bullets((said("Read the tables."), said("Check them."), said("Decide.")), ordered=True),
        Figure(
            "flow",
            "The way of the patients into the study",
            "Of 300 records 178 left for follow-up and 32 without radioiodine.",
            flow(FLOW),
        ),
        Heading(1, "Results", "results", new_page=True),
        Heading(2, "Characteristics", "characteristics"),
        Paragraph(said("Refractory patients were older (", Ref("baseline"), ").")),
        baseline(),
        Heading(2, "Cut-offs", "cut-offs"),
        Figure("curves", "ROC curves of diameter and age", "Diameter lies above age.", roc(CURVES)),
        Figure(
            "diameter",
            "Diameter by outcome",
            "Refractory tumours are larger.",
            distribution(DIAMETER),
        ),
        Heading(2, "Independent factors", "factors"),
        Figure(
            "forest",
            "Odds ratios of the multivariable model",
            "Distant metastasis has the largest ratio, 22.6.",
            forest(FOREST),
            said("Numbers in ", Ref("multivariable"), "."),
        ),
        multivariable(),
        Heading(2, "Agreement of the definitions", "agreement"),
        Figure(
            "heat", "Agreement between definitions", "Kappa from 0.11 to 0.74.", heat(AGREEMENT)
        ),
        Heading(1, "Appendix", "appendix"),
        missing(),
        Heading(2, "Reporting checklist", "checklist"),
        checklist(),
        Paragraph(said("No clock was read while this report was made."), "small"),
    )


def multivariable():
    def line(name, odds, low, high, text, p, p_text):
        parts = (Part("low", low, "/model/low"), Part("high", high, "/model/high"))
        return Row(
            (
                Cell(name),
                Cell(f"{odds:.2f}", odds, source="/model/terms/0/odds_ratio"),
                Cell(text, parts=parts),
                Cell(p_text, p, source="/model/terms/0/p_value"),
            )
        )

    rows = (
        line("Age ≥ 54 years", 6.5021, 1.83182, 23.0797, "1.83 to 23.1", 0.0038, "0.004"),
        line("Diameter ≥ 29 mm", 6.6659, 1.96231, 22.6412, "1.96 to 22.6", 0.0024, "0.002"),
        line("Oncocytic carcinoma", 13.8812, 1.2849, float("inf"), "1.28 to ∞", 2.8e-2, "0.028"),
    )
    columns = (
        Column("Factor"),
        Column("Odds ratio", "right"),
        Column("95% CI", "right"),
        Column("p", "right"),
    )
    notes = (Footnote(said("Logistic regression; Wald intervals and p values.")),)
    return Table(
        "multivariable", "Multivariable model", columns, rows, notes, "One row per factor."
    )


@pytest.fixture(scope="session")
def sample():
    return Document(
        "Predictive factors of radioiodine-refractory differentiated thyroid cancer",
        blocks(),
        "A retrospective cohort study of 90 patients, analysed with avidity",
        "en-GB",
        Properties(
            author="Department of Nuclear Medicine",
            subject="Study report",
            description="Cohort study of who becomes radioiodine-refractory.",
            keywords=("thyroid cancer", "radioiodine", "ROC"),
            made_with="avidity 0.1.0",
        ),
    )


HOSTILE = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "#panic[boom] $x^2$ *bold* _it_ @ref <label> \\ `raw` // no",
    '=cmd|"/c calc"!A1',
    '=HYPERLINK("http://evil.example","x")',
    "+1+1",
    "@SUM(A1)",
    "-2+3",
    "http://evil.example/x",
    "{{ 7*7 }} {% raw %}",
    "$\\frac{1}{0}$",
    "a\u0007b\x0bc",
    "]]> &amp; &#x41; \u202eabc",
)


@pytest.fixture(scope="session")
def hostile():
    """A document whose every text tries to be something else."""
    cells = tuple(Row((Cell(text), Cell(text, text), Cell("1", 1))) for text in HOSTILE)
    evil = " ".join(HOSTILE)
    columns = (Column(HOSTILE[0]), Column(HOSTILE[3]), Column("n", "right", HOSTILE[2]))
    curve = RocCurve(HOSTILE[0], (0, 0, 1), (0, 1, 1), HOSTILE[10], (CutPoint(0, 1, HOSTILE[2]),))
    return Document(
        evil,
        (
            Notice("warning", evil, (said(evil), said(evil))),
            Heading(1, evil, "evil"),
            *(Paragraph(said(text, Span(text, code=True, source=text))) for text in HOSTILE),
            Bullets(tuple(said(text) for text in HOSTILE)),
            Table("bad", evil, columns, cells, (Footnote(said(evil)),), evil),
            Figure("worse", evil, evil, roc((curve,)), said(evil)),
            Checklist("worst", evil, (Item(evil, evil, evil, said(evil), (Ref("bad"),)),)),
        ),
        evil,
        properties=Properties(evil, evil, evil, (evil,), evil),
    )
