"""What a person does, in a real browser: from the example to the Word file, and without a mouse."""

from __future__ import annotations

import re

import docx
import pytest
from playwright.sync_api import expect

from made_browser import axe_faults
from made_uploads import ROWS, STUDY, example_zip, small_study

BAD = [*ROWS[:5], "P5,maybe,fifty,12", "P5,no,200,13", *ROWS[7:]]


@pytest.fixture(scope="module")
def entered(browser, server):
    """The cookies of somebody who opened the address."""
    context = browser.new_context()
    page = context.new_page()
    page.goto(server.address)
    assert f"{server.root}/" == page.url
    kept = context.storage_state()
    context.close()
    return kept


@pytest.fixture
def visit(browser, server, entered):
    """Opens a page in a browser of its own; at the end nothing was asked of elsewhere."""
    contexts, asked, complaints = [], [], []

    def opened(path="/", **wishes):
        wishes = {"locale": "en", "viewport": {"width": 1440, "height": 900}, **wishes}
        context = browser.new_context(storage_state=entered, **wishes)
        contexts.append(context)
        page = context.new_page()
        page.on("request", lambda one: asked.append(one.url))
        page.on("console", lambda one: one.type == "error" and complaints.append(one.text))
        page.on("pageerror", lambda one: complaints.append(str(one)))
        page.goto(server.root + path)
        return page

    yield opened
    for context in contexts:
        context.close()
    assert [] == [url for url in asked if not url.startswith((f"{server.root}/", "data:"))]
    assert [] == complaints


def path_of(page):
    return re.search(r"/studies/\w{32}", page.url)[0]


def bring(page, content, name="study.zip"):
    page.set_input_files("input[name=files]", {"name": name, "mimeType": "", "buffer": content})
    page.get_by_role("button", name="Make the study").click()


@pytest.fixture(scope="module")
def example(browser, server, entered):
    """The example, brought and run once; its path."""
    context = browser.new_context(storage_state=entered, locale="en")
    page = context.new_page()
    page.goto(server.root)
    bring(page, example_zip())
    page.goto(f"{server.root}{path_of(page)}/run")
    page.get_by_label("Quick").check()
    page.get_by_role("button", name="Start").click()
    expect(page.locator("progress")).to_be_visible()
    expect(page.get_by_text("Done", exact=True)).to_be_visible(timeout=120_000)
    path = path_of(page)
    context.close()
    return path


def test_from_the_zipped_example_to_the_word_file(visit, example, tmp_path):
    page = visit(f"{example}/data")
    expect(page.locator(".facts")).to_contain_text("300")
    page.get_by_role("link", name="Results").click()
    with page.expect_download() as download:
        page.get_by_role("link", name="The report for Word").click()
    download.value.save_as(tmp_path / "report.docx")
    text = "\n".join(one.text for one in docx.Document(tmp_path / "report.docx").paragraphs)

    assert "report.docx" == download.value.suggested_filename
    assert "reproduced from a twin cohort" in text


def test_the_report_is_shown_with_its_style(visit, example):
    page = visit(f"{example}/results")
    page.get_by_role("link", name="Read the report").click()

    expect(page.get_by_role("heading", level=1)).to_contain_text("radioiodine-refractory")
    assert page.evaluate("getComputedStyle(document.querySelector('.sheet')).display") == "grid"


def test_a_finding_is_chosen_and_its_cell_is_shown(visit):
    page = visit()
    bring(page, small_study(BAD))
    page.get_by_role("link", name="See the problems").click()
    page.get_by_label("Severity").select_option("error")
    expect(page.locator(".badge.warning")).to_have_count(0)
    page.locator(".kind summary").first.click()
    page.locator(".findings a:visible").first.click()
    marked = page.locator("#preview td.bad")

    expect(marked.first).to_be_visible()
    assert page.evaluate("document.activeElement.id") == "preview"
    with page.expect_download() as download:
        page.get_by_role("link", name="Download the marked workbook").click()
    assert "problems.xlsx" == download.value.suggested_filename


def test_corrected_files_are_uploaded_again_and_the_run_is_free(visit):
    page = visit()
    bring(page, small_study(BAD))
    page.goto(page.url.replace("/data", "/run"))
    expect(page.get_by_text("must be put right first")).to_be_visible()
    page.get_by_role("link", name="Show them").click()
    fixed = {"name": "p.csv", "mimeType": "text/csv", "buffer": "\n".join(ROWS).encode()}
    page.set_input_files("input[name=files]", fixed)
    page.get_by_role("button", name="Put in place").click()

    expect(page.get_by_role("status").first).to_contain_text("new files are in place")
    page.get_by_role("link", name="Run the study").click()
    expect(page.get_by_role("button", name="Start")).to_be_visible()


def test_it_speaks_french(visit, example):
    page = visit(f"{example}/data")
    page.get_by_role("button", name="Français").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("Données")
    assert "fr" == page.get_attribute("html", "lang")
    page.get_by_role("link", name="Résultats").click()
    expect(page.get_by_text("Tout télécharger")).to_be_visible()
    assert f"{example}/results" in page.url


def test_a_french_browser_is_greeted_in_french(visit):
    expect(visit(locale="fr-MA").get_by_role("heading", level=1)).to_have_text(
        "Des dossiers à l’étude"
    )


def tab_to(page, name):
    """Press Tab until the thing of this name is reached, as a keyboard user does."""
    for _ in range(60):
        page.keyboard.press("Tab")
        if name in page.evaluate("document.activeElement.textContent.trim()"):
            seen = page.evaluate("getComputedStyle(document.activeElement).outlineStyle !== 'none'")
            assert seen, f"no sign of focus on {name}"
            return
    raise AssertionError(f"{name} cannot be reached")


def test_the_way_can_be_walked_by_keyboard_alone(visit):
    page = visit()
    page.keyboard.press("Tab")
    assert "Skip to the content" == page.evaluate("document.activeElement.textContent")
    page.keyboard.press("Enter")
    assert "content" == page.evaluate("document.activeElement.id")
    tab_to(page, "Open the example")
    page.keyboard.press("Enter")
    page.wait_for_url("**/data")
    tab_to(page, "See the problems")
    page.keyboard.press("Enter")
    page.wait_for_url("**/problems")
    page.goto(page.url.replace("/problems", "/run"))
    tab_to(page, "Start")
    page.keyboard.press("Enter")
    expect(page.locator("progress")).to_be_visible()
    tab_to(page, "Cancel")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Cancelled", exact=True)).to_be_visible(timeout=30_000)


def test_it_works_without_scripts(visit, example):
    page = visit(java_script_enabled=False)
    bring(page, small_study(BAD))
    page.get_by_role("link", name="See the problems").click()
    page.get_by_role("button", name="Show").click()

    assert "severity=" in page.url
    page.locator(".kind summary").first.click()
    page.locator(".findings a:visible").first.click()
    expect(page.locator("#preview td.bad")).to_be_visible()
    page.goto(page.url.partition("/studies")[0] + example + "/run")
    expect(page.get_by_role("button", name="Start")).to_be_visible()


def every_page(page, root, example):
    """The first page, a page that is not there, and each stage the study shows."""
    page.goto(f"{root}{example}/data")
    stages = page.locator(".stages a").evaluate_all("all => all.map(one => one.pathname)")
    page.goto(root)
    doors = page.locator("main .card h2 a").evaluate_all("all => all.map(one => one.pathname)")
    return ["/", *doors, *stages]


@pytest.mark.parametrize(
    ("width", "locale", "scheme"), [(1440, "en", "light"), (390, "fr", "dark")]
)
def test_no_page_has_a_barrier(visit, server, example, scheme, width, locale):
    page = visit(color_scheme=scheme, viewport={"width": width, "height": 900}, locale=locale)
    paths = every_page(page, server.root, example)

    assert len(paths) >= 5
    for path in paths:
        page.goto(server.root + path)
        assert [] == axe_faults(page), path
        wide = page.evaluate("document.documentElement.scrollWidth")
        assert wide <= width, f"{path} must be scrolled sideways"


def test_a_page_of_findings_has_no_barrier(visit, server):
    page = visit()
    bring(page, small_study(BAD))
    page.goto(page.url.replace("/data", "/problems?at=0"))

    assert [] == axe_faults(page)


def test_a_refusal_has_no_barrier_and_keeps_what_was_typed(browser, server, entered):
    context = browser.new_context(storage_state=entered, locale="en")
    page = context.new_page()
    page.goto(server.root)
    page.get_by_label("Name of the study").fill("My study")
    bring(page, b"%PDF-1.7\0\0", "report.pdf")

    expect(page.get_by_role("alert")).to_contain_text("something else")
    expect(page.get_by_label("Name of the study")).to_have_value("My study")
    assert [] == axe_faults(page)
    context.close()


def test_a_study_without_a_study_file_gets_one(visit):
    page = visit()
    bring(page, "\n".join(ROWS).encode(), "ma base.csv")
    expect(page.get_by_text("40").first).to_be_visible()

    assert STUDY  # the zipped studies of the other tests bring their own
