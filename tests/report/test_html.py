"""The page: one file, whole in itself, readable by ear and on paper."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from itertools import pairwise

import pytest

from avidity.report.html import to_html

VOID = {"meta", "br", "col", "img", "link", "hr", "input"}


class Page(HTMLParser):
    """The elements of a page as (tag, attributes, text, tags above)."""

    def __init__(self, text):
        super().__init__()
        self.open, self.elements, self.text = [], [], ""
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attrs):
        entry = {
            "tag": tag,
            "attrs": dict(attrs),
            "text": "",
            "above": [e["tag"] for e in self.open],
        }
        self.elements.append(entry)
        if tag not in VOID:
            self.open.append(entry)

    def handle_startendtag(self, tag, attrs):
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.handle_endtag(tag)

    def handle_endtag(self, tag):
        assert self.open, f"</{tag}> closes nothing"
        assert self.open[-1]["tag"] == tag, f"</{tag}> closes <{self.open[-1]['tag']}>"
        self.open.pop()

    def handle_data(self, data):
        self.text += data
        for entry in self.open:
            entry["text"] += data

    def all(self, tag):
        return [entry for entry in self.elements if entry["tag"] == tag]


@pytest.fixture(scope="module")
def text(sample):
    return to_html(sample).decode("utf-8")


@pytest.fixture(scope="module")
def page(text):
    return Page(text)


def test_every_element_is_closed_in_order(page):
    assert page.open == []


def test_the_page_refers_to_nothing_outside_itself(page, text):
    for entry in page.elements:
        for name, value in entry["attrs"].items():
            if name in {"href", "src", "xlink:href", "data", "action", "poster", "srcset"}:
                assert value.startswith("#"), (entry["tag"], name, value)
    assert "@import" not in text
    assert re.findall(r"url\((?!#)", text) == []
    assert {entry["tag"] for entry in page.elements} & {"script", "link", "iframe", "img"} == set()
    places = set(re.findall(r'https?://[^"\s<]+', text))
    assert places == {"http://www.w3.org/1999/xlink", "http://www.w3.org/2000/svg"}  # names only


def test_a_policy_forbids_what_the_page_does_not_need(page):
    policy = next(m for m in page.all("meta") if m["attrs"].get("http-equiv"))

    assert policy["attrs"]["content"].startswith("default-src 'none'")


def test_no_name_is_used_twice_and_every_link_arrives(page):
    names = [e["attrs"]["id"] for e in page.elements if "id" in e["attrs"]]

    assert len(names) == len(set(names))
    for entry in page.elements:
        for name in ("href", "xlink:href", "aria-labelledby", "aria-describedby"):
            if name in entry["attrs"]:
                assert entry["attrs"][name].removeprefix("#") in names


def test_every_clip_and_marker_of_a_figure_arrives_too(text, page):
    names = {e["attrs"]["id"] for e in page.elements if "id" in e["attrs"]}

    assert set(re.findall(r"url\(#([^)]+)\)", text)) <= names


def test_every_table_has_a_caption_and_heads_that_say_what_they_head(page, sample):
    tables = page.all("table")

    assert len(tables) == len(list(sample.tables())) + len(list(sample.checklists()))
    assert len(page.all("caption")) == len(tables)
    for head in page.all("th"):
        assert head["attrs"]["scope"] in {"col", "colgroup", "row", "rowgroup"}
    captions = [" ".join(entry["text"].split()) for entry in page.all("caption")]
    assert captions[0] == "Table 1. Characteristics of the patients by outcome"
    assert captions[1].startswith("Table 2. ")


def test_every_figure_is_drawn_in_the_page_and_said_in_words(page, sample):
    drawings = page.all("svg")

    assert [d["attrs"]["aria-label"] for d in drawings] == [f.description for f in sample.figures()]
    assert all(drawing["attrs"]["role"] == "img" for drawing in drawings)
    assert "Radioiodine not given" in page.text  # real text, not outlines


def test_landmarks_title_and_language_are_there(page, sample):
    assert page.all("html")[0]["attrs"]["lang"] == "en-GB"
    assert page.all("title")[0]["text"] == sample.title
    assert all(len(page.all(tag)) == 1 for tag in ("main", "nav", "h1", "header", "footer"))
    first_link = page.all("a")[0]
    assert first_link["attrs"]["href"] == "#content"
    assert page.all("main")[0]["attrs"]["id"] == "content"


def test_headings_go_down_one_level_at_a_time(page):
    levels = [int(e["tag"][1]) for e in page.elements if re.fullmatch("h[1-6]", e["tag"])]

    assert levels[0] == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))


def test_a_number_says_where_it_comes_from(page):
    traced = {e["attrs"].get("data-source"): e for e in page.elements}

    assert traced["/outcome/share"]["text"] == "32 (35.6%)"
    assert "results.json /outcome/share" in traced["/outcome/share"]["attrs"]["title"]
    odds = traced["/model/terms/0/odds_ratio"]
    assert "13.8812" in odds["attrs"]["title"]
    both = traced["/table1/mean /table1/sd"]["attrs"]["title"]
    assert "mean: 44.4310345" in both


def test_the_warnings_come_before_everything_else(page):
    inside = page.text[page.text.index("Contents") :]

    assert inside.index("These patients are made up") < inside.index("Of 300 records")


def test_an_open_item_of_a_checklist_is_a_visible_blank(page):
    blanks = [e for e in page.elements if e["attrs"].get("class") == "blank"]

    assert [blank["text"] for blank in blanks] == ["for the authors", "for the authors"]


def test_the_page_prints_light_with_heads_repeated(text):
    style = text[text.index("@media print") :]

    assert "display: table-header-group" in style
    assert "break-inside: avoid" in text
    assert "color-scheme: light" in style


def test_hostile_text_stays_text(hostile):
    text = to_html(hostile).decode("utf-8")
    page = Page(text)

    assert page.all("script") == []
    assert page.all("img") == []
    assert not any(name.startswith("on") for e in page.elements for name in e["attrs"])
    assert "<script>alert(1)</script>" in page.all("title")[0]["text"]
    assert "{{ 7*7 }} {% raw %}" in page.text
    assert "]]> &amp; &#x41;" in page.text
    assert "\x07" not in text


def test_the_same_report_gives_the_same_bytes(sample):
    assert to_html(sample) == to_html(sample)
