"""Every word stands in both catalogues, and none in a template."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

import pytest

from avidity.web import words
from avidity.web.pages.problems import SEVERITIES
from avidity.web.render import static_files
from avidity.web.work import WAITING, WRITING

ROOT = Path(__file__).resolve().parents[2]
WEB = ROOT / "src" / "avidity" / "web"
TEMPLATES = sorted((WEB / "templates").glob("*.j2"))
NAMES = {"avidity", "doi"}  # what is the same in every language
TOLD = ("alt", "aria-label", "aria-description", "placeholder", "title")


def bare_words(template: str) -> list[str]:
    """Words a reader would see that come from no catalogue."""
    text = re.sub(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}", " ", template, flags=re.DOTALL)
    told = [found for name in TOLD for found in re.findall(rf'\b{name}="([^"]*)"', text)]
    shown = re.sub(r"<[^>]*>|&\w+;", " ", text)
    return [
        word for word in re.findall(r"[^\W\d_]{2,}", " ".join([shown, *told])) if word not in NAMES
    ]


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_templates_hold_no_bare_words(path):
    assert [] == bare_words(path.read_text("utf-8"))


def test_a_bare_word_would_be_seen():
    assert ["Save"] == bare_words('<p>{{ t("a") }} <b>Save</b></p>')
    assert ["Close"] == bare_words('<button aria-label="Close">{{ x }}</button>')


def test_both_catalogues_have_the_same_keys():
    assert sorted(words.catalogue("en")) == sorted(words.catalogue("fr"))


def test_both_languages_fill_in_the_same_values():
    def places(text):
        return set(re.findall(r"\{(\w+)\}", text)) - {"n"}  # "one" may say it in words

    en, fr = words.catalogue("en"), words.catalogue("fr")

    assert [] == [key for key in en if places(en[key]) != places(fr[key])]


def test_every_key_of_a_template_is_known():
    known = set(words.catalogue("en"))
    asked = {
        (path.name, key)
        for path in TEMPLATES
        for key in re.findall(r"""\bt\(["']([\w.]+)["']\s*[,)]""", path.read_text("utf-8"))
    }

    assert [] == [one for one in asked if not known & {one[1], f"{one[1]}.one"}]


def test_every_step_of_a_run_has_its_words():
    source = (WEB.parent / "steps" / "run.py").read_text("utf-8")
    told = [*re.findall(r'progress\("([^"]+)"\)', source), WAITING, WRITING, "beginning"]

    assert [] == [step for step in told if not words.has(f"step.{step.replace(' ', '-')}")]
    assert all(words.has(f"severity.{one}") for one in SEVERITIES)


def test_one_and_many_follow_the_language():
    assert "1 row" == words.words("en", "data.rows", n=1)
    assert "0 rows" == words.words("en", "data.rows", n=0)
    assert "0 ligne" == words.words("fr", "data.rows", n=0)


@pytest.mark.parametrize(
    ("cookie", "accepted", "spoken"),
    [
        ("fr", "en", "fr"),
        (None, "fr-MA,fr;q=0.9,en;q=0.8", "fr"),
        (None, "de,en;q=0.5", "en"),
        (None, "", "en"),
        ("xx", "de", "en"),
    ],
)
def test_the_language_is_the_chosen_one_or_the_browsers(cookie, accepted, spoken):
    assert spoken == words.language_of(cookie, accepted)


def test_what_is_vendored_is_what_the_page_of_contributors_says():
    told = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
    axe = ROOT / "tests" / "web" / "axe" / "axe-4.14.1.min.js"
    files = {**static_files(), axe.name: axe.read_bytes()}

    for name in ("htmx-4.0.1.min.js", "axe-4.14.1.min.js"):
        assert f"`{name}`" in told
        assert hashlib.sha256(files[name]).hexdigest() in told
