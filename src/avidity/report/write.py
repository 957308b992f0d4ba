"""Everything a study leaves in its folder: report, tables, figures, results."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import BrokenExecutor, Executor
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType

from avidity import wording
from avidity.papers.printed import Comparison, compare, read_published
from avidity.report.build import build
from avidity.report.document import Document
from avidity.report.draw import drawn
from avidity.report.files import make_folder, remove, write_bytes
from avidity.steps.results import Results
from avidity.steps.validate import Validation
from avidity.study import Study

NAMES = {
    "html": "report.html",
    "docx": "report.docx",
    "xlsx": "tables.xlsx",
    "pdf": "report.pdf",
    "json": "results.json",
}
ALL = (*NAMES, "figures")
NOTHING: Mapping[str, bytes] = MappingProxyType({})
MODELS = ("risk-model.json", "risk-model-usual.json")
APART = ("docx", "xlsx")
PICTURED = {"html", "docx", "pdf", "figures"}  # formats that show the figures


@dataclass(frozen=True, slots=True)
class Written:
    """What was written, with the comparison that went into it, and the document.

    document  drawn where a format shows its figures
    """

    files: tuple[Path, ...]
    results: Results
    comparison: Comparison | None
    document: Document


def held_against_paper(results: Results, study: Study) -> Comparison | None:
    """Our figures beside the printed ones, when the study names a published.toml.

    raises  StudyFileError
    """
    if study.published is None:
        return None
    return compare(read_published(study.folder / study.published.file), results)


def keeps_busy(study: Study) -> bool:
    """Whether what the study asks for is worth a second hand: a slow format, not figures alone."""
    return bool(set(APART) & set(study.report.formats))


def write_report(
    results: Results, study: Study, out: Path, executor: Executor | None = None
) -> Written:
    """Write the formats the study asks for into a folder; each file whole or not at all.

    executor  a second hand for the figures, as `draw.second_hand` gives it
    raises    StudyFileError for published.toml, WriteError
    """
    comparison = held_against_paper(results, study)
    results = replace(results, comparison=comparison)
    formats = study.report.formats
    document = _pictured(build(results, comparison), formats, executor)
    models = _models(results) if "model" in formats else {}
    reports = [kind for kind in formats if kind != "model"]
    files = write_document(document, results, out, reports, executor, models)
    _take_away([out / name for name in MODELS if name not in models])
    return Written(files, results, comparison, document)


def _pictured(document: Document, formats: Sequence[str], executor: Executor | None) -> Document:
    """The document, drawn where one of these formats shows its figures."""
    return drawn(document, executor) if PICTURED & set(formats) else document


def _take_away(outlived: Sequence[Path]) -> None:
    """Models of an earlier run, which this run did not fit: nobody is to ask them any more."""
    for path in outlived:
        remove(path)


def write_document(
    document: Document,
    results: object,
    out: Path,
    formats: Sequence[str] = ALL,
    executor: Executor | None = None,
    beside: Mapping[str, bytes] = NOTHING,
) -> tuple[Path, ...]:
    """A document, in these formats, and the results it tells, in a folder; each file whole.

    results   a frozen dataclass, for results.json
    executor  a second hand, as `draw.second_hand` gives it
    beside    other files of the same run, by name
    raises    WriteError
    """
    document = _pictured(document, formats, executor)
    files = ready([kind for kind in formats if kind != "figures"], document, results, executor)
    if "figures" in formats:
        files |= _figures(document)
    files |= beside
    make_folder(out)
    if "figures" in formats:
        make_folder(out / "figures")
    for name, data in files.items():  # only now: a run that fails leaves the old report whole
        write_bytes(out / name, data)
    return tuple(out / name for name in files)


def _models(results: Results) -> dict[str, bytes]:
    """The study's models as files for a calculator: the declared one, and the usual one."""
    from avidity.report.risk_model import risk_models
    from avidity.riskmodel.file import to_json

    return {name: to_json(model) for name, model in risk_models(results).items()}


def ready(
    wanted: Sequence[str],
    document: Document,
    results: object,
    executor: Executor | None,
) -> dict[str, bytes]:
    """Each format's bytes by its file's name; a second hand takes two of the slow ones."""
    apart = [kind for kind in wanted if kind in APART] if executor else []
    asked = {kind: executor.submit(made, kind, document) for kind in apart} if executor else {}
    done = {kind: _here(kind, document, results) for kind in wanted if kind not in asked}
    for kind, future in asked.items():
        try:
            done[kind] = future.result()
        except BrokenExecutor:  # the other process died: then it is made here
            done[kind] = made(kind, document)
    return {NAMES[kind]: done[kind] for kind in wanted}


def _here(kind: str, document: Document, results: object) -> bytes:
    if kind == "json":
        from avidity.report.results_json import to_json

        return to_json(results)
    return made(kind, document)


def made(kind: str, document: Document) -> bytes:
    """The document in one format."""
    if kind == "html":
        from avidity.report.html import to_html

        return to_html(document)
    if kind == "docx":
        from avidity.report.word import to_docx

        return to_docx(document)
    if kind == "xlsx":
        from avidity.report.workbook import to_xlsx

        return to_xlsx(document)
    from avidity.report.pdf import to_pdf

    return to_pdf(document)


def _figures(document: Document) -> dict[str, bytes]:
    made = {}
    for figure in document.figures():
        name = figure.anchor.removeprefix("figure-")
        made[f"figures/{name}.svg"] = figure.picture.svg
        made[f"figures/{name}.png"] = figure.picture.png
        made[f"figures/{name}.pdf"] = figure.picture.pdf
    return made


def summary_lines(results: Results, written: Written, out: Path) -> list[str]:
    """What the command line says when a study is done."""
    flow, words = results.flow, results.outcome_words
    lines = [
        results.study.title,
        (
            f"{flow.screened} screened, {flow.included} analysed:"
            f" {flow.yes} {words['yes'].lower()}, {flow.no} {words['no'].lower()}"
            f" (outcome: {results.outcome.by})"
        ),
    ]
    made = results.study.made_data
    if made:
        lines.append(made)
    warnings = [
        caution.text
        for caution in results.cautions
        if caution.weight == "warning" and caution.text != made
    ]
    if warnings:
        lines += ["", wording.counted(len(warnings), "warning") + ":"]
        lines += [f"  - {text}" for text in warnings]
    trusted = _trust_lines(results)
    if trusted:
        lines += ["", *trusted]
    if written.comparison:
        lines += ["", *_comparison_lines(written.comparison)]
    lines += ["", f"report: {out / NAMES['html']}"]
    others = [path.name for path in written.files if path.parent == out]
    return [*lines, f"in {out}: {', '.join(others)}"]


def _trust_lines(results: Results) -> list[str]:
    """What the patients can carry, and what is left of each model in new patients."""
    lines = [wording.sentence(results.capacity.verdict)] if results.capacity else []
    for one in results.validation:
        if isinstance(one, Validation):
            auc, slope = one.measures["auc"], one.measures["slope"]
            lines.append(
                f"{wording.sentence(one.track)}: AUC {wording.fixed(auc.apparent, 3)} as it looks,"
                f" {wording.fixed(auc.corrected, 3)} to be expected in new patients, calibration"
                f" slope {wording.fixed(slope.corrected)} ({one.used:,} of {one.resamples:,}"
                " resamples of the whole path)."
            )
        else:
            lines.append(f"{wording.sentence(one.track)}: not validated, {one.why}.")
    return lines


def _comparison_lines(comparison: Comparison) -> list[str]:
    header = ("Where", "Figure", "Printed", "Ours", "")
    rows = [header]
    for line in comparison.lines:
        said = line.verdict if not line.because else f"{line.verdict}, because {line.because}"
        rows.append((line.where, line.item, line.printed, line.ours, said))
    widths = [max(len(row[at]) for row in rows) for at in range(4)]
    table = [
        f"{row[0]:<{widths[0]}}  {row[1]:<{widths[1]}}  {row[2]:>{widths[2]}}"
        f"  {row[3]:>{widths[3]}}  {row[4]}".rstrip()
        for row in rows
    ]
    total = len(comparison.lines)
    return [
        *table,
        (
            f"{comparison.same} of {total} printed figures are the same, {total - comparison.same}"
            " are not."
        ),
    ]
