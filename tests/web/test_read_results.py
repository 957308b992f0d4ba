"""A person reads the results of the example in a browser and takes each table and figure away."""

from __future__ import annotations

import csv
import io
import json
import re

import docx
import openpyxl
import pytest
from playwright.sync_api import expect

from avidity.report.document_json import from_json
from avidity.web import jobs
from made_browser import axe_faults, listening, watched
from made_uploads import ROWS, STUDY, example_zip, small_study
from made_workbench import TOKEN, make_bench, ran
from small_studies import with_few_resamples

QUICK = STUDY + '[report]\nformats = ["html", "json"]\n'
SECTIONS = (
    *("Patients", "Outcome", "Groups", "Cut-offs", "Independent factors"),
    *("What these patients can carry", "The model as it should be done"),
    *("How far can this be trusted", "Points and nomogram", "Missing values"),
    *("How much hangs on the definition", "In short", "Methods", "The paper, figure by figure"),
    *("Reporting checklists", "Data and conventions"),
)


@pytest.fixture(scope="module")
def desk(browser, tmp_path_factory):
    """A workbench with the example in it, run twice: quick, and with a few resamples."""
    data = tmp_path_factory.mktemp("data")
    with listening(lambda hosts: make_bench(data, hosts=hosts), TOKEN) as (_, door):
        with watched(browser, locale="en-GB") as page:
            page.goto(door)
            content = example_zip(with_few_resamples)
            study = {"name": "s.zip", "mimeType": "", "buffer": content}
            page.set_input_files("input[name=files]", study)
            page.get_by_role("button", name="Make the study").click()
            home = page.url.removesuffix("/data")
            for quick in (True, False):
                page.goto(f"{home}/run")
                page.get_by_label("Quick").set_checked(quick)
                page.get_by_role("button", name="Start").click()
                expect(page.locator("progress")).to_have_count(0, timeout=90_000)
            cookies = page.context.storage_state()
        yield home, cookies, data
        for process in jobs.processes:
            process.wait(60)


@pytest.fixture
def reader(browser, desk, request):
    """The results page before somebody; a parameter says how."""
    how = {"locale": "en-GB", "viewport": {"width": 1440, "height": 900}}
    how |= {"storage_state": desk[1], **getattr(request, "param", {})}
    with watched(browser, **how) as page:
        page.goto(f"{desk[0]}/results")
        page.home = desk[0]
        yield page
        assert [] == page.faults
        root = re.match(r"http://[^/]+", desk[0])[0]
        assert [] == [url for url in page.asked if not url.startswith((root, "data:"))]


def kept(desk):
    """The document of the latest run, as the pages keep it."""
    folders = sorted(desk[2].rglob("*.told"), key=lambda one: one.stat().st_mtime)
    return from_json((folders[-1] / "document.json").read_bytes())


def test_what_came_out_stands_first_with_its_warnings(reader):
    first = reader.locator(".first")

    for words in ("90 patients analysed", "32 Refractory", "58 Not refractory", "0 cannot say"):
        expect(first.locator(".facts")).to_contain_text(re.compile(words.replace(" ", r"\s+")))
    expect(first.locator(".warning")).to_contain_text("Maximum likelihood has no finite answer")
    expect(first.locator(".warning")).to_contain_text("events per candidate")
    expect(first.locator("#track-usual + .hint + .scroll")).to_contain_text("6.50 (1.83 to 23.1)")
    expect(first.locator(".track")).to_have_count(2)
    expect(first.locator(".track").first).to_contain_text("AUC corrected for optimism")
    warned = reader.locator(".first .warning").bounding_box()["y"]
    assert warned < reader.locator(".sections").bounding_box()["y"]


def test_every_section_of_the_report_is_there_in_its_own_words(reader, desk):
    document = kept(desk)
    shown = reader.locator(".sections > section > h2").all_text_contents()

    assert list(SECTIONS) == shown
    for block in (*document.tables(), *document.figures()):
        expect(reader.locator(f"#{block.anchor}")).to_contain_text(
            f"{block.label}. {block.caption}"
        )
    cells = [cell.text for table in document.tables() for row in table.rows for cell in row.cells]
    told = " ".join(reader.locator(".sections").all_text_contents())
    assert [] == [text for text in cells if text not in told]


def test_every_entry_of_the_contents_leads_somewhere(reader):
    targets = reader.locator(".contents a").evaluate_all("all => all.map(one => one.hash)")

    assert len(SECTIONS) + 10 < len(targets)
    for target in targets:
        expect(reader.locator(target)).to_be_attached()
    links = reader.locator(".sections a[href^='#']")
    for target in {one.get_attribute("href") for one in links.all()}:
        expect(reader.locator(target)).to_have_count(1)


def test_figures_are_drawn_and_described(reader, desk):
    pictures = reader.locator(".sections img")
    expect(pictures).to_have_count(len(list(kept(desk).figures())))
    for picture in pictures.all():
        picture.scroll_into_view_if_needed()
        assert 40 < len(picture.get_attribute("alt"))
        drawn = "one => one.complete && one.naturalWidth > 100"
        reader.wait_for_function(drawn, arg=picture.element_handle())


def test_each_download_opens(reader, desk):
    take = {"csv": read_csv, "xlsx": read_xlsx, "docx": read_docx, "svg": read_svg}
    take |= {"png": lambda data: data[:4] == b"\x89PNG", "pdf": lambda data: data[:5] == b"%PDF-"}
    links = reader.locator(".take a").evaluate_all("all => all.map(one => one.href)")
    found = dict.fromkeys(take, 0)
    for link in links:
        kind = link.partition("?")[0].rpartition(".")[2]
        found[kind] += 1
        if found[kind] > 3 and "factors" not in link:
            continue  # the others are made by the same few lines
        answer = reader.request.get(link)
        assert answer.ok, link
        assert "attachment" in answer.headers["content-disposition"]
        assert take[kind](answer.body()), link

    document = kept(desk)
    exhibits = len(list(document.tables())) + len(list(document.checklists()))
    figures = len(list(document.figures()))
    assert (
        dict.fromkeys(("csv", "xlsx", "docx"), exhibits)
        | dict.fromkeys(("svg", "png", "pdf"), figures)
        == found
    )


def read_csv(data):
    lines = list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))
    return len(lines) > 1 and len({len(line) for line in lines}) == 1


def read_xlsx(data):
    return 3 == len(openpyxl.load_workbook(io.BytesIO(data)).sheetnames)


def read_docx(data):
    return 1 == len(docx.Document(io.BytesIO(data)).tables)


def read_svg(data):
    return b"<svg" in data and b"<script" not in data


def test_one_click_takes_a_table_and_one_opens_the_models_calculator(reader):
    with reader.expect_download() as download:
        reader.get_by_role("link", name="Table 10 as Word").click()
    assert "table-factors.docx" == download.value.suggested_filename
    reader.get_by_role("link", name="Ask this model about a patient").last.click()

    expect(reader.get_by_role("heading", level=1)).to_have_text("Risk calculator")
    assert reader.url.endswith(".declared")
    expect(reader.locator("#model")).to_have_value(re.compile(r"run\.\w{32}\.declared"))
    expect(reader.get_by_role("textbox", name="Age at diagnosis")).to_be_visible()


def test_two_runs_are_compared_and_the_older_one_is_opened(reader):
    reader.get_by_role("button", name="Compare").click()
    lines = reader.locator(".compared tbody tr:not(.group)")
    usual = lines.filter(has_text="Age at diagnosis ≥ 54 years")

    expect(usual).to_contain_text("6.50 1.83 to 23.1")
    expect(usual).to_contain_text("same")
    expect(lines.filter(has_text="AUC of the model").first).to_contain_text("same")
    expect(lines.filter(has_text="AUC corrected").first).to_contain_text("differs")
    assert [] == axe_faults(reader)
    reader.locator(".compared thead a").last.click()
    expect(reader.locator(".of-run")).to_contain_text("quick")
    expect(reader.locator(".of-run")).to_contain_text("An earlier run")
    expect(reader.locator(".first")).to_contain_text("A quick run leaves out what resamples")
    expect(reader.locator("#trust")).to_have_count(0)
    reader.get_by_role("link", name="Go to the latest").click()
    expect(reader.locator("#trust")).to_be_visible()
    reader.go_back()
    reader.get_by_role("link", name="Ask this model about a patient").first.click()
    expect(reader.locator("#model option:checked")).to_contain_text("usual model · run of")


WAYS = [
    {"viewport": {"width": 1440, "height": 900}, "color_scheme": "dark"},
    {"viewport": {"width": 390, "height": 844}, "locale": "fr-FR"},
]


@pytest.mark.parametrize("reader", WAYS, indirect=True, ids=["wide dark", "narrow French"])
def test_no_barrier_and_nothing_beside_the_page(reader):
    width = reader.viewport_size["width"]

    assert [] == axe_faults(reader)
    assert width >= reader.evaluate("document.documentElement.scrollWidth")
    spilt = """width => [...document.querySelectorAll('main *')].filter(one =>
        one.getBoundingClientRect().right > width + 1 && !one.closest('.scroll, nav.stages')
        && getComputedStyle(one).position !== 'absolute').map(one => one.outerHTML.slice(0, 80))"""
    assert [] == reader.evaluate(spilt, width)
    plates = reader.locator(".plate").first.evaluate("one => getComputedStyle(one).backgroundColor")
    assert "rgb(255, 255, 255)" == plates


@pytest.mark.parametrize("reader", [{"locale": "fr-FR"}], indirect=True)
def test_in_french_the_report_stays_english_and_says_so(reader):
    expect(reader.get_by_text("Le rapport est rédigé en anglais")).to_be_visible()
    expect(reader.locator(".track").first).to_contain_text("6,50 (1,83 à 23,1)")
    sections = reader.locator(".sections > section")
    assert {"en"} == set(sections.evaluate_all("all => all.map(one => one.lang)"))


def test_a_wide_table_is_reached_and_moved_by_keyboard(browser, desk):
    how = {"viewport": {"width": 390, "height": 844}}
    with watched(browser, locale="en-GB", storage_state=desk[1], **how) as page:
        page.goto(f"{desk[0]}/results")
        region = page.locator("#table-baseline .scroll")
        page.locator("#table-baseline").scroll_into_view_if_needed()
        region.focus()
        assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") != "none"
        page.keyboard.press("ArrowRight")
        page.wait_for_timeout(400)  # the page's policy lets nobody wait inside it
        assert region.evaluate("one => one.scrollLeft") > 0


def test_it_reads_without_scripts(browser, desk):
    with watched(browser, storage_state=desk[1], java_script_enabled=False) as page:
        page.goto(f"{desk[0]}/results")
        page.get_by_role("link", name="Calibration").click()
        assert page.url.endswith("#figure-calibration-usual")
        page.get_by_role("button", name="Compare").click()
        expect(page.locator(".compared")).to_be_visible()


def test_a_study_that_asks_for_no_figures_shows_them_and_gives_nothing_else(visitor, bench):
    path = visitor.new_study(small_study(study=QUICK))  # HTML and JSON alone
    run = ran(visitor, bench, path)
    told = visitor.get(f"{path}/results").text
    pictures = re.findall(rf'src="({path}/runs/{run.id}/pictures/[^"]+)"', told)

    assert pictures
    for one in pictures:
        answer = visitor.get(one)
        assert b"<svg" in answer.content
        assert "script-src" not in answer.headers["content-security-policy"]
        assert "default-src 'none'" in answer.headers["content-security-policy"]
    gist = next(bench.data.rglob(f"{run.id}.told/gist.json"))  # beside the run, and no part of it
    assert 40 == json.loads(gist.read_bytes())["included"]
    assert 0o600 == gist.stat().st_mode & 0o777
    assert b"gist.json" not in visitor.get(f"{path}/runs/{run.id}/study.zip").content
    only_what_the_report_has(visitor, bench, path, run)


def only_what_the_report_has(visitor, bench, path, run):
    """Nothing else can be taken: no other name, no other study's run."""
    other = visitor.new_study(small_study(ROWS[:-1], QUICK))
    strange = ran(visitor, bench, other)
    home = f"{path}/runs/{run.id}"
    absent = (
        *(
            f"{home}/tables/{name}"
            for name in ("no.csv", "table-baseline.exe", "table-baseline", "..%2fx")
        ),
        *(f"{home}/pictures/{name}" for name in ("no.svg", "flow.exe", "..%2f..%2fgist.json")),
        *(f"{home}/against/{strange.id}", f"{home}/against/{'0' * 32}", f"{home}/against?other=x"),
        f"{path}/runs/{strange.id}/results",
    )

    for one in absent:
        assert 404 == visitor.get(one).status_code, one
    assert 200 == visitor.get(f"{home}/tables/table-baseline.csv").status_code


def test_a_run_of_an_earlier_version_shows_its_files(visitor, bench):
    path = visitor.new_study(small_study(study=QUICK))
    run = ran(visitor, bench, path)
    for kept_file in (bench.data).rglob(f"{run.id}.told/*.json"):
        kept_file.unlink()
    told = visitor.get(f"{path}/results").text

    assert "kept the files alone" in told
    assert "report.html" in told
    assert 404 == visitor.get(f"{path}/runs/{run.id}/tables/table-baseline.csv").status_code
    compared = visitor.get(f"{path}/runs/{run.id}/against/{run.id}").text
    assert "kept no main numbers" in compared
