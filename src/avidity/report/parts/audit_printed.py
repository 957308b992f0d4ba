"""The paper's tables as printed, with the numbers of the findings about each line."""

from __future__ import annotations

from avidity.papers.audit import Audit
from avidity.papers.paper import Model, Paper, Roc, Term
from avidity.papers.paper import Row as PrintedRow
from avidity.papers.paper_numbers import OVERALL
from avidity.report.document import (
    Block,
    Cell,
    Column,
    Footnote,
    Heading,
    Row,
    Table,
    said,
)
from avidity.stats.rounded import Rounded
from avidity.wording import NOTHING, listed

ABOUT = Footnote(
    said("As printed. The last column names the findings about the line, by their numbers.")
)
FIGURES = ("auc", "cutoff", "sensitivity", "specificity", "ppv", "npv", "accuracy", "youden")
FIGURE_HEADS = ("AUC", "Cut-off", "Sens.", "Spec.", "PPV", "NPV", "Accuracy", "Youden")


def printed(audit: Audit, paper: Paper) -> list[Block]:
    """Rows by group, ROC curves, models; each table only where the paper has one."""
    blocks: list[Block] = [Heading(1, "The paper as printed", "printed")]
    if paper.rows:
        blocks.append(_rows(audit, paper))
    if paper.rocs:
        blocks.append(_curves(audit, paper))
    blocks += [_model(audit, paper, at, model) for at, model in enumerate(paper.models)]
    return blocks if len(blocks) > 1 else []


def _marks(audit: Audit, start: str) -> Cell:
    """The numbers of the findings whose path lies under this one."""
    return Cell(", ".join(_numbers(audit, start)) or NOTHING)


def _numbers(audit: Audit, start: str, *, under: bool = True) -> list[str]:
    return [
        str(at)
        for at, one in enumerate(audit.findings, 1)
        if any(
            path == start or (under and path.startswith(start + "."))
            for path in (one.path, *one.also)
        )
    ]


def _rows(audit: Audit, paper: Paper) -> Table:
    groups = [group.name for group in paper.groups]
    if any(OVERALL in one for row in paper.rows for one in (row.mean, *row.count.values())):
        groups.append(OVERALL)
    rows: list[Row] = []
    for row in paper.rows:
        rows += _row(audit, paper, row, groups)
    heads = [*((one.label or one.name, one.n.text) for one in paper.groups), ("All", "")]
    columns = [
        Column(f"{label} (n = {n})" if n else label, "right") for label, n in heads[: len(groups)]
    ]
    return Table(
        "table-printed",
        "The groups as printed",
        (Column("Variable", width=2.6), *columns, Column("p", "right"), Column("Findings")),
        tuple(rows),
        (ABOUT,),
        "One line per printed variable and answer.",
    )


def _row(audit: Audit, paper: Paper, row: PrintedRow, groups: list[str]) -> list[Row]:
    variable = paper.variable(row.variable)
    name, p = variable.label or variable.name, Cell(_text(row.p))
    marks = _marks(audit, f"row.{row.variable}")
    if row.count or row.percent:
        answers = [one for one in variable.answers if one in row.count or one in row.percent]
        cells = [[_share(row, answer, group) for group in groups] for answer in answers]
        if len(answers) == 1:
            return [Row((Cell(f"{name}, {answers[0]}"), *cells[0], p, marks))]
        empty = tuple(Cell() for _ in groups)
        first = Row((Cell(name), *empty, p, marks))
        lines = zip(answers, cells, strict=True)
        return [first, *(Row((Cell(one), *own, Cell(), Cell()), "level") for one, own in lines)]
    return [Row((Cell(f"{name}{_kind(row)}"), *(_number(row, one) for one in groups), p, marks))]


def _kind(row: PrintedRow) -> str:
    if row.mean:
        return ", mean ± SD" if row.sd else ", mean"
    return ", median [quartiles]" if row.q1 else ", median"


def _share(row: PrintedRow, answer: str, group: str) -> Cell:
    count = row.count.get(answer, {}).get(group)
    share = row.percent.get(answer, {}).get(group)
    if count is None:
        return Cell(f"{_bare(share)}%" if share else NOTHING)
    return Cell(f"{count.text} ({_bare(share)}%)" if share else count.text)


def _number(row: PrintedRow, group: str) -> Cell:
    mean, sd = row.mean.get(group), row.sd.get(group)
    if mean is not None:
        return Cell(f"{mean.text} ± {sd.text}" if sd else mean.text)
    median, low, high = (one.get(group) for one in (row.median, row.q1, row.q3))
    if median is not None and low and high:
        return Cell(f"{median.text} [{low.text}, {high.text}]")
    return Cell(_text(median))


def _curves(audit: Audit, paper: Paper) -> Table:
    used = [name for name in FIGURES if any(getattr(roc, name) for roc in paper.rocs)]
    heads = dict(zip(FIGURES, FIGURE_HEADS, strict=True))

    def line(roc: Roc) -> Row:
        name = paper.variable(roc.variable).label or roc.variable
        cells = (Cell(_text(getattr(roc, figure))) for figure in used)
        return Row((Cell(name), *cells, _marks(audit, f"roc.{roc.key}")))

    return Table(
        "table-curves",
        "The ROC curves as printed",
        (
            Column("Variable", width=2.6),
            *(Column(heads[name], "right") for name in used),
            Column("Findings"),
        ),
        tuple(line(roc) for roc in paper.rocs),
        (ABOUT,),
        "One line per curve or cut-off.",
    )


def _model(audit: Audit, paper: Paper, at: int, model: Model) -> Table:
    def line(term: Term) -> Row:
        name = paper.variable(term.variable).label or term.variable
        if term.level:
            name += f", {term.level}"
        ends = f"{_text(term.low)} to {_text(term.high)}" if term.low or term.high else NOTHING
        cells = Cell(name), Cell(_text(term.odds_ratio)), Cell(ends), Cell(_text(term.p))
        return Row((*cells, _marks(audit, f"model.{model.name}.{term.key}")))

    level = model.confidence.text if model.confidence else "95"
    whole = listed(_numbers(audit, f"model.{model.name}", under=False))
    more = (Footnote(said(f"About the model as a whole: {whole}.")),) if whole else ()
    return Table(
        f"table-model-{at + 1}",
        f"The {model.kind} model as printed ({model.where or model.name})",
        (
            Column("Term", width=2.6),
            Column("Odds ratio", "right"),
            Column(f"{level}% interval", "right", width=1.4),
            Column("p", "right"),
            Column("Findings"),
        ),
        tuple(line(term) for term in model.term),
        (ABOUT, *more),
        "One line per term.",
    )


def _text(number: Rounded | None) -> str:
    return number.text if number is not None else NOTHING


def _bare(number: Rounded | None) -> str:
    return _text(number).strip().removesuffix("%").rstrip()
