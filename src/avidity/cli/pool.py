"""The command of evidence: pool."""

from __future__ import annotations

from pathlib import Path

import click

from avidity.cli.speak import FOLDER, emit, json_option


@click.command(
    epilog="\b\nExample\n  avidity pool examples/evidence/made-up.toml --out pooled"
    "\n  avidity pool luo-2020 --own report"
)
@click.argument("evidence")
@click.option("--own", type=FOLDER, help="A study's results.json, or its folder, to show beside.")
@click.option("--out", type=FOLDER, help="Write a report into this folder.")
@json_option
def pool(evidence: str, own: Path | None, out: Path | None, as_json: bool) -> None:
    """Pool what several papers printed of the same effect.

    EVIDENCE is an evidence file, a folder that holds evidence.toml, or a pooling of the library
    by its name.
    """
    from avidity.papers.evidence_file import find_or_read
    from avidity.papers.own_effect import read_results
    from avidity.papers.pool_evidence import pool_evidence
    from avidity.report.pooled_report import build_pooled, pooled_lines

    asked = find_or_read(evidence)
    found = pool_evidence(asked, read_results(own) if own else None)
    files: tuple[Path, ...] = ()
    if out:
        from avidity.report.draw import second_hand
        from avidity.report.write import ALL, write_document

        with second_hand() as hand:
            files = write_document(build_pooled(found), found, out, ALL, hand)
    emit(as_json, found, lambda: pooled_lines(found, out, files))
