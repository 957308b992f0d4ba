"""The model as a workbook with live formulas: a sheet to fill, the working, and a check of both."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from io import BytesIO
from math import sqrt
from typing import Any

import numpy as np
import xlsxwriter
from scipy.special import expit
from xlsxwriter.utility import xl_rowcol_to_cell
from xlsxwriter.worksheet import Worksheet

from avidity.report.risk_cells import EXCEL, HEAD, INPUT, OUT, QUIET, put
from avidity.report.workbook_cells import Book, say, tall
from avidity.riskmodel.exports.expression import about, columns, guards, half_width, limits
from avidity.riskmodel.inputs import Given, understand
from avidity.riskmodel.model import Input, RiskModel
from avidity.riskmodel.predict import columns_of, needed, source_prevalence

_NO_CLOCK = datetime.datetime(2000, 1, 1, tzinfo=datetime.UTC).replace(tzinfo=None)
_NOTHING: Mapping[str, Given] = {}
FIRST = 4  # row of the first input on the sheet to fill
VALUE = 1  # its column
RISK, WORKING, CHECK = "Risk", "Working", "Check"


def risk_workbook(model: RiskModel, filled: Mapping[str, Given] = _NOTHING) -> bytes:
    """Three sheets: what is asked and the risk; the columns and the covariance; the test vectors.

    filled  values to put into the cells; empty for a workbook somebody else fills
    raises  RiskModelError for a partial model
    """
    now = _now(model, filled)
    out = BytesIO()
    book = Book(xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False}))
    book.book.set_properties({"title": model.title[:250], "created": _NO_CLOCK})
    book.book.set_calc_mode("auto")
    sheets = [book.book.add_worksheet(name) for name in (RISK, WORKING, CHECK)]
    _risk_sheet(book, sheets[0], model, now)
    _working_sheet(book, sheets[1], model, now)
    _check_sheet(book, sheets[2], model)
    book.book.close()
    return out.getvalue()


@dataclass(frozen=True, slots=True)
class _Now:
    """What the formulas give as the workbook is made, for programs that show without computing.

    x     values of the columns, the intercept's one first
    eta   log odds
    half  of the interval's width, on that scale
    """

    filled: Mapping[str, Given]
    x: list[float]
    eta: float
    half: float


def _now(model: RiskModel, filled: Mapping[str, Given]) -> _Now:
    equation = needed(model)
    x = np.zeros(len(equation.columns))
    x[0] = 1.0
    if filled:
        values = understand(model, filled).values
        x = columns_of(model, {name: [value] for name, value in values.items()})[0]
    spread = x @ np.array(equation.covariance) @ x if equation.covariance else 0.0
    half = float(half_width()) * sqrt(spread)
    return _Now(filled, x.tolist(), float(x @ equation.coef), half)


def _cell(row: int, column: int, sheet: str = "") -> str:
    place: str = xl_rowcol_to_cell(row, column, row_abs=True, col_abs=True)
    return f"{sheet}!{place}" if sheet else place


def _risk_sheet(book: Book, sheet: Worksheet, model: RiskModel, now: _Now) -> None:
    sheet.hide_gridlines(2)
    for column, width in enumerate((40, 14, 12, 30)):
        sheet.set_column(column, column, width, book.dress())
    say(sheet, (0, 0), model.title, book.dress(bold=True, font_size=14))
    status = f"{model.label[0].upper()}{model.label[1:]}. {model.status.capitalize()} model."
    say(sheet, (1, 0), status, book.dress(bold=True, font_color="#a34700"))
    for column, head in enumerate(("What is asked", "Fill in", "Unit", "The model answers for")):
        say(sheet, (FIRST - 1, column), head, book.dress(**HEAD))
    for at, one in enumerate(model.inputs):
        _input(book, sheet, FIRST + at, one)
        put(sheet, (FIRST + at, VALUE), now.filled.get(one.name), book.dress(**INPUT))
    end = FIRST + len(model.inputs)
    say(sheet, (end, 0), "How common the outcome is with you (may stay empty)", book.dress())
    sheet.write_blank(end, VALUE, None, book.dress(**INPUT))
    say(sheet, (end, 3), f"in the source {source_prevalence(model):.3f}", book.dress(**QUIET))
    _answers(book, sheet, model, end, now)
    _words(book, sheet, model, end + 9)
    sheet.protect(options={"select_locked_cells": True})
    sheet.fit_to_pages(1, 1)
    sheet.set_paper(9)


def _input(book: Book, sheet: Worksheet, row: int, one: Input) -> None:
    say(sheet, (row, 0), one.label, book.dress())
    say(sheet, (row, 2), one.unit, book.dress(indent=1))
    if one.kind != "number":
        choice = ["yes", "no"] if one.kind == "yes/no" else list(one.levels)
        rule: dict[str, Any] = {"validate": "list", "source": choice}
        say(sheet, (row, 3), " or ".join(choice) if len(choice) < 4 else "", book.dress(**QUIET))
    else:
        ends = limits(one)
        low, high = ends or (-1e300, 1e300)
        rule = {"validate": "decimal", "criteria": "between", "minimum": low, "maximum": high}
        told = f"{ends[0]:g} to {ends[1]:g}" if ends else "range not known"
        if ends and one.seen is None:
            told += " (range seen not known)"
        say(sheet, (row, 3), told, book.dress(**QUIET))
    sheet.data_validation(row, VALUE, row, VALUE, rule)


def _answers(book: Book, sheet: Worksheet, model: RiskModel, end: int, now: _Now) -> None:
    """The formulas a reader looks at; each is empty until every input is there and within range."""
    ok, eta, half = (_cell(row, 1, WORKING) for row in (0, 1, 2))
    prevalence = _cell(end, VALUE)
    moved = f"{eta}+LN({prevalence}/(1-{prevalence}))-LN({model.events}/({model.n}-{model.events}))"
    declared = f"AND({ok}=1,ISNUMBER({prevalence}),{prevalence}>0,{prevalence}<1)"
    rows: list[tuple[str, str, str, float | None]] = [
        (f"Risk: {model.outcome.label}", f"{ok}=1", eta, now.eta)
    ]
    if needed(model).covariance is not None:
        rows += [
            ("  95% interval, from", f"{ok}=1", f"{eta}-{half}", now.eta - now.half),
            ("  95% interval, to", f"{ok}=1", f"{eta}+{half}", now.eta + now.half),
        ]
    rows.append(("Risk where the outcome is so common", declared, moved, None))
    for at, (label, asked, line, shown) in enumerate(rows, end + 2):
        say(sheet, (at, 0), label, book.dress(bold=at == end + 2))
        whole = f'=IF({asked},1/(1+EXP(-({line}))),"")'
        value = float(expit(shown)) if now.filled and shown is not None else ""
        sheet.write_formula(at, VALUE, whole, book.dress(**OUT, bold=at == end + 2), value)
    missing = "Fill in every line, within the range: outside it the model does not answer."
    sheet.write_formula(
        end + 7,
        0,
        f'=IF({ok}=1,"","{missing}")',
        book.dress(font_color="#a34700"),
        "" if now.filled else missing,
    )


def _words(book: Book, sheet: Worksheet, model: RiskModel, row: int) -> None:
    lines = [*about(model)[2:], *model.notes]
    lines.append(
        "The risk where the outcome is so common assumes that every odds ratio holds there too."
    )
    for at, line in enumerate(lines, row):
        sheet.merge_range(at, 0, at, 3, "", book.dress(**QUIET))
        say(sheet, (at, 0), line, book.dress(**QUIET))
        tall(sheet, at, [(line, 110)])


def _working_sheet(book: Book, sheet: Worksheet, model: RiskModel, now: _Now) -> None:
    """Every column with its coefficient and its value now; below them the covariance."""
    sheet.set_column(0, 0, 34, book.dress())
    sheet.set_column(1, 12, 16, book.dress())
    cells = {one.name: _cell(FIRST + at, VALUE, RISK) for at, one in enumerate(model.inputs)}
    equation, top = needed(model), 5
    p = len(equation.columns)
    x = f"{_cell(top, 2)}:{_cell(top + p - 1, 2)}"
    b = f"{_cell(top, 1)}:{_cell(top + p - 1, 1)}"
    v = f"{_cell(top + p + 2, 1)}:{_cell(top + 2 * p + 1, p)}"
    ok = EXCEL.both(guards(model, EXCEL, cells))
    rows = [
        ("All inputs there and within range (1 or 0)", f"=IF({ok},1,0)", float(bool(now.filled)))
    ]
    rows.append(("Log odds", f"=SUMPRODUCT({b},{x})", now.eta))
    if equation.covariance is not None:
        spread = f"SUMPRODUCT(MMULT({v},{x}),{x})"
        rows.append(("Half the interval's width", f"={half_width()}*SQRT({spread})", now.half))
    for at, (label, formula, value) in enumerate(rows):
        say(sheet, (at, 0), label, book.dress())
        sheet.write_formula(at, 1, formula, book.dress(), value)
    for column, head in enumerate(("Column", "Coefficient", "Its value now")):
        say(sheet, (top - 1, column), head, book.dress(**HEAD))
    values = ["=1", *(f"=IF({_cell(0, 1)}=1,{one},0)" for one in columns(model, EXCEL, cells))]
    for at, (name, coefficient, formula) in enumerate(
        zip(equation.columns, equation.coef.tolist(), values, strict=True), top
    ):
        say(sheet, (at, 0), name, book.dress())
        sheet.write_number(at, 1, coefficient, book.dress())
        sheet.write_formula(at, 2, formula, book.dress(), now.x[at - top])
    if equation.covariance is None:
        return
    head = "Covariance of the coefficients as fitted"
    say(sheet, (top + p + 1, 0), head, book.dress(**HEAD))
    for at, (name, row) in enumerate(zip(equation.columns, equation.covariance, strict=True)):
        say(sheet, (top + p + 2 + at, 0), name, book.dress())
        for column, value in enumerate(row, 1):
            sheet.write_number(top + p + 2 + at, column, value, book.dress())


def _check_sheet(book: Book, sheet: Worksheet, model: RiskModel) -> None:
    """The test vectors through formulas of the same make, each beside what it must give."""
    equation, k = needed(model), len(model.inputs)
    p = len(equation.columns)
    told = f"{len(model.vectors)} made patients with the risk the model gives them. Every line"
    say(sheet, (0, 0), f"{told} must say 1 under Agrees.", book.dress())
    heads = [
        *(one.name for one in model.inputs),
        *equation.columns[1:],
        "risk",
        "must be",
        "Agrees",
    ]
    for column, head in enumerate(heads):
        say(sheet, (2, column), head, book.dress(**HEAD))
    b = [_cell(5 + at, 1, WORKING) for at in range(p)]
    for row, vector in enumerate(model.vectors, 3):
        cells = {one.name: _cell(row, at) for at, one in enumerate(model.inputs)}
        for at, one in enumerate(model.inputs):
            put(sheet, (row, at), vector.inputs[one.name], book.dress())
        values = columns_of(model, {name: [value] for name, value in vector.inputs.items()})[0]
        for at, formula in enumerate(columns(model, EXCEL, cells)):
            sheet.write_formula(row, k + at, f"={formula}", book.dress(), values[at + 1])
        line = "+".join([b[0], *(f"{b[at]}*{_cell(row, k + at - 1)}" for at in range(1, p))])
        sheet.write_formula(row, k + p - 1, f"=1/(1+EXP(-({line})))", book.dress(), vector.risk)
        sheet.write_number(row, k + p, vector.risk, book.dress())
        close = f"ABS({_cell(row, k + p - 1)}-{_cell(row, k + p)})<0.000000001"
        sheet.write_formula(row, k + p + 1, f"=IF({close},1,0)", book.dress(), 1)
