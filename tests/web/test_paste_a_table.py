"""A table pasted from a PDF or from Excel: split, looked at, corrected, taken over."""

from __future__ import annotations

import html
import re
import tomllib

import pytest

from avidity.web.paper_check import check_text
from avidity.web.paper_paste import numbers, split
from avidity.web.paper_taken import taken

CONTENT = {"group": [{"name": "cases", "event": True}, {"name": "others"}]}
TABBED = """\
Variable\tRefractory (n=32)\tNot refractory (n=58)\tp
Age (years)\t53.06 ± 14.128\t44.43 ± 13.088\t0.005
Metastasis, n (%)\t18 (56.3)\t4 (6.9)\t0.000
Stage\t\t\t<0.001
I\t3 (9.4)\t20 (34.5)\t
II\t29 (90.6)\t38 (65.5)\t
Tumour size (mm)\t30 (12–60)\t25 [10; 45]\tNS
"""
PRINTED = """\
Characteristic Refractory (n = 32) Others (n = 58) p value
Age (years) 53.06 ± 14.128 44.43 ± 13.088 0.005
Age > 54 years 19 (59.4%) 13 (22.4%) p=0.001
Metastasis 18/32 (56.3%) 4/58 (6.9%) < 0.001
Size, mm 30.50 (12.1) 25,3 (10,2) NS
"""


def rows_of(content):
    return {one["variable"]: one for one in content["row"]}


def test_a_table_with_tabs_is_taken_over_with_every_digit():
    made = taken(CONTENT, split(TABBED, CONTENT), "Table 1")
    rows = rows_of(made)

    assert {"cases": "53.06", "others": "44.43"} == rows["age"]["mean"]
    assert {"cases": "14.128", "others": "13.088"} == rows["age"]["sd"]
    assert {"yes": {"cases": "18", "others": "4"}} == rows["metastasis"]["count"]
    assert "0.000" == rows["metastasis"]["p"]
    assert {"i", "ii"} == set(rows["stage"]["count"])
    assert {"cases": "12", "others": "10"} == rows["tumour_size"]["q1"]
    assert ">0.05" == rows["tumour_size"]["p"]
    assert ["32", "58"] == [one["n"] for one in made["group"]]
    assert {"name": "age", "label": "Age", "kind": "number", "unit": "years"} == made["variable"][0]
    assert "n" not in CONTENT["group"][0]


def test_lines_of_a_pdf_are_cut_at_their_figures():
    rows = rows_of(taken(CONTENT, split(PRINTED, CONTENT), ""))

    assert {"yes": {"cases": "19", "others": "13"}} == rows["age_54_years"]["count"]
    assert {"yes": {"cases": "56.3%", "others": "6.9%"}} == rows["metastasis"]["percent"]
    assert {"cases": "30.50", "others": "25,3"} == rows["size"]["mean"]
    assert "0.001" == rows["age_54_years"]["p"]


def test_a_variable_that_is_there_is_known_again():
    content = {
        **CONTENT,
        "variable": [{"name": "years", "label": "Age", "kind": "number"}],
        "row": [{"variable": "years", "p": "0.9", "note": "mine"}],
    }
    made = taken(content, split("Age (years)\t53.1 ± 2.0\t44.4 ± 3.0\t0.005", content), "")

    assert ["years"] == [one["name"] for one in made["variable"]]
    assert "0.005" == made["row"][0]["p"]
    assert "mine" == made["row"][0]["note"]


@pytest.mark.parametrize(
    ("cell", "found"),
    [
        ("53.06 ± 14.128", ["53.06", "14.128"]),
        ("45 (32–60)", ["45", "32", "60"]),
        ("45 [32-60]", ["45", "32", "60"]),
        ("18/32 (56.3%)", ["18", "56.3%"]),
        ("< 0.001", ["<0.001"]),
        (".30", [".30"]),
        ("1,5", ["1,5"]),
        ("-1.5 ± 0.2", ["-1.5", "0.2"]),
        ("text", []),
    ],
)
def test_the_figures_of_a_cell_are_kept_as_printed(cell, found):
    assert found == numbers(cell)


@pytest.mark.parametrize("text", ["", "\n\n", "no figure at all", "\t\t\t", "1 2 3", "a\t" * 50])
def test_any_text_is_split_into_something(text):
    table = split(text, CONTENT)

    assert all(len(table.columns) == len(row.cells) for row in table.rows)
    taken(CONTENT, table, "")


def test_it_is_pasted_looked_at_corrected_and_taken_over(visitor):
    path = visitor.send_form("/papers", page="/papers").url.path
    visitor.send_form(path, page=path, **{"f.paper.title": "Pasted"})
    assert f'href="{path}/paste"' in visitor.get(path).text
    seen = visitor.send_form(f"{path}/paste", page=f"{path}/paste", pasted=TABBED).text
    fields = dict(re.findall(r'name="((?:label|name|cell|head|size)[.\d]+)" value="([^"]*)"', seen))
    for name, options in re.findall(
        r'<select name="((?:meaning|column)[.\d]+)"[^>]*>(.*?)</select>', seen
    ):
        fields[name] = re.search(r'value="([^"]*)" selected', options)[1]
    fields = {name: html.unescape(value) for name, value in fields.items()}
    assert "mean" == fields["meaning.0"]
    before = visitor.get(f"{path}/paper.toml").text
    assert "row" not in tomllib.loads(before)
    fields |= {"cell.0.0": "53.07 ± 14.128", "meaning.5": "range", "meaning.1": "skip"}
    visitor.send_form(f"{path}/paste/take", page=f"{path}/paste", **fields)
    content = tomllib.loads(visitor.get(f"{path}/paper.toml").text)
    rows = rows_of(content)

    assert {"cases": "53.07", "others": "44.43"} == rows["age"]["mean"]
    assert {"cases": "12", "others": "10"} == rows["tumour_size"]["minimum"]
    assert "metastasis" not in rows
    assert check_text(visitor.get(f"{path}/paper.toml").text).whole


def test_a_broken_text_leads_back_to_it(visitor):
    path = visitor.send_form("/papers", page="/papers").url.path
    visitor.send_form(f"{path}/text", page=path, text="[paper")

    assert path == visitor.get(f"{path}/paste").url.path
