"""The history of a study: who did what and why, for its owner and an administrator; and the log."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import text

from avidity.web.app import create_app
from avidity.web.pages.history import ON_A_PAGE
from avidity.web.store.actions import note_action
from avidity.web.store.history import find_any_study, history_of, log_of
from avidity.web.store.sessions import begin_session
from avidity.web.store.studies import set_shared, set_title
from avidity.web.store.trail import OUTSIDE, verify
from made_browser import axe_faults
from made_uploads import small_study
from made_workbench import HOST, Visitor, make_bench

REASON = "Surgeon's letter of 3 May: =unresectable <b>bed</b>"


def answered(visitor):
    path = visitor.new_study(small_study(), title="Ours")
    page = f"{path}/refractory/2"
    seen = re.search(r'name="snapshot" value="(\w+)"', visitor.get(page).text)[1]
    said = {"answer": "no", "reason": REASON, "who": "Dr Amina", "snapshot": seen}
    answer = visitor.send_form(f"{page}/answer", page=page, **said)
    assert 200 == answer.status_code, answer.text
    return path


def words_of(answer):
    return " ".join(re.sub(r"<[^>]*>", " ", answer.text).split())


def tampered(bench, statement):
    with bench.store.engine.begin() as connection:
        connection.execute(text("DROP TRIGGER keep_trail_update"))
        connection.execute(text(statement))


def people(bench, **roles):
    app = create_app(bench)
    for name, role in roles.items():
        visitor = Visitor(app, base_url=f"http://{HOST}", raise_server_exceptions=False)
        with bench.store.noting() as connection:
            visitor.cookies.set(bench.settings.cookie, begin_session(connection, name, role))
        yield visitor


def test_what_was_done_to_a_study_is_told_with_its_reason(visitor):
    path = answered(visitor)
    visitor.send_form("/studies", title="Another", files={"files": ("s.zip", small_study())})
    told = words_of(visitor.get(f"{path}/history"))

    assert "The record is unbroken" in told
    assert told.index("Answered for a patient") < told.index("Made the study")
    assert "Surgeon&#39;s letter of 3 May: =unresectable &lt;b&gt;bed&lt;/b&gt;" in told
    assert "Row 2 of the patients." in told
    assert "Another" not in told
    assert "Read the files: 40 patients" in told
    assert f"{path}/history" in visitor.get(f"{path}/data").text
    assert f"{path}/history" in visitor.get(f"{path}/results").text


def test_the_history_is_spoken_in_french(visitor):
    path = answered(visitor)
    told = words_of(visitor.get(f"{path}/history", headers={"accept-language": "fr"}))

    assert "Le registre est intact" in told
    assert "Réponse donnée pour un patient : « " in told


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE trail SET actor = 'nobody' WHERE id = 3",
        "UPDATE trail SET new = '{}' WHERE id = 3",
        "UPDATE trail SET new = 'no JSON', at = '' WHERE id = 3",
        "UPDATE trail SET hash = NULL WHERE id = 3",
        "UPDATE trail SET hash = NULL, actor = NULL, at = NULL WHERE id = 3",
    ],
)
def test_a_record_that_was_altered_says_so(visitor, bench, statement):
    path = answered(visitor)
    tampered(bench, statement)
    told = words_of(visitor.get(f"{path}/history"))

    assert re.search(r"broken at entry [34]\b", told)
    assert "unbroken" not in told
    assert "broken at entry" in words_of(visitor.get("/log"))


def test_a_seal_taken_off_at_the_end_is_told(visitor, bench):
    path = answered(visitor)
    tampered(
        bench,
        "UPDATE trail SET hash = NULL, actor = NULL, at = NULL, new = replace(new, 'Dr', 'Mr')"
        " WHERE id = (SELECT max(id) FROM trail)",
    )

    assert "One change was made from outside" in words_of(visitor.get(f"{path}/history"))


def test_a_change_from_outside_is_told_as_one(visitor, bench):
    path = answered(visitor)
    with bench.store.engine.begin() as connection:
        connection.execute(text("UPDATE studies SET title = 'Forged'"))
    assert "not sealed yet" in words_of(visitor.get(f"{path}/history"))
    visitor.send_form("/example")
    told = words_of(visitor.get(f"{path}/history"))

    assert OUTSIDE in told
    assert "Forged" in told


def test_the_history_is_the_owners_and_an_administrators_alone(tmp_path):
    bench = make_bench(tmp_path, token=None)
    roles = {"youssef": "analyst", "amina": "administrator", "omar": "analyst", "nadia": "reader"}
    owner, administrator, other, reader = people(bench, **roles)
    path = owner.new_study(small_study(), title="Mine")
    with bench.store.writing("youssef") as connection:
        set_shared(connection, path.rpartition("/")[2], shared=True)

    assert 200 == owner.get(f"{path}/history").status_code
    assert "The study of youssef." in words_of(administrator.get(f"{path}/history"))
    assert 404 == other.get(f"{path}/history").status_code
    assert 403 == reader.get(f"{path}/history").status_code
    assert 200 == administrator.get("/log").status_code
    assert "/log" in administrator.get("/").text
    for one in (owner, other, reader):
        assert 403 == one.get("/log").status_code
        assert "/log" not in one.get("/").text
    bench.store.close()


def test_a_study_that_was_taken_off_the_list_keeps_its_history(visitor):
    path = answered(visitor)
    visitor.send_form(f"{path}/remove")

    assert 404 == visitor.get(f"{path}/data").status_code
    assert "Took the study off the list" in words_of(visitor.get(f"{path}/history"))


def test_the_log_of_the_workbench_holds_no_title_and_no_reason(visitor):
    path = answered(visitor)
    told = visitor.get("/log").text

    assert "Answered for a patient" in told
    assert path.rpartition("/")[2][:12] in told
    for secret in ("Ours", "Surgeon", "Dr Amina"):
        assert secret not in told


def test_anothers_words_do_not_enter_a_history(visitor, bench):
    path = answered(visitor)
    study = path.rpartition("/")[2]
    other = visitor.new_study(small_study(), title="Other").rpartition("/")[2]
    with bench.store.writing("omar") as connection:
        set_title(connection, other, f"planted {study}")
        note_action(connection, "omar", f"did it to {study}", other, study)

    assert "planted" not in visitor.get(f"{path}/history").text
    with bench.store.reading() as connection:
        assert {study} == {
            line.study for deed in history_of(connection, study) for line in deed.actions
        }


def test_many_deeds_stand_on_pages_and_a_wrong_page_is_the_nearest(visitor, bench):
    path = answered(visitor)
    study = path.rpartition("/")[2]
    for at in range(ON_A_PAGE):
        with bench.store.writing(f"p{at}") as connection:
            note_action(connection, f"p{at}", "plan changed", study)
    first, last = (visitor.get(f"{path}/history?page={page}").text for page in (1, 999_999))

    assert "p49" in first
    assert "Made the study" in last
    assert "p49" not in last
    for odd in ("0", "-1", "x", "²", "9" * 5000):
        assert 200 == visitor.get(f"{path}/history", params={"page": odd}).status_code
        assert 200 == visitor.get("/log", params={"page": odd}).status_code


def test_the_store_tells_history_and_log(visitor, bench):
    study = answered(visitor).rpartition("/")[2]
    with bench.store.reading() as connection:
        deeds, found = history_of(connection, study), log_of(connection, 0, 2)
        verdict, kept = verify(connection), find_any_study(connection, study)

    assert "Ours" == kept.title
    assert [REASON] == [note.reason for note in deeds[0].notes]
    assert 2 == len(found.lines) < found.total
    assert (None, 0) == (verdict.broken, verdict.open)
    assert 64 == len(verdict.last)


@pytest.mark.parametrize(
    "page", [{"locale": "fr-FR"}, {"viewport": {"width": 380, "height": 800}}], indirect=True
)
def test_history_and_log_are_clear_to_everybody(page):
    page.click("form[action='/example'] button")
    page.click("a[href$='/history']")
    assert [] == axe_faults(page)
    page.keyboard.press("Tab")
    page.locator(".deeds summary").last.focus()
    page.keyboard.press("Enter")
    assert page.locator(".trail").last.is_visible()
    assert [] == axe_faults(page)
    page.goto(f"{page.home}/log")
    assert [] == axe_faults(page)
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    assert [] == page.faults
