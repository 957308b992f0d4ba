"""A risk model for another program or for the wall: one format, one file."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from avidity.errors import RiskModelError
from avidity.report.files import write_bytes
from avidity.riskmodel.model import RiskModel
from avidity.riskmodel.predict import needed

Format = Literal["xlsx", "r", "spss", "stata", "pmml", "json", "card", "html"]
FORMATS: tuple[Format, ...] = ("xlsx", "r", "spss", "stata", "pmml", "json", "card", "html")
ENDINGS: dict[Format, tuple[str, ...]] = {
    "xlsx": (".xlsx",),
    "r": (".R", ".r"),
    "spss": (".sps",),
    "stata": (".do",),
    "pmml": (".pmml", ".xml"),
    "json": (".json",),
    "card": (".pdf", ".html", ".docx"),
    "html": (".html",),
}


def export(model: RiskModel, kind: Format, out: Path) -> None:
    """Write the model in this format, whole or not at all.

    raises  RiskModelError for a partial model (but as JSON), and for a name whose ending is
            another format's; WriteError
    """
    if kind != "json":
        needed(model)
    if out.suffix not in ENDINGS[kind]:
        ends = " or ".join(ENDINGS[kind])
        raise RiskModelError(f"a file of this format ends with {ends}; {out.name} does not")
    write_bytes(out, _made(model, kind, out.suffix))


def _made(model: RiskModel, kind: Format, ending: str) -> bytes:
    if kind == "xlsx":
        from avidity.report.risk_workbook import risk_workbook

        return risk_workbook(model)
    if kind == "pmml":
        from avidity.riskmodel.exports.pmml import to_pmml

        return to_pmml(model)
    if kind == "json":
        from avidity.riskmodel.file import to_json

        return to_json(model)
    if kind == "html":
        from avidity.report.risk_page import risk_page

        return risk_page(model)
    if kind == "card":
        return _card(model, ending)
    return _script(model, kind).encode("utf-8")


def _script(model: RiskModel, kind: Format) -> str:
    from avidity.riskmodel.exports.r import to_r
    from avidity.riskmodel.exports.syntax import to_spss, to_stata

    return {"r": to_r, "spss": to_spss, "stata": to_stata}[kind](model)


def _card(model: RiskModel, ending: str) -> bytes:
    from avidity.report.risk_card import card

    page = card(model)
    if ending == ".pdf":
        from avidity.report.pdf import to_pdf

        return to_pdf(page)
    if ending == ".docx":
        from avidity.report.word import to_docx

        return to_docx(page)
    from avidity.report.html import to_html

    return to_html(page)
