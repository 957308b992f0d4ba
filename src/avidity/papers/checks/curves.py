"""Whether what is printed of ROC curves fits the groups, the tables and itself."""

from __future__ import annotations

from collections.abc import Iterator

from avidity.errors import AnalysisError
from avidity.papers.checks.finding import Checked, Finding
from avidity.papers.checks.sheet import NO, YES, Sheet
from avidity.papers.checks.words import fixed, listed, percent, span
from avidity.papers.paper import Roc, Variable
from avidity.said import say, term
from avidity.stats.forensic.binormal import binormal_auc, hanley_mcneil
from avidity.stats.forensic.diagnostic import Diagnosed, Figure, diagnosed
from avidity.stats.forensic.rank_candidates import doubled_wins
from avidity.stats.means import Moments
from avidity.stats.rounded import Rounded

SUBJECT = "ROC curves"
FIGURES: tuple[Figure, ...] = (*("sensitivity", "specificity", "ppv", "npv", "accuracy", "youden"),)


def check_curves(sheet: Sheet) -> Checked:
    """Figures against groups, cut-off against its row of Table 1, area against both."""
    sizes = _sizes(sheet)
    found: list[Finding] = []
    unanswered = []
    for roc in sheet.paper.rocs:
        if sizes is None:
            unanswered.append(
                say("{key}: no group is marked as the one with the outcome", key=roc.key)
            )
            continue
        try:
            result = diagnosed(_printed(roc), *sizes, 100 if roc.scale == "percent" else 1)
        except AnalysisError as error:
            unanswered.append(say("{key}: {error}", key=roc.key, error=error))
            continue
        found += _figures(sheet, roc, result)
        found += _area(sheet, roc, sizes, result)
        if result.possible:
            found += _against_row(sheet, roc, result)
        found += _remark(sheet, roc, sizes)
    return Checked(SUBJECT, len(sheet.paper.rocs), tuple(found), tuple(unanswered))


def _sizes(sheet: Sheet) -> tuple[int, int] | None:
    event = sheet.paper.event
    if event is None:
        return None
    with_outcome = sheet.size(event.name)
    without = sheet.size("all") - with_outcome
    return (with_outcome, without) if with_outcome and without else None


def _printed(roc: Roc) -> dict[Figure, Rounded]:
    every = {name: getattr(roc, name) for name in FIGURES}
    return {name: value for name, value in every.items() if value is not None}


def _figures(sheet: Sheet, roc: Roc, result: Diagnosed) -> Iterator[Finding]:
    """Each figure alone, then all together."""
    m, n = result.n_positive, result.n_negative
    bad = [name for name, possible in result.alone.items() if not possible]
    for name in bad:
        text = getattr(roc, name).text
        yield sheet.finding(
            "inconsistent",
            SUBJECT,
            f"roc.{roc.key}.{name}",
            say(
                "{label}: no counts among {m} with and {n} without the outcome give the"
                " {name} {text}.",
                label=sheet.label(roc.variable),
                m=m,
                n=n,
                name=term(name),
                text=text,
            ),
            (_nearest(roc, name, result),),
            ("the curve is of fewer patients than the groups", "a misprint"),
        )
    if not bad and not result.possible and len(result.alone) > 1:
        told = listed(
            [
                say("{name} {printed}", name=term(name), printed=term(getattr(roc, name).text))
                for name in result.alone
            ]
        )
        yield sheet.finding(
            "inconsistent",
            SUBJECT,
            f"roc.{roc.key}.{next(iter(result.alone))}",
            say(
                "{label}: {told} are each possible, but not together.",
                label=sheet.label(roc.variable),
                told=told,
            ),
            (say("all {value} × {value_2} counts were tried", value=m + 1, value_2=n + 1),),
            ("a figure belongs to another cut-off", "a misprint"),
        )


def _nearest(roc: Roc, name: Figure, result: Diagnosed) -> str:
    of = {"sensitivity": result.n_positive, "specificity": result.n_negative}.get(name)
    if of is None:
        return "all counts were tried"
    whole = 100 if roc.scale == "percent" else 1
    share = float(getattr(roc, name).value) / whole
    below = min(of - 1, int(share * of))
    near = [
        say("{count}/{of} = {share}", count=count, of=of, share=percent(count / of))
        for count in (below, below + 1)
    ]
    return say("the nearest are {told}", told=listed(near))


def _area(sheet: Sheet, roc: Roc, sizes: tuple[int, int], result: Diagnosed) -> Iterator[Finding]:
    """The area is a count of pairs over all pairs, and lies where the printed point puts it."""
    auc = roc.auc
    if auc is None or auc.bound:
        return
    path, said = f"roc.{roc.key}.auc", sheet.label(roc.variable)
    yield from _inside(sheet, roc, auc)
    if doubled_wins(auc, *sizes) is None:
        yield sheet.finding(
            "inconsistent",
            SUBJECT,
            path,
            say(
                "{said}: no count of {n} × {n_2} pairs gives the area {auc}.",
                said=said,
                n=sizes[0],
                n_2=sizes[1],
                auc=term(auc.text),
            ),
            (
                say(
                    "{auc} × {value} half pairs is no whole number",
                    auc=term(auc.text),
                    value=2 * sizes[0] * sizes[1],
                ),
            ),
            ("the area was smoothed or corrected", "the curve is of fewer patients"),
        )
    if not result.pairs or not result.complete or result.youden is None:
        return
    points = [(tp / sizes[0], tn / sizes[1]) for tp, tn in result.pairs]
    low = min(sens * spec for sens, spec in points)
    high = max(1 - (1 - sens) * (1 - spec) for sens, spec in points)
    if float(auc.low) > high + 1e-9 or float(auc.high or 1) < low - 1e-9:
        yield sheet.finding(
            "impossible",
            SUBJECT,
            path,
            say(
                "{said}: no curve through the printed point has the area {auc}.",
                said=said,
                auc=term(auc.text),
            ),
            (
                say(
                    "a curve through it has an area between {value} and {value_2}",
                    value=fixed(low, 3),
                    value_2=fixed(high, 3),
                ),
            ),
            ("point and area belong to different curves", "the direction was turned round"),
        )
    elif "youden" in sheet.paper.methods.cutoffs_by.lower():
        yield from _youden(sheet, roc, auc, result.youden[1])


def _inside(sheet: Sheet, roc: Roc, auc: Rounded) -> Iterator[Finding]:
    """The area lies inside its own interval."""
    low, high = roc.low, roc.high
    below = low is not None and auc.high is not None and auc.high < low.low
    above = high is not None and high.high is not None and auc.low > high.high
    if not below and not above:
        return
    ends = span(*(term("–" if one is None else one.text) for one in (low, high)))
    yield sheet.finding(
        "impossible",
        SUBJECT,
        f"roc.{roc.key}.auc",
        say(
            "{label}: the area {auc} lies outside its interval.",
            label=sheet.label(roc.variable),
            auc=term(auc.text),
        ),
        (say("printed: {auc} ({ends})", auc=term(auc.text), ends=ends),),
        ("a misprint",),
    )


def _youden(sheet: Sheet, roc: Roc, auc: Rounded, j: float) -> Iterator[Finding]:
    """If no point lies higher above the diagonal than J, the area is at most 1 - (1 - J)²/2."""
    most = 1 - (1 - j) ** 2 / 2
    if float(auc.low) > most + 1e-9:
        yield sheet.finding(
            "inconsistent",
            SUBJECT,
            f"roc.{roc.key}.auc",
            say(
                "{label}: the area {auc} is too large for a largest Youden index of {value}.",
                label=sheet.label(roc.variable),
                auc=term(auc.text),
                value=fixed(j, 3),
            ),
            (say("1 − (1 − {value})² / 2 = {value_2}", value=fixed(j, 3), value_2=fixed(most, 3)),),
            ("the cut-off is not the one with the largest index",),
        )


def _against_row(sheet: Sheet, roc: Roc, result: Diagnosed) -> Iterator[Finding]:
    """Sensitivity and specificity at a cut-off are the counts of its row in Table 1."""
    cut, event = sheet.cut_of(roc), sheet.paper.event
    if cut is None or event is None or len(sheet.groups) != 2:
        return
    other = next(group for group in sheet.groups if group != event.name)
    hits, rejects = (YES, NO) if _same_way(roc, cut) else (NO, YES)
    tp, tn = sheet.count(cut.name, hits, event.name), sheet.count(cut.name, rejects, other)
    if tp is None or tn is None or not result.complete or (tp, tn) in result.pairs:
        return
    sizes = result.n_positive, result.n_negative
    at_tp, at_tn = {one for one, _ in result.pairs}, {one for _, one in result.pairs}
    for name, true, printed, of in (
        ("sensitivity", tp, at_tp, sizes[0]),
        ("specificity", tn, at_tn, sizes[1]),
    ):
        if true in printed or name not in result.alone:
            continue
        nearest = min(printed, key=lambda one, true=true: abs(one - true))  # type: ignore[misc]
        yield sheet.finding(
            "inconsistent",
            SUBJECT,
            f"roc.{roc.key}.{name}",
            say(
                "{label}: the {name} {printed} is {nearest} of {of}, but the row {label_2}"
                " has {true} of {of} ({share}).",
                label=sheet.label(roc.variable),
                name=term(name),
                printed=term(getattr(roc, name).text),
                nearest=nearest,
                of=of,
                label_2=sheet.label(cut.name),
                true=true,
                share=percent(true / of),
            ),
            (
                say(
                    "curve: {nearest}/{of} = {share}",
                    nearest=nearest,
                    of=of,
                    share=percent(nearest / of),
                ),
                say("table: {true}/{of} = {share}", true=true, of=of, share=percent(true / of)),
            ),
            tuple(_why(sheet, roc, name, nearest - true)),
        )


def _same_way(roc: Roc, cut: Variable) -> bool:
    """Whether a yes of the cut variable is the positive side of the curve."""
    upwards = cut.cut is not None and cut.cut[0] in ("at_least", "above")
    return upwards == (roc.positive == "high")


def _why(sheet: Sheet, roc: Roc, name: str, more: int) -> Iterator[str]:
    at = term(roc.cutoff.text) if roc.cutoff else term("the cut-off")
    equal = _equal(abs(more), at, name == "specificity")
    if (name == "specificity") == (more > 0):  # the curve's point lies beyond the value itself
        yield (
            say(
                "the curve's point is a midpoint between two values (a program lists {at}.5,"
                " the paper prints {at}): {equal}, counted as positive in the table and not"
                " on the curve",
                at=at,
                equal=equal,
            )
        )
    else:
        yield say("{equal}, counted as positive on the curve and not in the table", equal=equal)
    twin = getattr(roc, name)
    for one in sheet.paper.rocs:
        if (
            one is not roc
            and getattr(one, name) is not None
            and getattr(one, name).value == twin.value
        ):
            yield say(
                "it is also the {name} printed for {label} and may be copied",
                name=term(name),
                label=sheet.label(one.variable),
            )


def _equal(n: int, at: str, without: bool) -> str:
    """Who lies on the cut-off itself."""
    if n == 1 and without:
        return say("{n} patient has exactly {at}, without the outcome", n=n, at=at)
    if without:
        return say("{n} patients have exactly {at}, without the outcome", n=n, at=at)
    if n == 1:
        return say("{n} patient has exactly {at}, with the outcome", n=n, at=at)
    return say("{n} patients have exactly {at}, with the outcome", n=n, at=at)


def _remark(sheet: Sheet, roc: Roc, sizes: tuple[int, int]) -> Iterator[Finding]:
    """The area with the interval it should have, and beside the one means and SDs would give."""
    auc = roc.auc
    if auc is None or auc.bound or not 0 <= auc.value <= 1:
        return
    ends = hanley_mcneil(float(auc.value), *sizes)
    interval = span(fixed(ends.low, 3), fixed(ends.high, 3))
    normal = _binormal(sheet, roc)
    steps = [say("Hanley and McNeil's 95 % interval {interval}", interval=interval)]
    far = normal is not None and normal not in ends
    if normal is not None:
        steps.append(
            say("means and SDs give {value} if both groups were normal", value=fixed(normal, 3))
        )
    path, said = f"roc.{roc.key}.auc", sheet.label(roc.variable)
    if far:
        words = say(
            "{said}: the area {auc} is far from what means and SDs give.",
            said=said,
            auc=term(auc.text),
        )
        explained = ("skewed values", "area and means are of different patients")
        yield sheet.finding("unusual", SUBJECT, path, words, tuple(steps), explained)
    elif roc.low is None or roc.high is None:
        words = say(
            "{said}: the area {auc} is printed without an interval.", said=said, auc=term(auc.text)
        )
        yield sheet.finding("remark", SUBJECT, path, words, tuple(steps))


def _binormal(sheet: Sheet, roc: Roc) -> float | None:
    row, event = sheet.paper.row(roc.variable), sheet.paper.event
    if row is None or event is None or len(sheet.groups) != 2:
        return None
    other = next(group for group in sheet.groups if group != event.name)
    order = (event.name, other) if roc.positive == "high" else (other, event.name)
    moments = []
    for group in order:
        mean, sd = row.mean.get(group), row.sd.get(group)
        if mean is None or sd is None or sd.value <= 0:
            return None
        moments.append(Moments(sheet.size(group), float(mean.value), float(sd.value)))
    return binormal_auc(moments[0], moments[1])
