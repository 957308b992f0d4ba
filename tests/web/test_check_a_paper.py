"""A person types a paper in: kept at once, audited as far as it goes, rebuilt, taken away."""

from __future__ import annotations

import json
import os
import re
import time
import tomllib
from pathlib import Path

import pytest

from avidity.papers.audit import audit
from avidity.papers.paper_blocks import PARTS
from avidity.papers.paper_file import read_paper
from avidity.web import jobs, rebuilding
from avidity.web.paper_check import check_text
from avidity.web.paper_form import filled, with_new, without
from avidity.web.paper_names import carried, names_of
from avidity.web.paper_places import from_shape, to_shape
from avidity.web.rebuild_work import WAY, Beat
from avidity.web.store.drafts import drafts_of
from avidity.web.store.open import open_store
from made_browser import axe_faults

PAPERS = Path(__file__).resolve().parents[2] / "examples" / "papers"
SEED = PAPERS / "bellakhdar-2024" / "paper.toml"
PATIENCE = 120  # seconds for a rebuilding


def begin(visitor, **how):
    answer = visitor.send_form("/papers", page="/papers", **how)
    assert 200 == answer.status_code, answer.text
    return answer.url.path


def shown(html):
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def text_of(visitor, path):
    return visitor.get(f"{path}/paper.toml").text


def rebuilt(visitor, path):
    visitor.send_form(f"{path}/rebuild", page=path)
    for _ in range(PATIENCE * 5):
        told = visitor.get(path).text
        if 'hx-trigger="every' not in told:
            assert "stopped meanwhile" not in told
            return told
        time.sleep(0.2)
    raise AssertionError("the rebuilding did not end")


def test_the_first_page_leads_to_it(visitor):
    assert 'href="/papers"' in visitor.get("/").text
    assert "Type a paper in" in visitor.get("/papers").text


def test_the_seed_is_audited_with_arithmetic_and_links(visitor):
    told = visitor.get(begin(visitor, example="bellakhdar-2024")).text
    found = audit(read_paper(SEED))

    assert 0 < len(found.findings)
    plain = told.replace("&#39;", "'").replace("&#34;", '"').replace("&gt;", ">")
    plain = plain.replace("&lt;", "<")
    for one in found.findings:
        assert one.what in plain
        assert all(step in plain for step in one.arithmetic)
        assert f'data-line="{one.line}"' in told
    links = set(re.findall(r'href="#(f-[^"]+)"', told))
    fields = set(re.findall(r' id="(f-[^"]+)"', told))
    assert links
    assert set() == links - fields


def test_typing_an_empty_paper_piece_by_piece_is_kept_at_once(visitor):
    path = begin(visitor)
    parts = {"f.paper.title": "Mine", "f.group.0.n": "32", "f.group.1.n": "58"}
    visitor.send_form(path, page=path, do="add:variable", **parts)
    parts |= {"f.variable.0.name": "age", "f.variable.0.kind": "number"}
    visitor.send_form(path, page=path, do="rows:", **parts)
    parts |= {"f.row.0.mean.@0": "53.06", "f.row.0.mean.@1": "44.43", "f.row.0.sd.@0": "14.128"}
    told = visitor.send_form(path, page=path, **parts).text
    content = tomllib.loads(text_of(visitor, path))

    assert {"cases": "53.06", "others": "44.43"} == content["row"][0]["mean"]
    assert {"cases": "14.128"} == content["row"][0]["sd"]
    assert "Mine" in visitor.get("/papers").text
    assert 'value="53.06"' in told
    assert "5 printed figures read." in shown(told)


def test_htmx_gets_the_findings_and_the_text_alone(visitor):
    path = begin(visitor, example="bellakhdar-2024")
    token = re.search(r'name="form_token" value="(\w+)"', visitor.get(path).text)[1]
    answer = visitor.post(
        path,
        data={"form_token": token, "f.row.1.mean.@0": "53.99"},
        headers={"origin": str(visitor.base_url), "hx-request": "true"},
    )

    assert answer.text.lstrip().startswith('<section id="checked"')
    assert "53.99" in answer.text
    assert "<html" not in answer.text


def test_what_cannot_be_read_is_kept_and_named_and_the_rest_audited(visitor):
    path = begin(visitor, example="invented-b")
    told = visitor.send_form(path, page=path, **{"f.row.0.mean.@0": "fifty"}).text

    assert 'value="fifty"' in told
    assert "1 thing is missing or cannot be read" in shown(told)
    assert 'href="#f-row.0.mean.@0"' in told
    assert "Audited without 1 entry" in shown(told)
    assert "Rebuild the model" not in told
    assert 404 == visitor.get(f"{path}/audit.html").status_code


def test_a_text_that_is_no_toml_is_kept_and_says_where(visitor):
    path = begin(visitor, example="invented-a")
    broken = '[paper]\ntitle = "x\n'
    told = visitor.send_form(f"{path}/text", page=path, text=broken).text

    assert "is no valid TOML" in told
    assert broken == text_of(visitor, path)
    assert "[paper]" in told
    assert 'name="f.paper.title"' not in told


def test_an_uploaded_file_is_kept_to_the_byte(visitor):
    raw = SEED.read_bytes()
    path = begin(visitor, files={"file": ("paper.toml", raw, "application/toml")})

    assert raw.decode() == text_of(visitor, path)


@pytest.mark.parametrize("raw", [b"\xff\xfe\xff", b"a\0b"])
def test_what_is_no_text_is_refused(visitor, raw):
    answer = visitor.send_form("/papers", page="/papers", files={"file": ("x.toml", raw)})

    assert 422 == answer.status_code
    assert "a paper file must be" in answer.text


@pytest.mark.parametrize("kind", ["html", "docx", "xlsx", "pdf", "json"])
def test_the_audit_can_be_taken_away(visitor, kind):
    path = begin(visitor, example="bellakhdar-2024")
    answer = visitor.get(f"{path}/audit.{kind}")

    assert f'filename="audit.{kind}"' in answer.headers["content-disposition"]
    assert answer.content.lstrip()[:4] in (b"<!DO", b"PK\x03\x04", b"%PDF", b"{\n  ")


def test_the_model_is_rebuilt_taken_away_and_asked_about_a_patient(visitor):
    path = begin(visitor, example="bellakhdar-2024")
    told = shown(rebuilt(visitor, path))

    assert "Exactly one table of patients gives every printed figure" in told
    assert "intercept −3.0847 0.6410" in told
    assert "yes yes yes 6 97.8% (87.6% to 99.6%)" in told
    assert "lies between 0.8599 and 0.9138" in told
    model = json.loads(visitor.get(f"{path}/rebuilt-model.json").content)
    assert pytest.approx(-3.0847466831, abs=1e-9) == model["equation"]["apparent"][0]
    assert b"PK" == visitor.get(f"{path}/rebuild.docx").content[:2]
    assert b"<!doctype html>" == visitor.get(f"{path}/rebuilt-model.html").content[:15].lower()
    calculator = visitor.send_form(f"{path}/calculator", page=path)
    assert "reconstructed from print" in calculator.text
    assert 'name="x-age"' in calculator.text


def test_a_contradiction_says_why(visitor):
    path = begin(visitor, example="bellakhdar-2024")
    content = tomllib.loads(text_of(visitor, path))
    term = next(at for at, one in enumerate(content["model"]) if one.get("kind") != "univariable")
    visitor.send_form(path, page=path, **{f"f.model.{term}.term.0.odds_ratio": "9.503"})
    told = rebuilt(visitor, path)

    assert "No table of patients gives every printed figure" in shown(told)
    assert "Ask this model about a patient" not in told


def test_a_changed_paper_has_no_old_answer(visitor):
    path = begin(visitor, example="invented-b")
    rebuilt(visitor, path)
    told = visitor.send_form(path, page=path, **{"f.row.0.p": "0.012"}).text

    assert "Exactly one table" not in told
    assert "Rebuild the model" in told


def test_a_rebuilding_is_stopped_and_can_be_begun_again(visitor, bench):
    path = begin(visitor, example="invented-b")
    visitor.send_form(f"{path}/rebuild", page=path)
    visitor.send_form(f"{path}/rebuild/stop", page=path)
    assert 0 == jobs.processes[-1].wait(30)
    told = visitor.get(path).text

    assert "Cancelled" in shown(told)
    assert "Rebuild the model" in shown(told)
    assert [] == list((bench.data / "papers").rglob("rebuild.*"))
    assert "Exactly one table" in shown(rebuilt(visitor, path))


def test_the_search_says_what_it_does(tmp_path):
    beat = Beat(tmp_path)
    seen = []
    steps = [
        ("bounding the intercept from below", 0.0),
        ("bounding every pattern", 0.5),
        ("searching the tables", 0.25),
        ("searching the tables", 0.75),
        ("looking for the figure that does not fit", 0.0),
        ("something new", 0.0),
    ]
    for words, share in steps:
        beat(words, share)
        seen.append((beat.doing, beat.share, beat.percent))

    assert ["below", "patterns", "searching", "searching", "culprit", ""] == [x[0] for x in seen]
    assert [-1, 50, 25, 75, -1, -1] == [x[1] for x in seen]
    assert [2, 15, 38, 75, 94, 94] == [x[2] for x in seen]
    assert {one for one, _, _ in WAY.values()} == set(rebuilding.DOING)


def test_every_word_of_the_search_is_known_to_the_page():
    """So that no step of it is shown as nothing."""
    source = Path(rebuilding.__file__).parents[1] / "stats" / "rebuild"
    told = {
        words
        for file in source.glob("*.py")
        for words in re.findall(r'progress\("([^"]+)"', file.read_text("utf-8"))
    }

    assert told
    assert set() == told - set(WAY)


def test_a_model_asked_twice_is_kept_once(visitor):
    path = begin(visitor, example="invented-b")
    rebuilt(visitor, path)
    first = visitor.send_form(f"{path}/calculator", page=path).url
    assert first == visitor.send_form(f"{path}/calculator", page=path).url


def test_a_rebuilding_that_fell_silent_says_so_and_can_be_begun_again(tmp_path):
    folder = rebuilding.folder_of(tmp_path, "abc", "text")
    folder.mkdir(parents=True)
    rebuilding.tell(folder, rebuilding.Rebuilding("running", 40))
    assert "running" == rebuilding.look(folder).state

    old = time.time() - rebuilding.SILENCE - 1
    os.utime(folder / rebuilding.PROGRESS, (old, old))
    assert "interrupted" == rebuilding.look(folder).state


def test_what_was_typed_outlives_the_server(visitor, bench):
    path = begin(visitor)
    visitor.send_form(path, page=path, **{"f.paper.title": "Outlives"})
    bench.store.close()
    again = open_store(bench.settings.store)
    with again.reading() as connection:
        kept = drafts_of(connection, "local", "paper")
    again.close()

    assert ["Outlives"] == [one.title for one in kept]
    assert 'title = "Outlives"' in kept[0].content


def test_a_strangers_paper_is_not_there(visitor, bench):
    from avidity.web.store.drafts import add_draft

    with bench.store.writing("other") as connection:
        theirs = add_draft(connection, "other", "paper", "x", SEED.read_text("utf-8"))

    assert 404 == visitor.get(f"/papers/{theirs}").status_code
    assert 404 == visitor.get(f"/papers/{theirs}/paper.toml").status_code


def test_a_paper_can_be_thrown_away(visitor):
    path = begin(visitor, example="invented-a")
    visitor.send_form(f"{path}/remove", page=path)

    assert 404 == visitor.get(path).status_code


def test_renaming_a_group_takes_its_figures_along(visitor):
    path = begin(visitor, example="bellakhdar-2024")
    before = tomllib.loads(text_of(visitor, path))
    fields = {"f.group.0.name": "refractory", "f.row.1.mean.@0": "53.06"}
    visitor.send_form(path, page=path, **fields)
    after = tomllib.loads(text_of(visitor, path))

    assert "refractory" in after["row"][0]["count"]["yes"]
    assert before["row"][1]["mean"]["rair"] == after["row"][1]["mean"]["refractory"]
    assert "rair" not in json.dumps(after["row"])


def renamed(content, *fields):
    """A file's content after names were changed in its form."""
    shape = to_shape(content)
    return from_shape(carried(shape, filled(shape, fields), dict(names_of(shape))))


def test_renaming_a_variable_takes_what_refers_to_it_along():
    content = tomllib.loads(SEED.read_text("utf-8"))
    content["methods"]["outcome_uses"] = ["metastasis", "age"]
    made = renamed(content, ("variable.1.name", "years"))

    assert "years" == made["row"][1]["variable"]
    assert "years" == made["variable"][2]["from"]
    assert ["metastasis", "years"] == made["methods"]["outcome_uses"]
    assert "row.years.maximum.all" in [one["fact"] for one in made["statement"]]
    assert "age" not in re.findall(r"[\w]+(?=[.\"])", json.dumps(made["statement"]))
    assert '"age"' not in json.dumps(made)


def test_renaming_a_group_reaches_cross_tables_and_statements():
    content = tomllib.loads((PAPERS / "invented-a" / "paper.toml").read_text("utf-8"))
    old = content["group"][0]["name"]
    content["cross"][0]["group"] = old
    content["statement"] = [{"fact": f"group.{old}.n"}, {"fact": f"row.metastasis.count.yes.{old}"}]
    made = renamed(content, ("group.0.name", "ill"), ("cross.0.name", "table3"))

    assert "ill" == made["cross"][0]["group"]
    expected = ["group.ill.n", "row.metastasis.count.yes.ill"]
    assert expected == [one["fact"] for one in made["statement"]]
    assert f'"{old}"' not in json.dumps(made)


def test_renaming_a_level_reaches_lines_of_models_cross_tables_and_statements():
    content = {
        "variable": [
            {"name": "stage", "kind": "category", "levels": ["i", "ii"]},
            {"name": "late", "from": "stage", "one_of": ["ii"]},
        ],
        "row": [{"variable": "stage", "count": {"i": {"a": "3"}, "ii": {"a": "4"}}}],
        "cross": [{"name": "c", "rows": "stage", "columns": "late", "count": {"ii": {"yes": "1"}}}],
        "model": [{"name": "m", "term": [{"variable": "stage", "level": "ii", "reference": "i"}]}],
        "statement": [
            {"fact": "row.stage.count.ii.a"},
            {"fact": "model.m.stage=ii.p"},
            {"fact": "cross.c.count.ii.yes"},
        ],
    }
    made = renamed(content, ("variable.0.levels", "i, second"), ("model.0.name", "final"))

    assert {"i", "second"} == set(made["row"][0]["count"])
    assert ["second"] == made["variable"][1]["one_of"]
    assert {"second": {"yes": "1"}} == made["cross"][0]["count"]
    assert "second" == made["model"][0]["term"][0]["level"]
    facts = ["row.stage.count.second.a", "model.final.stage=second.p", "cross.c.count.second.yes"]
    assert facts == [one["fact"] for one in made["statement"]]


def test_a_form_that_still_says_the_former_name_follows_the_file():
    """The page was made while the variable was called age; it is typed letter by letter."""
    before = {"variable": [{"name": "ye"}], "row": [{"variable": "ye"}]}
    fields = [("variable.0.name", "years"), ("row.0.variable", "age")]
    made = carried(before, filled(before, fields), {"was.variable.0": "age"})

    assert {"variable": [{"name": "years"}], "row": [{"variable": "years"}]} == made


def test_a_changed_field_keeps_the_remarks_of_the_file(visitor):
    path = begin(visitor, example="bellakhdar-2024")
    before = SEED.read_text("utf-8").splitlines()
    visitor.send_form(path, page=path, **{"f.row.1.mean.@0": "53.07"})
    after = text_of(visitor, path).splitlines()

    assert 1 == len([one for one in after if one not in before])
    assert len(before) == len(after)


def test_an_older_window_is_refused_and_both_texts_are_kept(visitor):
    path = begin(visitor, example="invented-b")
    text = text_of(visitor, path)
    first = {"window": "first", "base": text}
    second = {"window": "second", "base": text}
    visitor.send_form(path, page=path, **first, **{"f.row.0.p": "0.111"})
    visitor.send_form(path, page=path, **first, **{"f.row.0.p": "0.112"})  # its own older base
    answer = visitor.send_form(path, page=path, **second, **{"f.row.0.p": "0.222"})
    again = visitor.send_form(path, page=path, **second, **{"f.row.0.p": "0.223"})

    assert [409, 409] == [answer.status_code, again.status_code]
    assert "Another window has changed this paper" in shown(answer.text)
    assert 'p = "0.112"' in text_of(visitor, path)
    others = set(re.findall(r'href="(/papers/\w{32})"', visitor.get("/papers").text)) - {path}
    assert 1 == len(others)
    assert 'p = "0.223"' in text_of(visitor, others.pop())


def test_what_a_window_sent_earlier_and_arrives_later_changes_nothing(visitor):
    path = begin(visitor, example="invented-b")
    window = {"window": "w", "base": text_of(visitor, path)}
    visitor.send_form(path, page=path, **window, nth="12", **{"f.row.0.p": "0.112"})
    answer = visitor.send_form(path, page=path, **window, nth="9", **{"f.row.0.p": "0.1"})
    assert 'p = "0.112"' in text_of(visitor, path)
    assert answer.is_success
    visitor.send_form(path, page=path, **window, nth="13", **{"f.row.0.p": "0.113"})

    assert 'p = "0.113"' in text_of(visitor, path)


def test_a_model_is_rebuilt_of_what_stands_in_the_form(visitor, bench):
    path = begin(visitor, example="bellakhdar-2024")
    typed = {"f.paper.title": "Changed last", "do": "rebuild"}
    answer = visitor.send_form(path, page=path, **typed)

    assert 'title = "Changed last"' in text_of(visitor, path)
    folder = rebuilding.folder_of(bench.data, path[-32:], text_of(visitor, path))
    assert rebuilding.look(folder).state in ("running", "done")
    assert 'id="rebuild"' in answer.text


def test_every_key_of_a_paper_file_has_a_field(visitor):
    path = begin(visitor, example="invented-a")
    for kind in ("statement", "flow.left", "cross"):
        visitor.send_form(path, page=path, do=f"add:{kind}")
    fields = set(re.findall(r'name="f\.([^"]+)"', visitor.get(path).text))
    plain = {re.sub(r"\.\d+", "", one) for one in fields}
    own = {"row.count", "row.percent", "cross.count"}
    missing = {
        ".".join((*place, key))
        for place, part in PARTS.items()
        for key in [(one.alias or name) for name, one in part.model_fields.items()]
        if key not in ("left", "term")
        and not any(
            x == ".".join((*place, key)) or x.startswith(".".join((*place, key)) + ".")
            for x in plain
        )
    }

    assert set() == missing - own
    assert {"row.2.count.yes.@0", "cross.0.count.yes.no"} <= fields | {"row.2.count.yes.@0"}


def test_a_cross_table_and_a_repeated_figure_are_typed_without_the_text(visitor):
    path = begin(visitor, example="invented-a")
    visitor.send_form(path, page=path, do="add:cross")
    fields = {"name": "again", "rows": "vascular", "columns": "metastasis", "where": "Table 4"}
    typed = {f"f.cross.1.{key}": value for key, value in fields.items()}
    told = visitor.send_form(path, page=path, do="show:cross", **typed).text
    assert 'name="f.cross.1.count.no.yes"' in told
    group = tomllib.loads(text_of(visitor, path))["group"][0]["name"]
    about = {"new.statement": f"row.metastasis.count.yes.{group}", "do": "add:statement"}
    visitor.send_form(path, page=path, **about, **{"f.cross.1.count.no.yes": "19"})
    at = len(tomllib.loads(text_of(visitor, path))["statement"]) - 1
    said = {f"f.statement.{at}.printed": "22", f"f.statement.{at}.where": "Abstract"}
    told = shown(visitor.send_form(path, page=path, **said).text)
    content = tomllib.loads(text_of(visitor, path))

    assert {"no": {"yes": "19"}} == content["cross"][1]["count"]
    expected = {"fact": f"row.metastasis.count.yes.{group}", "printed": "22", "where": "Abstract"}
    assert expected == content["statement"][at]
    assert "· Count: yes ·" in told


def test_a_late_text_is_refused_and_kept(visitor):
    path = begin(visitor, example="invented-b")
    version = re.search(r'name="version" value="(\w+)"', visitor.get(path).text)[1]
    visitor.send_form(path, page=path, **{"f.row.0.p": "0.111"})
    late = {"window": "old", "version": version, "text": "[paper]\ntitle = 'mine'\n"}
    answer = visitor.send_form(f"{path}/text", page=path, **late)

    assert 409 == answer.status_code
    assert 'p = "0.111"' in text_of(visitor, path)
    assert "mine" in visitor.get("/papers").text


@pytest.mark.parametrize("file", sorted(PAPERS.glob("*/paper.toml")), ids=lambda x: x.parent.name)
def test_the_form_changes_nothing_by_itself(visitor, file):
    path = begin(visitor, example=file.parent.name)
    page = visitor.get(path).text
    typed = {}
    for field in re.findall(r"<input [^>]*name=\"f\.[^>]*>", page):
        name = re.search(r'name="(f\.[^"]+)"', field)[1]
        value = re.search(r'value="([^"]*)"', field)[1]
        typed[name] = re.sub("&#34;", '"', re.sub("&#39;", "'", value.replace("&gt;", ">")))
        typed[name] = typed[name].replace("&lt;", "<").replace("&amp;", "&")
    for name, options in re.findall(r'<select [^>]*name="(f\.[^"]+)">(.*?)</select>', page):
        chosen = re.search(r'value="([^"]*)" selected', options)
        typed[name] = chosen[1] if chosen else ""
    assert len(typed) > 50
    visitor.send_form(path, page=path, **typed)

    assert file.read_text("utf-8") == text_of(visitor, path)


@pytest.mark.parametrize(
    "field",
    [
        "row.99.mean.@0",
        "row.x.mean",
        "paper",
        "a.b.c.d",
        "row.0.variable.deep",
        "",
        "model.0.term.9.p",
    ],
)
def test_a_field_that_leads_nowhere_does_no_harm(field):
    content = tomllib.loads(SEED.read_text("utf-8"))
    checked = filled(content, [(field, "")])

    assert content == checked
    filled(content, [(field, "x")])
    without(content, field or "row.99")
    with_new(content, field)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "group = 3",
        'paper = "x"\nrow = [1]',
        '[paper]\ntitle = ""',
        '[[group]]\nname = "a"\n[[group]]\nname = "a"\nn = "x"',
        '[paper]\ntitle="x"\n[[group]]\nname="a"\nn="3"\n[[row]]\nvariable="nobody"\nmean={a="3.1"}',
        '[paper]\ntitle="x"\n[flow]\nleft = 4\n[[group]]\nname="a"\nn="0"',
    ],
)
def test_any_half_paper_is_shown(visitor, text):
    path = begin(visitor)
    answer = visitor.send_form(f"{path}/text", page=path, text=text)

    assert 200 == answer.status_code
    assert not check_text(text).whole


@pytest.mark.parametrize(
    "page",
    [
        {"viewport": {"width": 1440, "height": 900}},
        {"viewport": {"width": 390, "height": 844}, "color_scheme": "dark", "locale": "fr-FR"},
    ],
    indirect=True,
    ids=["wide", "narrow-dark-french"],
)
def test_in_a_browser_a_paper_is_typed_checked_rebuilt_and_asked(page):
    page.goto(f"{page.home}/papers")
    assert [] == axe_faults(page)
    page.click("button[value=invented-b]")
    field = "[id='f-row.0.mean.@0']"
    page.fill(field, "51.95")
    for _ in range(100):
        if "51.95" in page.input_value("#text"):
            break
        page.wait_for_timeout(50)
    assert "51.95" in page.input_value("#text")
    assert "f-row.0.mean.@0" == page.evaluate("document.activeElement.id")
    page.fill(field, "fifty")
    page.wait_for_selector("#checked .faults")
    page.click("#checked .faults a")
    assert "f-row.0.mean.@0" == page.evaluate("document.activeElement.id")
    page.fill(field, "51.9")
    page.wait_for_selector("#checked .faults", state="detached")
    assert [] == axe_faults(page)
    assert page.viewport_size["width"] >= page.evaluate("document.documentElement.scrollWidth")

    page.click("#rebuild button.primary")
    page.wait_for_selector("#rebuild .numbers", timeout=1000 * PATIENCE)
    assert [] == axe_faults(page)
    page.click("#rebuild button.primary")
    page.wait_for_selector("#calculator")
    assert [] == page.faults
    assert [] == [one for one in page.asked if not one.startswith(page.home)]


TABLE = "Age (years)   50.0 ± 10.0   44.0 ± 9.0   0.005\nSpread   18 (56.3)   4 (6.9)   0.000"


def reach(page, name):
    """Go to a field or a button by the Tab key alone."""
    for _ in range(250):
        if page.evaluate("document.activeElement.name") == name:
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"{name} cannot be reached")


def press(page, value):
    """Reach a button by the Tab key and press it."""
    for _ in range(250):
        if page.evaluate("document.activeElement.value") == value:
            with page.expect_navigation():
                page.keyboard.press("Enter")
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"{value} cannot be reached")


def type_in(page, **typed):
    """Each field by the keyboard alone, in the order of the page."""
    for name, value in typed.items():
        reach(page, name)
        page.keyboard.press("ControlOrMeta+A")
        page.keyboard.type(value)


def test_an_empty_paper_is_typed_with_the_keyboard_alone(page):
    page.goto(f"{page.home}/papers")
    page.focus("#begin ~ form button")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    type_in(page, **{"f.paper.title": "Mine", "f.group.0.n": "32", "f.group.1.n": "58"})
    press(page, "add:variable")
    type_in(page, **{"f.variable.0.name": "spread"})
    press(page, "rows:")
    counts = {"f.row.0.count.yes.@0": "18", "f.row.0.count.yes.@1": "4"}
    counts |= {"f.row.0.count.no.@0": "15", "f.row.0.count.no.@1": "54"}
    type_in(page, **counts)
    page.wait_for_selector("#checked .of-impossible, #checked .of-inconsistent")
    assert "33" in page.inner_text("#checked")
    page.keyboard.press("Shift+Tab")
    type_in(page, **{"f.row.0.count.no.@0": "14"})
    wrong = "#checked .of-impossible, #checked .of-inconsistent"
    page.wait_for_selector(wrong, state="detached")
    press(page, "add:model")
    terms = {"f.model.0.name": "final", "f.model.0.term.0.variable": "spread"}
    terms |= {"f.model.0.term.0.odds_ratio": "17.357", "f.model.0.term.0.low": "5.060"}
    type_in(page, **terms, **{"f.model.0.term.0.high": "59.537"})
    page.wait_for_selector("#rebuild button.primary")
    page.focus("#rebuild button.primary")
    page.keyboard.press("Enter")
    page.wait_for_selector("#rebuild .numbers", timeout=1000 * PATIENCE)
    page.focus("#rebuild button.primary")
    page.keyboard.press("Enter")
    page.wait_for_selector("#calculator")
    assert [] == page.faults


def test_the_last_word_is_rebuilt_though_it_was_not_kept_yet(page):
    page.goto(f"{page.home}/papers")
    page.click("button[value='invented-b']")
    page.wait_for_selector("#rebuild button.primary")
    page.route("**/papers/*", lambda route: route.abort() if asks(route) else route.continue_())
    page.fill("[name='f.paper.title']", "Typed at the very last")
    page.click("#rebuild button.primary")
    page.wait_for_selector("#rebuild .numbers", timeout=1000 * PATIENCE)

    assert "Typed at the very last" == page.input_value("[name='f.paper.title']")


def asks(route):
    """Whether the page keeps by itself what is typed."""
    return route.request.headers.get("hx-request") == "true"


def test_a_changed_text_is_not_lost_to_the_form_beside_it(page):
    page.goto(f"{page.home}/papers")
    page.click("#begin ~ form button")
    page.wait_for_selector("#typing")
    page.click("#text-part summary")
    text = page.input_value("#text")
    page.fill("#text", text + "\n# mine\n")
    assert page.evaluate("document.getElementById('typing').inert")
    asked = []
    page.on("dialog", lambda one: (asked.append(one.type), one.dismiss()))
    page.click("#rebuild-title")
    page.evaluate("window.location.reload()")
    page.wait_for_timeout(500)
    assert ["beforeunload"] == asked
    assert page.input_value("#text").endswith("# mine\n")
    with page.expect_navigation():
        page.click("#text-part form button")

    assert not page.evaluate("document.getElementById('typing').inert")
    assert page.input_value("#text").endswith("# mine\n")
    assert 1 == len(asked)


@pytest.mark.parametrize(
    "page",
    [
        {"viewport": {"width": 1440, "height": 900}, "color_scheme": "dark"},
        {"viewport": {"width": 390, "height": 844}, "locale": "fr-FR"},
    ],
    indirect=True,
    ids=["wide-dark", "narrow-french"],
)
def test_a_pasted_table_has_no_barrier(page):
    page.goto(f"{page.home}/papers")
    page.click("#begin ~ form button")
    page.goto(f"{page.url}/paste")
    page.fill("#pasted", TABLE)
    page.click("main form button")
    page.wait_for_selector("[name='cell.0.0']")

    assert "50.0 ± 10.0" == page.input_value("[name='cell.0.0']")
    assert [] == axe_faults(page)
    assert page.viewport_size["width"] >= page.evaluate("document.documentElement.scrollWidth")
    page.click("button.primary")
    page.wait_for_selector("[id='f-row.0.mean.@0']", state="attached")
    assert "50.0" == page.input_value("[id='f-row.0.mean.@0']")
    assert [] == axe_faults(page)
    assert [] == page.faults


def test_two_windows_of_a_browser_do_not_overwrite_each_other(page):
    page.goto(f"{page.home}/papers")
    page.click("button[value=invented-b]")
    path = page.url
    other = page.context.new_page()
    other.goto(path)
    page.fill("[id='f-row.0.mean.@0']", "51.95")
    page.click("#group > button")  # at once, while what was typed is on its way
    page.wait_for_selector("[id='f-group.2.name']")
    assert page.locator(".late").count() == 0
    page.fill("[id='f-row.0.mean.@0']", "51.96")
    page.wait_for_selector("#base:has-text('51.96')", state="attached")
    other.fill("[id='f-row.0.mean.@0']", "52.5")
    other.wait_for_selector("#checked .late")
    assert [] == axe_faults(other)
    other.click(".late a >> nth=1")
    other.wait_for_selector("[id='f-row.0.mean.@0']", state="attached")

    assert path != other.url
    assert "52.5" == other.input_value("[id='f-row.0.mean.@0']")
    page.reload()
    assert "51.96" == page.input_value("[id='f-row.0.mean.@0']")
    page.uncheck("#show-remark")
    assert not page.is_visible("#checked .of-remark")
    assert [] == page.faults
