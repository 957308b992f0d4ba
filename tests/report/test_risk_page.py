"""The page of a risk model works from a file, computes what Python computes, and checks itself."""

from __future__ import annotations

import json
import random
import re

import pytest

from avidity.errors import RiskModelError
from avidity.papers.library import find
from avidity.report.risk_page import risk_page
from avidity.report.risk_words import risk_words
from avidity.riskmodel.predict import predict
from avidity.riskmodel.units import units_for
from made_browser import axe_faults, watched
from made_models import every_kind

CLOSE = 1e-9
MODELS = {"seed": lambda: find("bellakhdar-2024"), "every kind": every_kind}


@pytest.fixture(params=["en", "fr"])
def page(browser, request):
    with watched(browser, viewport={"width": 390, "height": 844}) as one:
        one.spoken = request.param
        yield one


def opened(page, folder, model, changed=lambda text: text):
    file = folder / "model.html"
    file.write_text(changed(risk_page(model, page.spoken).decode()), "utf-8")
    page.goto(file.as_uri())
    return file.as_uri()


def patients(model, count, seed):
    """Random patients as typed: text and unit, decimal commas among them, some out of range."""
    chance = random.Random(seed)
    for _ in range(count):
        yield {one.name: _typed(one, chance) for one in model.inputs}


def _typed(one, chance):
    if one.kind == "yes/no":
        return chance.choice(["yes", "no"]), ""
    if one.kind == "category":
        return chance.choice(one.levels), ""
    low, high = one.seen or (0, 110)
    unit, worth = chance.choice(units_for(one.unit))
    number = chance.uniform(low - 0.02 * (high - low), high) / float(worth)
    text = f"{number:.{chance.choice([0, 1, 3])}f}"
    return text.replace(".", chance.choice([".", ","])), unit


def in_python(model, patient, prevalence):
    """The same answer, or None where the model refuses."""
    kinds = {one.name: one.kind for one in model.inputs}
    told = {
        name: f"{text} {unit}" if kinds[name] == "number" else text
        for name, (text, unit) in patient.items()
    }
    try:
        return predict(model, told, prevalence=prevalence)
    except RiskModelError:
        return None


@pytest.mark.parametrize("kind", MODELS)
def test_200_random_patients_get_the_answers_of_python(page, tmp_path, kind):
    model = MODELS[kind]()
    opened(page, tmp_path, model)
    asked = list(patients(model, 200, 20240))
    answers = page.evaluate("asked => asked.map((one) => avidity.answer(one, 0.1))", asked)

    answered = 0
    for patient, ours in zip(asked, answers, strict=True):
        found = in_python(model, patient, 0.1)
        assert (found is None) == (ours is None), patient
        if found is None:
            continue
        answered += 1
        ends, there = found.interval, found.local
        expected = [found.linear_predictor, found.risk, ends.low, ends.high]
        expected += [there.offset, there.risk, there.interval.low, there.interval.high]
        local = ours["local"]
        got = [ours["line"], ours["risk"], ours["low"], ours["high"]]
        got += [local["offset"], local["risk"], local["low"], local["high"]]
        assert pytest.approx(expected, abs=CLOSE, rel=0) == got
    assert answered > 100
    assert [] == page.faults


def test_a_typed_patient_is_drawn_and_told(page, tmp_path):
    address = opened(page, tmp_path, find("bellakhdar-2024"))
    page.fill("#x-age", "61")
    page.fill("#x-diameter", "3,5")
    page.select_option("[name=unit-diameter]", "cm")
    page.check("input[name=metastasis][value=yes]")
    page.fill("#prevalence", "10")

    sign = {"en": ".", "fr": ","}[page.spoken]
    assert page.text_content("#number").startswith(f"97{sign}8")
    assert page.text_content("#local-number").startswith(f"90{sign}0")
    assert 90 == page.locator(".people .one.has").count()
    assert 98 - 59 == page.locator(".people .unsure").count()
    assert "90" in page.get_attribute(".people", "aria-label")
    assert page.get_by_text(risk_words(page.spoken)["risk.label"], exact=True).is_visible()
    assert [address] == page.asked
    assert [] == page.faults
    assert [] == axe_faults(page)
    assert 390 >= page.evaluate("document.documentElement.scrollWidth")


def test_what_must_not_be_answered_is_refused_in_words(page, tmp_path):
    opened(page, tmp_path, every_kind())
    words = risk_words(page.spoken)
    assert page.locator("#waiting").is_visible()
    page.fill("#x-age", "81")
    outside = words["risk.guard.outside"]
    unit = words["risk.unit_name.years"]
    assert outside.format(low=20, high=80, unit=unit) == page.text_content("#guard-age")
    page.fill("#x-age", "x")
    assert words["risk.guard.unreadable"] == page.text_content("#guard-age")

    assert not page.locator("#shown").is_visible()


def test_the_language_can_be_changed(page, tmp_path):
    opened(page, tmp_path, find("bellakhdar-2024"))
    other = {"en": "fr", "fr": "en"}[page.spoken]
    page.click(f"[data-language={other}]")

    assert other == page.get_attribute("html", "lang")
    assert page.get_by_text(risk_words(other)["risk.label"], exact=True).is_visible()


@pytest.mark.parametrize("what", ["apparent", "covariance", "risk", "vectors"])
def test_a_changed_file_shows_nothing(page, tmp_path, what):
    def spoil(text):
        start = text.index('id="data">') + len('id="data">')
        end = text.index("</script>", start)
        data = json.loads(text[start:end])
        model = data["model"]
        if what == "apparent":
            model["equation"]["apparent"][1] += 1e-6
        elif what == "covariance":
            model["equation"]["covariance"][1][1] += 1e-6
        elif what == "risk":
            model["vectors"][3]["risk"] += 1e-8
        else:
            model["vectors"] = []
        return text[:start] + json.dumps(data) + text[end:]

    opened(page, tmp_path, find("bellakhdar-2024"), spoil)

    assert risk_words(page.spoken)["page.wrong"] == page.text_content("#wrong")
    assert not page.locator("#works").is_visible()
    assert page.evaluate("avidity.answer({age: ['61', 'years']})") is None


def test_the_page_may_load_send_and_run_nothing_else(page, tmp_path):
    opened(
        page,
        tmp_path,
        find("bellakhdar-2024"),
        lambda text: text.replace("<body", "<body data-x", 1).replace(
            "</main>", "<script>window.foreign = 1</script></main>"
        ),
    )

    assert page.evaluate("window.foreign") is None
    assert any("Content Security Policy" in one for one in page.faults)


def test_a_partial_model_has_no_page():
    with pytest.raises(RiskModelError, match="cannot compute"):
        risk_page(find("li-2018"))


def test_a_model_cannot_end_the_element_it_stands_in():
    title = "</script><b>x</b> & <!--"
    model = every_kind().model_copy(update={"title": title})
    text = risk_page(model).decode()

    assert "<b>x" not in text
    assert 2 == text.count("</script>")
    data = re.search(r'id="data">(.*?)</script>', text, re.DOTALL)[1]
    assert title == json.loads(data)["model"]["title"]


def test_both_languages_have_the_same_keys_and_places():
    en, fr = risk_words("en"), risk_words("fr")

    def places(text):
        return set(re.findall(r"\{(\w+)\}", text)) - {"n"}

    assert list(en) == list(fr)
    assert [] == [key for key in en if places(en[key]) != places(fr[key])]


def test_the_same_model_gives_the_same_bytes():
    assert risk_page(every_kind()) == risk_page(every_kind())
