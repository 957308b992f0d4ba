"""The report of a validation: numbers traceable, whatever exists."""

from pathlib import Path

import pytest

from avidity.papers.library import find
from avidity.report.document import Table
from avidity.report.draw import drawn
from avidity.report.external_report import build_external, external_lines
from avidity.report.html import to_html
from avidity.report.numbering import number
from avidity.report.results_json import as_number, as_plain, lookup
from avidity.report.schema import schema
from avidity.riskmodel.model import RiskModel
from avidity.riskmodel.vectors import with_vectors
from avidity.steps.check import check
from avidity.steps.external import External, validate_models
from avidity.steps.label import label
from avidity.steps.read import read
from avidity.study import read_study

EXAMPLE = Path(__file__).resolve().parents[2] / "examples" / "bellakhdar-2024"


@pytest.fixture(scope="module")
def found():
    study = read_study(EXAMPLE)
    first = find("bellakhdar-2024")
    plain = first.model_dump()
    plain["name"], plain["patterns"] = "other", ()
    plain["equation"] = {**plain["equation"], "apparent": (-2.0, 1.0, 1.0, 2.0)}
    second = with_vectors(RiskModel.model_validate({**plain, "vectors": ()}))
    cohort = label(check(read(study), study), study)
    return validate_models([first, second], cohort, paper_doi=first.provenance.doi)


def test_every_number_leads_to_its_place_in_the_results(found):
    tree, led = as_plain(found), 0
    for block in build_external(found).blocks:
        if not isinstance(block, Table):
            continue
        for cell in [cell for row in block.rows for cell in row.cells]:
            pairs = [(cell.source, cell.value), *((one.source, one.value) for one in cell.parts)]
            for place, value in pairs:
                if place is None:
                    continue
                there = lookup(tree, place)
                led += 1
                if isinstance(value, float):
                    assert value == as_number(there), place
    assert led > 60


def test_the_document_is_drawn_with_a_curve_and_a_decision_for_each_model(found):
    document = build_external(found)
    page = to_html(number(drawn(document))).decode()

    names = [figure.anchor for figure in document.figures()]
    assert 5 == len(names)
    assert "figure-benefit-all" == names[0]
    assert "bellakhdar-2024 less other, in the 90 patients both answer for" in page
    assert "not known" in page  # the second model's file holds no patterns


def test_the_terminal_says_both_models_and_their_difference(found):
    lines = "\n".join(external_lines(found, None, ()))

    assert "calibration slope 1.00" in lines
    assert "bellakhdar-2024 less other (90 patients): AUC" in lines


def test_the_results_have_a_schema():
    assert "models" in schema(External)["properties"]
