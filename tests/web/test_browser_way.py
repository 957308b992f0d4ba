"""The whole way in a real browser: a French workbook dropped, matched, planned, run, in Word."""

from __future__ import annotations

import base64
import io

import docx
import pytest
import xlsxwriter
from playwright.sync_api import expect

from made_browser import axe_faults, watched

HEADERS = [
    "N° dossier",
    "Âge au diagnostic",
    "Sexe",
    "Taille tumeur max (cm)",
    "Activité cumulée (mCi)",
    "Réfractaire",
    "Remarque libre",
]
DROP = """([files, place]) => {
  const carried = new DataTransfer();
  for (const [name, coded] of files) {
    const bytes = Uint8Array.from(atob(coded), (sign) => sign.charCodeAt(0));
    carried.items.add(new File([bytes], name));
  }
  const target = document.querySelector(place);
  for (const kind of ["dragenter", "dragover", ...(place === "body" ? [] : ["drop"])])
    target.dispatchEvent(
      new DragEvent(kind, { bubbles: true, cancelable: true, dataTransfer: carried }));
}"""


def french(patients=60):
    """A department's workbook: decimal commas as text, centimetres, mCi."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    sheet = book.add_worksheet("Feuil1")
    sheet.write_row(0, 0, HEADERS)
    for at in range(patients):
        age = 30 + at * 7 % 45
        size = f"{1 + at * 5 % 50 / 10:.1f}".replace(".", ",")
        case = "oui" if (age > 55 and at % 4) or at % 9 == 0 else "non"
        row = [f"D{at:03d}", age, "F" if at % 3 else "H", size, f"{100 + at * 13 % 400},5", case]
        sheet.write_row(at + 1, 0, [*row, "vu"])
    book.close()
    return out.getvalue()


@pytest.fixture(scope="module")
def state(browser, server):
    context = browser.new_context()
    context.new_page().goto(server.address)
    kept = context.storage_state()
    context.close()
    return kept


@pytest.fixture
def page(browser, server, state):
    how = {"storage_state": state, "locale": "en", "viewport": {"width": 1440, "height": 900}}
    with watched(browser, **how) as opened:
        opened.goto(server.root)
        yield opened
        assert [] == [url for url in opened.asked if not url.startswith((server.root, "data:"))]
        assert [] == opened.faults


def drag(page, *files, place=".drop-zone"):
    coded = [[name, base64.b64encode(content).decode()] for name, content in files]
    page.evaluate(DROP, [coded, place])


def bring(page, title, *files):
    page.get_by_label("Name of the study").fill(title)
    drag(page, *files)
    page.get_by_role("button", name="Make the study").click()
    page.wait_for_url("**/data")


def refuse(page):
    """The browser itself notes that a page came with status 422."""
    page.faults[:] = [said for said in page.faults if "422" not in said]


def plan_by_column(page):
    """The outcome stands in a column: say which, and what means yes."""
    page.get_by_role("link", name="Plan", exact=True).click()
    page.get_by_label("Definition").select_option("")
    page.get_by_label("Column", exact=True).select_option("Réfractaire")
    page.get_by_label("Means yes").fill("oui")
    page.get_by_label("Means no").fill("non")
    page.get_by_label("Model: Age at diagnosis", exact=True).check()
    page.get_by_label("Take them out of the plan").check()
    page.get_by_role("button", name="Keep the plan").click()
    expect(page.get_by_text("The plan is kept in study.toml")).to_be_visible()


def test_from_a_french_workbook_to_the_word_file(page, tmp_path):
    drag(page, ("cas.xlsx", french()), place="body")
    expect(page.locator(".drop-zone")).to_have_class("drop-zone armed")
    expect(page.locator(".let-go")).to_be_visible()
    drag(page, ("autre.csv", b"x"), ("cas.xlsx", french()))
    expect(page.locator(".files-chosen li")).to_have_count(2)
    page.get_by_role("button", name="Take out: autre.csv").press("Enter")
    expect(page.locator("#files-chosen")).to_contain_text("1 file chosen, ")
    page.get_by_label("Name of the study").fill("Nos cas")
    assert [] == axe_faults(page)
    page.get_by_role("button", name="Make the study").press("Enter")

    page.wait_for_url("**/data")
    expect(page.locator(".read")).to_contain_text("60 rows, 7 columns")
    expect(page.locator(".read")).to_contain_text("mCi → MBq")
    expect(page.locator(".read")).to_contain_text("Decimal commas: Taille tumeur max (cm)")
    page.get_by_role("button", name="Keep these columns").press("Enter")
    expect(page.get_by_text("The columns are kept")).to_be_visible()
    page.get_by_role("link", name="See the problems").click()
    expect(page.locator(".standing.free")).to_be_visible()
    plan_by_column(page)
    expect(page.locator("#outcome-of-plan")).to_contain_text("60 patients")

    page.get_by_role("link", name="Run", exact=True).click()
    page.get_by_label("Quick").check()
    page.get_by_role("button", name="Start").click()
    expect(page.get_by_text("Done", exact=True)).to_be_visible(timeout=120_000)
    page.get_by_role("link", name="Results", exact=True).click()
    with page.expect_download() as download:
        page.get_by_role("link", name="The report for Word").first.click()
    download.value.save_as(tmp_path / "report.docx")
    word = docx.Document(tmp_path / "report.docx")
    cells = [cell.text for table in word.tables for row in table.rows for cell in row.cells]
    assert any("Age at diagnosis" in cell for cell in cells)
    assert any("60" in one.text for one in word.paragraphs)


def test_a_run_is_cancelled_and_run_again_while_the_browser_is_closed(page, browser, server, state):
    page.get_by_role("button", name="Open the example").click()
    page.wait_for_url("**/data")
    page.get_by_role("link", name="Run", exact=True).click()
    page.get_by_role("button", name="Start").click()
    expect(page.locator("progress")).to_be_visible()
    page.get_by_role("button", name="Cancel").click()
    expect(page.get_by_text("Cancelled", exact=True)).to_be_visible(timeout=30_000)
    page.get_by_label("Quick").check()
    page.get_by_role("button", name="Start").click()
    expect(page.locator("progress")).to_be_visible()
    place = page.url
    page.goto("about:blank")

    with watched(browser, storage_state=state, locale="en") as later:
        later.goto(place)
        expect(later.get_by_text("Done", exact=True)).to_be_visible(timeout=120_000)
        assert [] == later.faults


def test_a_bad_file_is_told_and_nothing_is_lost(page):
    bring(page, "Nos cas", ("cas.xlsx", french(40)))
    place = page.url
    drag(page, ("cas.xlsx", french()[:2000]))
    page.get_by_role("button", name="Put in place").click()
    expect(page.get_by_role("alert")).to_contain_text("must be a sound archive")
    page.goto(place)
    expect(page.locator(".read")).to_contain_text("40 rows, 7 columns")

    drag(page, ("patients.csv", b"couleur;humeur\nrouge;bonne\nverte;bonne\n"))
    page.get_by_role("button", name="Put in place").click()
    expect(page.locator(".read")).to_contain_text("2 rows, 2 columns")
    expect(page.locator(".read")).to_contain_text("columns of their own: couleur, humeur")
    expect(page.get_by_text("Not read: records.xlsx#Feuil1")).to_be_visible()
    page.goto(place.replace("/data", "/plan"))
    expect(page.locator("pre.file")).to_contain_text('title = "Nos cas"')
    refuse(page)


def test_the_text_of_the_study_is_changed_by_keyboard_and_refused_with_its_line(page):
    bring(page, "Nos cas", ("cas.xlsx", french(40)))
    plan_by_column(page)
    page.locator("#by-hand").press("Enter")
    page.locator(".by-hand summary").press("Enter")
    text = page.locator("#study-text")
    whole = text.input_value()
    text.press("Control+End")
    page.keyboard.type("\n[sound]\nresamples = lots")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    line = whole.count("\n") + 3
    expect(page.get_by_role("alert")).to_contain_text(f"Line {line}")
    refuse(page)
    assert page.locator("#study-text").input_value().endswith("resamples = lots")
    page.get_by_role("link", name=f"Line {line}").press("Enter")
    chosen = "(one => one.value.slice(one.selectionStart, one.selectionEnd))"
    assert "resamples = lots" == page.evaluate(f"{chosen}(document.activeElement)")
    page.keyboard.type("resamples = 50")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_text("The plan is kept in study.toml")).to_be_visible()
    assert [] == axe_faults(page)
