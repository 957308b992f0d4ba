"""The report of a rebuilt model: what it says in each of the four answers."""

import pytest

from avidity.papers.rebuild import RebuiltPaper
from avidity.report.document import Heading, Table, plain
from avidity.report.html import to_html
from avidity.report.rebuild_words import headline, how, rebuild_lines
from avidity.report.write_rebuild import build_rebuild
from avidity.stats.rebuild.solve import Effort, rebuild
from made_prints import bel_lakhdar

NO_P = {(of, "p"): None for of in ("age", "diameter", "metastasis")}
ONLY_AGE = NO_P | {
    (of, kind): None for of in ("diameter", "metastasis") for kind in ("odds_ratio", "low", "high")
}


def told(problem, effort=None):
    found = rebuild(problem, effort)
    labels = tuple(one.capitalize() for one in found.predictors)
    return RebuiltPaper(
        *("A paper", "Someone 2024", "", "", "", "0" * 64, "multivariable", "Table 2"),
        outcome="refractory",
        labels=labels,
        rebuilt=found,
        questions=("the intercept",),
    )


ONE = told(bel_lakhdar())
ROUGH = ONLY_AGE | {
    ("age", "odds_ratio"): "7",
    ("age", "low"): None,
    ("age", "high"): None,
    ("diameter", "odds_ratio"): "7",
}
SEVERAL = told(bel_lakhdar(ROUGH))
BOUNDS = told(bel_lakhdar(ONLY_AGE), Effort(tables=0, steps=1))
NONE = told(bel_lakhdar({("metastasis", "odds_ratio"): "22.653"}))


@pytest.mark.parametrize(
    "found", [ONE, SEVERAL, BOUNDS, NONE], ids=["one", "several", "bounds", "none"]
)
def test_every_answer_is_labelled_and_written(found):
    document = build_rebuild(found)
    html = to_html(document).decode()

    assert "not for decisions about a patient" in html
    assert headline(found.rebuilt) in rebuild_lines(found)
    assert "What is assumed" in [one.text for one in document.headings()]
    assert "not for decisions about a patient" in rebuild_lines(found)[-1]


def test_one_model_is_shown_whole():
    tables = {one.anchor: one for one in build_rebuild(ONE).tables()}

    assert {"table-model", "table-covariance", "table-risks"} == set(tables)
    assert ["−3.0847", "1.8721", "1.8970", "3.1159"] == [
        row.cells[1].text for row in tables["table-model"].rows
    ]
    assert "97.8% (87.6 to 99.6)" == tables["table-risks"].rows[-1].cells[-1].text


def test_several_models_are_shown_as_a_range():
    table = next(one for one in build_rebuild(SEVERAL).tables() if one.anchor == "table-model")

    assert "several" == SEVERAL.rebuilt.answer
    assert all(" to " in row.cells[1].text for row in table.rows)
    assert f"{SEVERAL.rebuilt.found} tables of patients" in headline(SEVERAL.rebuilt)


def test_no_single_area_is_given():
    said = "\n".join(rebuild_lines(ONE))

    assert "between 0.8599 and 0.9138" in said
    assert "0.88" not in said
    assert b"0.8815" not in to_html(build_rebuild(ONE))


def test_bounds_are_rounded_outwards_and_say_that_the_search_stopped():
    assert "bounds" == BOUNDS.rebuilt.answer
    assert "The search stopped" in how(BOUNDS.rebuilt)
    table = next(one for one in build_rebuild(BOUNDS).tables() if one.anchor == "table-risks")
    for row, pattern in zip(table.rows, BOUNDS.rebuilt.patterns, strict=True):
        low, _, high = row.cells[-1].text.replace("%", "").partition(" to ")
        assert float(low) <= 100 * pattern.risk.low
        assert 100 * pattern.risk.high <= float(high)


def test_a_contradiction_names_its_figure():
    document = build_rebuild(NONE)

    assert "Why no table fits" in [one.text for one in document.headings()]
    assert not [one for one in document.blocks if isinstance(one, Table)]
    words = [plain(item) for one in document.blocks for item in getattr(one, "items", ())
             if not isinstance(one, Heading)]  # fmt: skip
    assert any("metastasis = yes: odds ratio, printed 22.653" in one for one in words)
