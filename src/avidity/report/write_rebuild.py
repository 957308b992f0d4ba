"""The report of a rebuilt model: one document, five files."""

from __future__ import annotations

from pathlib import Path

from avidity import __version__
from avidity.papers.rebuild import RebuiltPaper
from avidity.report.document import Document, Properties
from avidity.report.files import make_folder, write_bytes
from avidity.report.parts.rebuilt import contradiction, front, left_open, model, risks

STEM = "rebuild"


def build_rebuild(found: RebuiltPaper) -> Document:
    """The answer, the model, the risks, what stays open, what is assumed."""
    return Document(
        title=f"The model of: {found.title}",
        blocks=(
            *front(found),
            *model(found),
            *risks(found),
            *contradiction(found),
            *left_open(found),
        ),
        subtitle="Rebuilt from the printed tables",
        properties=Properties(
            subject="A published model, rebuilt",
            description=found.made_up or found.citation,
            keywords=("logistic regression", "reconstruction", "predictive factors"),
            made_with=f"avidity {__version__}",
            answers="rebuild.json",
        ),
    )


def write_rebuild(found: RebuiltPaper, out: Path) -> tuple[Path, ...]:
    """Write rebuild.html, .docx, .xlsx, .pdf and .json into a folder, each whole or not at all.

    raises  WriteError
    """
    from avidity.report.html import to_html
    from avidity.report.pdf import to_pdf
    from avidity.report.results_json import to_json
    from avidity.report.word import to_docx
    from avidity.report.workbook import to_xlsx

    document = build_rebuild(found)
    ready = {
        "html": to_html(document),
        "docx": to_docx(document),
        "xlsx": to_xlsx(document),
        "pdf": to_pdf(document),
        "json": to_json(found),
    }
    make_folder(out)
    written = []
    for suffix, data in ready.items():  # only now: what fails leaves the old report whole
        path = out / f"{STEM}.{suffix}"
        write_bytes(path, data)
        written.append(path)
    return tuple(written)
