"""A twin held against its paper: every printed figure beside the twin's own, and where they part.

Nothing is taken for granted because the twin was built so: each figure is computed from the twin's
rows again and compared as a reader would.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from math import isfinite

from avidity.papers.facts import facts
from avidity.papers.paper import Paper
from avidity.papers.printed import Line, Verdict
from avidity.papers.twin_cohort import TwinCohort
from avidity.papers.twin_figures import Own, table_figures
from avidity.papers.twin_models import curve_figures, model_figures
from avidity.stats.rounded import Rounded
from avidity.wording import fixed, listed

MORE_DIGITS = 2  # than printed, so that a gap below the last digit is seen
OF_A_TEST = ("p", "statistic", "df")
NOT_MADE = "a twin holds the patients analysed, and nobody else"


@dataclass(frozen=True, slots=True)
class _Shown:
    """A figure as the paper prints it in one place."""

    path: str
    where: str
    number: Rounded


def own_figures(paper: Paper, cohort: TwinCohort) -> dict[str, Own]:
    """Everything the paper could print of this cohort, by path."""
    own = dict(table_figures(paper, cohort))
    own |= dict(curve_figures(paper, cohort))
    own |= dict(model_figures(paper, cohort))
    return {path: _finite(one) for path, one in own.items()}


def _finite(own: Own) -> Own:
    """Without what is no number: the SD of a single patient, an endless odds ratio."""
    meant = tuple(pair for pair in own.meant if isfinite(pair[1]))
    others = tuple(pair for pair in own.others if isfinite(pair[1]))
    gone = "these patients give no finite value" if len(meant) < len(own.meant) else own.why
    return Own(meant, others, gone)


def compare_twin(paper: Paper, own: Mapping[str, Own]) -> tuple[Line, ...]:
    """Every printed figure, those of statements too, beside the cohort's own."""
    shown = [_Shown(fact.path, fact.where, fact.number) for fact in facts(paper).values()]
    shown += [_Shown(one.fact, one.where, one.printed) for one in paper.statements]
    rules = _rules(shown, own)
    lines = [_line(one, own.get(one.path), rules) for one in shown]
    return tuple(_explained(paper, line, lines) for line in lines)


Choice = tuple[str, tuple[str, ...]]  # a row, a curve or a model, and the rules it may follow


def _choice(path: str, own: Own) -> Choice:
    kind, name, *rest = path.split(".")
    if kind in ("row", "cross") and rest[-1] in OF_A_TEST:
        return f"{kind}.{name}", OF_A_TEST  # a p value and its statistic are of one test
    return f"{kind}.{name}", tuple(how for how, _ in own.meant)


def _rules(shown: list[_Shown], own: Mapping[str, Own]) -> dict[Choice, str]:
    """One rule for all figures of a row or curve that may follow several: the one most agree with.

    Else a sensitivity could be met by one reading of a cut-off and its specificity by another.
    """
    held: dict[Choice, Counter[str]] = {}
    for one in shown:
        found = own.get(one.path)
        if found is not None and found.meant:
            count = held.setdefault(_choice(one.path, found), Counter())
            count.update({how: int(one.number.holds(value)) for how, value in found.meant})
    return {choice: max(count, key=count.__getitem__) for choice, count in held.items()}


def _line(shown: _Shown, own: Own | None, rules: Mapping[Choice, str]) -> Line:
    if own is None or not own.meant:
        return _worded(shown, None, "not computed", _why_none(shown, own))
    by = dict(own.meant)
    how = rules[_choice(shown.path, own)]
    how = how if how in by else own.meant[0][0]  # a test without this figure, such as Fisher's
    value = by[how]
    if shown.number.holds(value):
        return _worded(shown, value, "same", f"by {how}" if len(own.meant) > 1 else "")
    return _worded(shown, value, "differs", _why(shown, own))


def _why_none(shown: _Shown, own: Own | None) -> str:
    if own is not None and own.why:
        return own.why
    return NOT_MADE if shown.path.startswith("flow.") else "the twin has no such figure"


def _why(shown: _Shown, own: Own) -> str:
    digits = shown.number.decimals + MORE_DIGITS
    because = "; ".join(
        f"{how + ' gives ' if how else 'ours is '}{fixed(value, digits)}"
        for how, value in own.meant
    )
    prints = [how for how, value in own.others if shown.number.holds(value)]
    if prints:
        because += f"; {listed(prints)}, which the paper does not name, would print so"
    return because


def _worded(shown: _Shown, value: float | None, verdict: Verdict, because: str) -> Line:
    number = shown.number
    ours = "–" if value is None else fixed(value, number.decimals)
    if verdict == "same":
        ours = number.text
    return Line(shown.where, shown.path, number.text, ours, value, verdict, because, shown.path)


def _explained(paper: Paper, line: Line, lines: list[Line]) -> Line:
    """A difference with what it stands against: figures of the same thing that the twin meets."""
    kind, name = line.path.split(".")[:2]
    if line.verdict != "differs" or kind != "row":
        return line
    kin = _kin(paper, name)
    others = [
        one
        for one in lines
        if one.path.startswith("row.")
        and one.path.split(".")[1] in kin
        and one.path != line.path
        and (one.where != line.where or line.path.endswith(".p"))
        and not one.path.endswith(".p")
    ]
    if not others or any(one.verdict != "same" for one in others):
        return line
    places = listed(list(dict.fromkeys(one.where for one in others)))
    told = f"; everything else printed of {name} in {places} is met" if places else ""
    return replace(line, because=line.because + told)


def _kin(paper: Paper, name: str) -> set[str]:
    """A variable, what it is made of, and what is made of it."""
    source = paper.variable(name).from_
    made = {one.name for one in paper.variables if one.from_ == name}
    return {name, *made} | ({source} if source else set())
