"""The audit as a report: one document, five files."""

from __future__ import annotations

from pathlib import Path

from avidity import __version__
from avidity.papers.audit import Audit
from avidity.papers.paper import Paper
from avidity.report.document import Document, Properties
from avidity.report.files import make_folder, write_bytes
from avidity.report.parts.audit_front import checks, findings, front
from avidity.report.parts.audit_printed import printed
from avidity.report.parts.audit_prints import fingerprint_tables

STEM = "audit"


def build_audit(audit: Audit, paper: Paper) -> Document:
    """First page, findings, the paper as printed, fingerprints, what was checked."""
    return Document(
        title=f"Audit of: {audit.title}",
        blocks=(
            *front(audit),
            *findings(audit),
            *printed(audit, paper),
            *fingerprint_tables(audit, paper),
            *checks(audit),
        ),
        subtitle="Printed figures held against each other",
        properties=Properties(
            subject="Audit of a printed paper",
            description=audit.made_up or audit.citation,
            keywords=("audit", "GRIM", "GRIMMER", "p values", "predictive factors"),
            made_with=f"avidity {__version__}",
            answers="audit.json",
        ),
    )


def write_audit(audit: Audit, paper: Paper, out: Path) -> tuple[Path, ...]:
    """Write audit.html, .docx, .xlsx, .pdf and .json into a folder; each file whole or not at all.

    raises  WriteError
    """
    from avidity.report.html import to_html
    from avidity.report.pdf import to_pdf
    from avidity.report.results_json import to_json
    from avidity.report.word import to_docx
    from avidity.report.workbook import to_xlsx

    document = build_audit(audit, paper)
    ready = {
        "html": to_html(document),
        "docx": to_docx(document),
        "xlsx": to_xlsx(document),
        "pdf": to_pdf(document),
        "json": to_json(audit),
    }
    make_folder(out)
    written = []
    for suffix, data in ready.items():  # only now: an audit that fails leaves the old one whole
        path = out / f"{STEM}.{suffix}"
        write_bytes(path, data)
        written.append(path)
    return tuple(written)
