"""In a real browser: columns matched, patients judged, a plan made; wide and narrow."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from made_browser import axe_faults, listening, watched
from made_uploads import STUDY, small_study
from made_workbench import TOKEN, make_bench

HEADERS = "N° dossier malade,rair,Âge lors du diagnostic,Taille tumeur max (cm)"
ROWS = [
    HEADERS,
    *[f"P{i},{'yes' if i % 3 == 0 else 'no'},{30 + i},{1 + (7 * i) % 5}" for i in range(60)],
]
LOOKS = [
    {"viewport": {"width": 1440, "height": 900}, "color_scheme": "light"},
    {"viewport": {"width": 390, "height": 800}, "color_scheme": "dark"},
]


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    """Where a workbench listens."""
    folder = tmp_path_factory.mktemp("bench")
    with listening(lambda hosts: make_bench(folder, hosts=hosts), TOKEN) as found:
        yield found


@pytest.fixture(scope="module")
def state(browser, place):
    """The cookie of somebody who came in, the path of the example, and that of a small study."""
    context = browser.new_context(locale="en")
    page = context.new_page()
    page.goto(place[1])
    page.get_by_role("button", name="Open the example").click()
    example = re.search(r"/studies/\w{32}", page.url)[0]
    page.goto(place[0])
    files = {"name": "s.zip", "mimeType": "", "buffer": small_study(ROWS, STUDY)}
    page.set_input_files("input[name=files]", files)
    page.get_by_role("button", name="Make the study").click()
    small = re.search(r"/studies/\w{32}", page.url)[0]
    kept = context.storage_state()
    context.close()
    return kept, example, small


@pytest.fixture
def page(browser, state, place):
    """A page that complains of nothing and asks nobody else."""
    with watched(browser, storage_state=state[0], locale="en", **LOOKS[0]) as one:
        yield one
        assert [] == one.faults
        assert [] == [url for url in one.asked if not url.startswith((place[0], "data:"))]


def test_patients_are_filtered_one_is_looked_at_and_answered(page, place, state):
    page.goto(f"{place[0]}{state[1]}/refractory")
    page.get_by_label("Show", exact=True).select_option("disagree")
    expect(page.get_by_role("status")).to_contain_text("243 of 300 shown")
    page.get_by_label("Answer", exact=True).select_option("yes")
    expect(page.get_by_role("status")).to_contain_text("42 of 300 shown")
    page.get_by_role("link", name="TWIN-063").click()

    assert re.search(r"/refractory/\d+$", page.url)
    expect(page.get_by_role("img", name="Records along the years")).to_be_visible()
    page.get_by_label("Reason", exact=True).fill("Thymus on CT")
    page.get_by_label("Evidence for").select_option("ata-2025")
    expect(page.locator("#patient")).to_contain_text("since 2020-07-08")
    expect(page.get_by_label("Reason", exact=True)).to_have_value("Thymus on CT")
    page.locator("input[name=answer][value=no]").check()
    page.get_by_label("Your name").fill("Dr A")
    page.get_by_role("button", name="Keep this answer").click()
    expect(page.get_by_text("The answer is kept")).to_be_visible()
    expect(page.locator("q")).to_have_text("Thymus on CT")
    page.get_by_role("button", name="Take it back").click()
    expect(page.get_by_text("The answer was taken back")).to_be_visible()


def test_what_patients_can_carry_follows_each_choice(page, place, state):
    page.goto(f"{place[0]}{state[1]}/plan")
    comes = page.locator("#outcome-of-plan")
    expect(comes).to_contain_text("as it should be done looks at 3")
    page.get_by_label("Declared: Age at diagnosis", exact=True).check()
    expect(comes).to_contain_text("as it should be done looks at 1")
    page.get_by_label("Shape: Age at diagnosis", exact=True).select_option("4")
    expect(comes).to_contain_text("as it should be done looks at 3")
    expect(comes.locator("ins.added")).to_have_count(
        3 + 1 + 1
    )  # two tables with a key each, an empty line
    page.get_by_label("Resamples").fill("many")
    page.get_by_label("Resamples").blur()
    expect(comes.locator(".trouble")).to_contain_text("valid integer")
    page.get_by_label("Resamples").fill("200")
    page.get_by_role("button", name="Keep the plan").click()
    expect(page.get_by_text("The plan is kept in study.toml")).to_be_visible()
    expect(comes.locator(".badge.warning")).to_have_count(0)


def test_columns_are_matched_by_keyboard(page, place, state):
    page.goto(f"{place[0]}{state[2]}/data")
    expect(page.get_by_text("3 columns may be fields")).to_be_visible()
    page.get_by_label("Taken for: Taille tumeur max (cm)").focus()
    page.keyboard.press("Tab")
    assert "Unit: Taille tumeur max (cm)" == page.evaluate(
        "document.activeElement.getAttribute('aria-label')"
    )
    page.keyboard.press("Enter")
    expect(page.get_by_text("The columns are kept")).to_be_visible()
    expect(page.get_by_text("3 columns may be fields")).to_have_count(0)


def test_a_page_refused_keeps_what_was_typed(page, place, state):
    page.goto(f"{place[0]}{state[2]}/data")
    chosen = page.get_by_label("Taken for: rair")
    assert 0 == chosen.count()  # the outcome is no question
    page.get_by_label("Unit: Taille tumeur max (cm)").fill("stone")
    page.get_by_role("button", name="Keep these columns").click()
    expect(page.get_by_role("alert")).to_contain_text("stone")
    expect(page.get_by_label("Unit: Taille tumeur max (cm)")).to_have_value("stone")
    page.faults.clear()  # the browser itself notes that a page came with status 422


@pytest.mark.parametrize("look", LOOKS, ids=["wide and light", "narrow and dark"])
@pytest.mark.parametrize("stage", ["data", "refractory", "refractory/64", "plan"])
@pytest.mark.parametrize("locale", ["en", "fr"])
def test_no_page_has_a_barrier_or_spills_over(browser, place, state, stage, look, locale):
    with watched(browser, storage_state=state[0], locale=locale, **look) as page:
        page.goto(f"{place[0]}{state[1]}/{stage}")

        assert [] == axe_faults(page)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        assert [] == page.faults
