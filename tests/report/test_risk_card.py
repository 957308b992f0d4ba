"""The card: one page that holds the equation, the ranges and how far to trust it."""

from __future__ import annotations

import re

import pytest

from avidity.errors import RiskModelError
from avidity.papers.library import find
from avidity.report.document import Bullets, Paragraph, Table, plain
from avidity.report.html import to_html
from avidity.report.pdf import to_pdf
from avidity.report.risk_card import card
from avidity.riskmodel.model import RiskModel
from made_models import every_kind


def table(document, anchor):
    found = next(one for one in document.tables() if one.anchor == anchor)
    return [[cell.text for cell in row.cells] for row in found.rows]


def test_the_seed_s_card_holds_equation_and_every_combination():
    page = card(find("bellakhdar-2024"))

    assert ["Age at diagnosis", "≥ 54 years", "not known", "1.87213", "6.50"] in table(
        page, "table-equation"
    )
    assert ["yes", "yes", "yes", "6", "0.978 (0.876 to 0.996)"] == table(page, "table-risks")[-1]
    assert 8 == len(table(page, "table-risks"))
    words = " ".join(plain(one.text) for one in page.blocks if isinstance(one, Paragraph))
    assert "ln(q / (1 − q)) + 0.5947" in words
    assert "90 patients, 32 with the outcome (35.6%)" in words
    assert any(isinstance(block, Bullets) for block in page.blocks)


def test_a_model_with_numbers_has_a_made_patient_to_check_with():
    page = card(every_kind())

    rows = table(page, "table-equation")
    assert ["Age", "age'", "20 to 80 years", "0.01800", ""] in rows
    assert ["Histology", "OCA against PTC", "PTC, FTC, OCA", "0.99000", "2.69"] in rows
    assert ["table-equation"] == [one.anchor for one in page.blocks if isinstance(one, Table)]
    words = [plain(one.text) for one in page.blocks if isinstance(one, Paragraph)]
    assert any("a patient nobody is: age 20 years" in said for said in words)


@pytest.mark.parametrize("model", [find("bellakhdar-2024"), every_kind()], ids=["seed", "every"])
def test_the_card_is_one_page(model: RiskModel):
    assert 1 == len(re.findall(rb"/Type\s*/Page\b", to_pdf(card(model))))


def test_a_partial_model_has_no_card():
    with pytest.raises(RiskModelError, match="is partial"):
        card(find("liu-y-2022"))


def test_a_page_without_headings_has_no_empty_list_of_contents():
    assert b"Contents" not in to_html(card(find("bellakhdar-2024")))
