"""A person asks a model about a patient: the risk, its pictures, every refusal, several at once."""

from __future__ import annotations

import itertools
import json
import logging
import re

import pytest
from sqlalchemy import text

from avidity.papers.library import find, names
from avidity.riskmodel.file import to_json
from avidity.riskmodel.guard import guard
from avidity.riskmodel.inputs import understand
from avidity.riskmodel.predict import predict
from made_browser import axe_faults
from made_models import every_kind

WHOLE = {
    "x-age": "61",
    "u-age": "years",
    "x-diameter": "3.5",
    "u-diameter": "cm",
    "x-metastasis": "yes",
}
SEED = "library.bellakhdar-2024"


def shown(html):
    """The words a reader sees."""
    return " ".join(re.sub(r"<[^>]+>", " ", html).replace("&#39;", "'").split())


def ask(visitor, *models, **typed):
    return visitor.send_form(
        "/calculator", page="/calculator", model=list(models) or [SEED], **typed
    )


def bring(visitor, model, name="mine.json"):
    answer = visitor.send_form(
        "/calculator/models",
        page="/calculator",
        files={"file": (name, to_json(model), "application/json")},
    )
    assert 200 == answer.status_code, answer.text
    return re.search(r"model=(own\.\w+)", str(answer.url))[1]


def test_the_first_page_leads_to_the_calculator(visitor):
    assert 'href="/calculator"' in visitor.get("/").text
    assert "Research use; not validated" in visitor.get("/calculator").text


def test_a_whole_patient_gets_the_risk_of_the_library(visitor):
    told = shown(ask(visitor, **WHOLE).text)

    assert "97.8% 95% interval 87.6% to 99.6%" in told
    assert "about 98 would have the outcome. The interval runs from 88 to 100 of 100." in told
    assert "6 of the source’s 90 patients gave the same answer to every term." in told
    assert "Metastasis, nodal or distant yes against no 3.116 22.6" in told


def test_both_risks_are_shown_under_a_declared_prevalence(visitor):
    told = shown(ask(visitor, prevalence="10", **WHOLE).text)

    assert "97.8% 95% interval 87.6% to 99.6%" in told
    assert "90.0% 95% interval 58.6% to 98.3%" in told
    assert "moved by −1.603, which is logit(10.0%) − logit(35.6%)" in told


def test_the_pictures_hold_the_risk(visitor):
    drawn = ask(visitor, prevalence="10", **WHOLE).text
    people = re.search(r'<svg class="people".*?</svg>', drawn, re.DOTALL)[0]

    assert 90 == len(re.findall(r'class="one has', people))
    assert 98 - 59 == people.count("unsure")
    assert 'aria-label="Of 100 patients like this one, about 90' in people
    assert "Declared (10.0%): 90.0% (58.6 to 98.3%)." in drawn


def test_the_words_are_french_too(visitor):
    visitor.cookies.set("avidity-language", "fr")
    told = shown(ask(visitor, prevalence="10", **WHOLE).text)

    assert "Usage de recherche ; non validé" in told
    assert "90,0 %" in told
    assert "environ 90 auraient cette issue" in told


@pytest.mark.parametrize("prevalence", ["0", "100", "-3", "ten", "1e1"])
def test_a_prevalence_that_cannot_be_is_refused(visitor, prevalence):
    told = shown(ask(visitor, prevalence=prevalence, **WHOLE).text)

    assert "must lie between 0 and 100 per cent" in told
    assert "97.8%" in told
    assert "As common as with you" not in told


def test_a_missing_answer_is_asked_for_and_nothing_computed(visitor):
    told = ask(visitor, **{**WHOLE, "x-metastasis": ""}).text

    assert "Still to be filled in: Metastasis, nodal or distant." in shown(told)
    assert 'class="number"' not in told
    assert 'value="61"' in told


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("161", "This must lie between 0 and 110 years. Check it."),
        ("sixty", "This must be a number, such as 35 or 3.5"),
        ("1,234.5", "This must be a number, such as 35 or 3.5"),
        ("61 mm", "This must be a number, such as 35 or 3.5"),
    ],
)
def test_a_value_that_cannot_be_is_refused_in_words(visitor, typed, said):
    told = ask(visitor, **{**WHOLE, "x-age": typed}).text

    assert said in shown(told)
    assert 'class="number"' not in told


def test_outside_the_range_seen_there_is_no_answer(visitor):
    own = bring(visitor, every_kind())
    typed = {"x-age": "81", "x-size": "20", "x-activity": "3.7", "u-activity": "GBq"}
    told = ask(visitor, own, **typed, **{"x-spread": "no", "x-histology": "FTC"}).text

    assert "outside what the model has seen (20 to 80 years). It does not answer there." in told
    assert 'class="number"' not in told


@pytest.mark.parametrize("name", [one for one in names() if not find(one).computes])
def test_a_partial_model_says_what_is_missing_and_computes_nothing(visitor, name):
    told = visitor.get("/calculator", params={"model": f"library.{name}"}).text

    assert "parts of this model were never published" in told
    assert all(one in shown(told).replace("&gt;", ">") for one in find(name).lacking)
    assert 'class="number"' not in told
    assert 'name="x-' not in told


def test_several_models_answer_the_same_patient_side_by_side(visitor):
    own = bring(visitor, every_kind())
    typed = {**WHOLE, "x-size": "45", "x-activity": "100", "u-activity": "mCi"}
    told = ask(visitor, SEED, own, "library.li-2018", **typed, **{"x-histology": "OCA"}).text

    assert 2 == told.count('<p class="number">')
    assert 1 == told.count('name="x-age"')  # asked once
    assert "parts of this model were never published" in told
    found = predict(
        every_kind(),
        {"age": "61", "size": "45 mm", "activity": "100 mCi", "spread": True, "histology": "OCA"},
    )
    assert f"{100 * found.risk:.1f}%" in shown(told)


def test_what_is_no_model_is_refused(visitor):
    model = json.loads(to_json(every_kind()))
    model["equation"]["shrunken"][0] += 0.1
    answer = visitor.send_form(
        "/calculator/models",
        page="/calculator",
        files={"file": ("changed.json", json.dumps(model).encode(), "application/json")},
    )

    assert 422 == answer.status_code
    assert "was changed by hand or is damaged" in answer.text


def test_without_a_file_a_sentence_says_so(visitor):
    answer = visitor.send_form("/calculator/models", page="/calculator")

    assert 422 == answer.status_code
    assert "choose a file first" in answer.text


def test_a_brought_model_can_be_removed_and_is_gone(visitor):
    own = bring(visitor, every_kind())
    answer = visitor.send_form(
        f"/calculator/models/{own.removeprefix('own.')}/remove", page=f"/calculator?model={own}"
    )

    assert own not in answer.text
    assert "not there any more" in visitor.get("/calculator", params={"model": own}).text


def test_no_value_of_a_patient_is_in_an_address_a_log_or_the_store(visitor, bench, caplog):
    odd = {**WHOLE, "x-age": "59.137", "x-diameter": "41.739", "u-diameter": "mm"}
    with caplog.at_level(logging.DEBUG):
        answer = ask(visitor, prevalence="13.579", **odd)
    assert 'class="number"' in answer.text

    with bench.store.reading() as connection:
        tables = connection.execute(text("SELECT name FROM sqlite_master WHERE type = 'table'"))
        kept = [
            str(row)
            for (table,) in list(tables)
            for row in connection.execute(text(f'SELECT * FROM "{table}"'))
        ]
    everything = "\n".join([caplog.text, str(answer.url), *kept])
    assert [] == [one for one in ("59.137", "41.739", "13.579") if one in everything]
    links = re.findall(r'(?:href|action|hx-\w+)="([^"]*)"', answer.text)
    assert [] == [one for one in links if "59.137" in one or "41.739" in one]


def test_the_page_to_take_away_and_the_models_file_are_offered(visitor):
    page = visitor.get("/calculator/page", params={"model": SEED})
    file = visitor.get("/calculator/model.json", params={"model": SEED})

    assert 'filename="bellakhdar-2024.html"' in page.headers["content-disposition"]
    assert b"Content-Security-Policy" in page.content
    assert to_json(find("bellakhdar-2024")) == file.content


def test_a_strangers_model_is_not_there(visitor, bench):
    from avidity.web.store.drafts import add_draft

    with bench.store.writing("other") as connection:
        theirs = add_draft(connection, "other", "model", "x", to_json(every_kind()).decode())
    answer = visitor.get("/calculator", params={"model": f"own.{theirs}"})

    assert "not there any more" in answer.text
    assert 422 == visitor.get("/calculator/page", params={"model": f"own.{theirs}"}).status_code


def test_the_guard_lets_through_what_the_model_answers():
    model = every_kind()
    ages, others = ["19", "20", "80", "80.5", "", "x"], ["yes", "no", "", "maybe"]
    for age, spread in itertools.product(ages, others):
        typed = {"age": age, "size": "3", "activity": "1", "spread": spread, "histology": "ptc"}
        looked = {one.name: guard(one, typed[one.name]) for one in model.inputs}
        told = {name: found.value for name, found in looked.items() if found.value is not None}
        fine = all(one.fine for one in looked.values())
        try:
            understand(model, told)
        except Exception:  # noqa: BLE001  # any refusal
            assert not fine
        else:
            assert fine


@pytest.mark.parametrize(
    "page",
    [
        {"viewport": {"width": 1440, "height": 900}},
        {"viewport": {"width": 390, "height": 844}, "color_scheme": "dark"},
    ],
    indirect=True,
    ids=["wide", "narrow-dark"],
)
def test_in_a_browser_the_risk_follows_what_is_typed(page):
    page.goto(f"{page.home}/calculator")
    page.fill("#x-age", "161")
    page.wait_for_selector("#guard-age.refused")
    assert "between 0 and 110" in page.text_content("#guard-age")

    page.fill("#x-age", "61")
    page.fill("#x-diameter", "3.5")
    page.select_option("[name=u-diameter]", "cm")
    page.check("input[name=x-metastasis][value=yes]")
    page.wait_for_selector(".number")
    assert "97.8%" == page.text_content(".number")
    page.fill("#prevalence", "10")
    page.wait_for_selector(".risks > :nth-child(2)")
    assert "prevalence" == page.evaluate("document.activeElement.id")

    assert f"{page.home}/calculator" == page.url
    assert [] == page.faults
    assert [] == axe_faults(page)
    assert page.viewport_size["width"] >= page.evaluate("document.documentElement.scrollWidth")
    assert [] == [one for one in page.asked if not one.startswith(page.home)]


def test_in_a_browser_another_model_keeps_what_was_typed(page):
    page.goto(f"{page.home}/calculator")
    page.fill("#x-age", "61")
    page.click(".beside summary")
    page.click(".beside .partial summary")
    page.check("input[name=model][value='library.meng-2023']")
    page.wait_for_selector("#model-2")

    assert "61" == page.input_value("#x-age")
    assert "parts of this model were never published" in page.text_content("#answers")
    assert [] == page.faults


def test_models_that_answer_stand_together_on_one_scale_and_on_paper_with_every_term(
    page, tmp_path
):
    file = tmp_path / "model.json"
    file.write_bytes(to_json(find("bellakhdar-2024")))
    page.goto(f"{page.home}/calculator")
    page.set_input_files("#file", file)
    page.get_by_role("button", name="Add the model").click()
    page.wait_for_url("**model=own.*")
    page.click(".beside > summary")
    page.check("input[name=model][value='library.bellakhdar-2024']")
    page.wait_for_selector("#model-2")
    page.fill("#x-age", "61")
    page.fill("#x-diameter", "35")
    page.check("input[name=x-metastasis][value=yes]")
    page.wait_for_selector("#at-once")
    scales = page.locator(".at-once svg")
    assert 2 == scales.count()
    told = [one.get_attribute("aria-label") for one in scales.all()]
    shown = page.locator(".answer .risks .number").all_text_contents()
    assert [True, True] == [risk in label for risk, label in zip(shown, told, strict=True)]
    assert f"from {shown[0]} to {shown[1]}" in page.text_content(".together")
    assert [] == axe_faults(page)
    page.emulate_media(media="print")
    clipped = "all => all.filter(one => one.scrollWidth > one.clientWidth + 1).length"
    assert 0 == page.locator(".answer .scroll").evaluate_all(clipped)
    assert [] == page.faults


def test_the_printed_sheet_is_one_page(page):
    page.goto(f"{page.home}/calculator")
    page.fill("#x-age", "61")
    page.fill("#x-diameter", "35")
    page.check("input[name=x-metastasis][value=yes]")
    page.fill("#prevalence", "10")
    page.wait_for_selector(".risks > :nth-child(2)")
    printed = page.pdf(prefer_css_page_size=True)

    assert 1 == len(re.findall(rb"/Type\s*/Page\b", printed))
