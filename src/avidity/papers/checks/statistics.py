"""Whether printed test statistics give their p values, and the figures of a fit each other."""

from __future__ import annotations

from collections.abc import Iterator
from math import exp, log

from avidity.errors import AnalysisError
from avidity.papers.checks.finding import Checked, Finding
from avidity.papers.checks.sheet import Sheet, exact
from avidity.papers.checks.words import fixed, p_words
from avidity.papers.paper import Model
from avidity.said import say, term
from avidity.stats.forensic.printed_p import prints
from avidity.stats.forensic.statistic_p import Law, statistic_p
from avidity.stats.rounded import Rounded

SUBJECT = "test statistics"
LAWS: dict[str, Law] = {
    **dict.fromkeys(("t", "pooled t", "welch t"), "t"),
    **dict.fromkeys(
        ("chi-square", "pearson", "yates", "likelihood ratio", "trend", "kruskal-wallis"),
        "chi-square",
    ),
    "mann-whitney": "z",
}
Range = tuple[float, float]


def check_statistics(sheet: Sheet) -> Checked:
    """Statistics of rows against their p; chi-squares and R² of models against each other."""
    found: list[Finding] = []
    looked_at, unanswered = 0, []
    for row in sheet.paper.rows:
        if row.statistic is None or row.p is None:
            continue
        law = LAWS.get(row.test)
        if law is None:
            unanswered.append(
                say("{label}: which test its statistic is of", label=sheet.label(row.variable))
            )
            continue
        looked_at += 1
        df = None if row.df is None else float(row.df.value)
        path = f"row.{row.variable}.statistic"
        found += _against(sheet, path, (law, row.statistic, df), row.p)
    for model in sheet.paper.models:
        for chi, *others in (
            ("lr_chi2", "lr_df", "lr_p"),
            ("hosmer_lemeshow", "hosmer_lemeshow_df", "hosmer_lemeshow_p"),
        ):
            one, freedom, told = (getattr(model, name) for name in (chi, *others))
            if one and freedom and told:
                looked_at += 1
                given: tuple[Law, Rounded, float] = ("chi-square", one, float(freedom.value))
                found += _against(sheet, f"model.{model.name}.{chi}", given, told)
        looked_at += sum(
            getattr(model, name) is not None for name in ("cox_snell", "nagelkerke", "minus_2ll")
        )
        found += _fit(sheet, model)
    return Checked(SUBJECT, looked_at, tuple(found), tuple(unanswered))


def _against(
    sheet: Sheet, path: str, given: tuple[Law, Rounded, float | None], p: Rounded
) -> Iterator[Finding]:
    law, statistic, df = given
    try:
        ends = statistic_p(law, statistic, df)
    except AnalysisError:
        return  # no degrees of freedom are printed
    if prints(*ends, p, slack=1e-7):
        return
    freedom = "" if df is None else say(" with {df:g} degrees of freedom", df=df)
    half = prints(ends[0] / 2, ends[1] / 2, p, slack=1e-7)
    yield sheet.finding(
        "inconsistent",
        SUBJECT,
        path,
        say(
            "{law} {statistic}{freedom} gives p {p}, printed {p_2}.",
            law=term(law),
            statistic=term(statistic.text),
            freedom=freedom,
            p=p_words(*ends),
            p_2=term(p.text),
        ),
        (
            say(
                "{law} between {value} and {value_2}",
                law=term(law),
                value=fixed(float(statistic.low), 4),
                value_2=fixed(_high(statistic), 4),
            ),
        ),
        (*(("the p is one-sided",) if half else ()), "a misprint"),
    )


def _high(one: Rounded) -> float:
    return float(one.low if one.high is None else one.high)


def _fit(sheet: Sheet, model: Model) -> Iterator[Finding]:
    """The likelihood ratio chi-square, −2 log likelihood and both R² follow from each other."""
    size = _size(sheet, model)
    if size is None:
        return
    n, events = size
    null = -2 * (events * log(events / n) + (n - events) * log(1 - events / n))
    ways: dict[str, Range] = {}
    if model.lr_chi2 is not None:
        ways["the likelihood ratio chi-square"] = float(model.lr_chi2.low), _high(model.lr_chi2)
    if model.minus_2ll is not None:
        ends = null - _high(model.minus_2ll), null - float(model.minus_2ll.low)
        ways["−2 log likelihood"] = ends
    if model.cox_snell is not None:
        ways["Cox and Snell's R²"] = _from_r2(model.cox_snell, n, 1.0)
    if model.nagelkerke is not None:
        ways["Nagelkerke's R²"] = _from_r2(model.nagelkerke, n, 1 - exp(-null / n))
    if not ways or max(low for low, _ in ways.values()) <= min(high for _, high in ways.values()):
        return
    steps = [
        say(
            "{name}: chi-square of the model {value} to {value_2}",
            name=term(name),
            value=fixed(low, 2),
            value_2=fixed(high, 2),
        )
        for name, (low, high) in ways.items()
    ]
    yield sheet.finding(
        "inconsistent",
        SUBJECT,
        f"model.{model.name}",
        "The figures of the model's fit do not go together.",
        (
            say(
                "{events} of {n} with the outcome: −2 log likelihood of no model {value}",
                events=events,
                n=n,
                value=fixed(null, 2),
            ),
            *steps,
        ),
        ("values are missing in the fit", "a misprint"),
    )


def _from_r2(printed: Rounded, n: int, top: float) -> Range:
    """The chi-square that an R² over its largest possible value stands for."""
    ends = (min(max(float(one) * top, 0.0), 1 - 1e-12) for one in (printed.low, _high(printed)))
    low, high = (-n * log(1 - one) for one in ends)
    return low, high


def _size(sheet: Sheet, model: Model) -> tuple[int, int] | None:
    event = sheet.paper.event
    n = exact(model.n) if model.n else sheet.size("all")
    events = exact(model.events) if model.events else (sheet.size(event.name) if event else 0)
    return (n, events) if 0 < events < n else None
