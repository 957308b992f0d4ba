"""A person looks who is refractory and why, and answers for a patient with a reason."""

from __future__ import annotations

import csv
import io
import json
import logging
import re

import pytest

from avidity.cli.main import main
from avidity.steps.judged import judge_everybody
from avidity.steps.overrides import HEADER
from avidity.web.cohorts import look_at
from avidity.web.folders import snapshot_folder
from avidity.web.pages.timeline import LEFT, WIDTH, picture
from avidity.web.store.actions import actions_of
from avidity.web.store.notes import notes_of
from avidity.web.store.studies import find_study
from avidity.web.store.trail import verify
from made_uploads import EXAMPLE, ROWS, STUDY, small_study

ROW = 64  # of TWIN-063 in patients.csv
REASON = "The avid focus was thymus on CT"


@pytest.fixture
def example(visitor):
    return visitor.send_form("/example").url.path.rpartition("/")[0]


@pytest.fixture(scope="module")
def judged():
    looked = look_at(EXAMPLE)
    return judge_everybody(looked.cohort, looked.study)


def folder_of(bench, path):
    with bench.store.reading() as connection:
        study = find_study(connection, path.rpartition("/")[2])
    return snapshot_folder(bench.data, study.id, study.snapshot)


def snapshot_seen(page):
    return re.search(r'name="snapshot" value="(\w+)"', page)[1]


def answer(visitor, example, row=ROW, **changed):
    page = f"{example}/refractory/{row}"
    seen = snapshot_seen(visitor.get(page).text)
    fields = {"answer": "no", "reason": REASON, "who": "Dr A", "snapshot": seen, **changed}
    return visitor.send_form(f"{page}/answer", page=page, **fields)


def overrides_in(folder):
    return list(csv.DictReader(io.StringIO((folder / "overrides.csv").read_text("utf-8"))))


def test_everybody_is_listed_under_every_definition(visitor, example):
    told = visitor.get(f"{example}/refractory").text

    assert "300 of 300 shown" in told
    assert all(name in told for name in ("bellakhdar-2024", "ata-2015", "ata-2025"))
    assert "TWIN-001" in told


@pytest.mark.parametrize(
    ("query", "fits"),
    [
        ("answer=yes", lambda one: one.answer is True),
        ("answer=cannot-say", lambda one: one.answer is None),
        ("by=ata-2015&answer=yes", lambda one: one.verdicts["ata-2015"].answer is True),
        ("apart=disagree", lambda one: one.disagreed),
        ("by=ata-2025&apart=own", lambda o: o.verdicts["ata-2025"].answer is not o.computed),
        ("apart=overridden", lambda one: False),
        ("by=nonsense&answer=maybe&apart=x&page=x", lambda one: True),
    ],
)
def test_the_list_is_filtered_by_answer_and_disagreement(visitor, example, judged, query, fits):
    told = visitor.get(f"{example}/refractory?{query}").text

    assert f"{sum(map(fits, judged.patients))} of 300 shown" in told


def test_the_agreement_is_that_of_the_command_line(visitor, example, judged):
    told = visitor.get(f"{example}/refractory").text
    one = judged.agreement.answers["ata-2015"]

    cells = "".join(f"<td>{n}</td>" for n in (one.yes, one.no, one.cannot_say, one.moved))
    assert f"{cells}<td>{one.kappa:.2f}</td>" in told


def test_no_address_holds_a_patients_number(visitor, example):
    told = visitor.get(f"{example}/refractory").text
    patient = visitor.get(f"{example}/refractory/{ROW}").text
    addresses = re.findall(r'(?:href|action|hx-get|src)="([^"]*)"', told + patient)

    assert f"{example}/refractory/{ROW}" in addresses
    assert [] == [one for one in addresses if "TWIN" in one]


def test_one_patient_is_shown_with_timeline_and_evidence(visitor, example):
    told = visitor.get(f"{example}/refractory/{ROW}").text

    assert "TWIN-063" in told
    assert "since 2020-07-08" in told
    assert "lesion TWIN-063-L2 not avid on the post-therapy scan of course 2" in told
    assert re.search(r'<svg[^>]*role="img" aria-labelledby="timeline-title timeline-about"', told)
    for said in ("Met", "Not met", "5550 MBq", "not avid", "scans 77"):
        assert said in told


def test_another_definition_shows_its_own_evidence(visitor, example):
    told = visitor.get(f"{example}/refractory/{ROW}?by=ata-2025", headers={"hx-request": "true"})

    assert told.text.startswith('<div id="patient">') or '<div id="patient">' in told.text
    assert "<html" not in told.text
    assert '<option value="ata-2025" selected>' in told.text


def test_every_mark_stands_inside_the_picture_and_no_record_is_lost(judged):
    from avidity.steps.timeline import timeline

    for one in judged.patients:
        events = timeline(one.chart)
        drawn = picture(events, one.verdicts[judged.own])
        dated = [event for event in events if event.date]
        assert len(dated) == len(drawn.marks if drawn else ())
        if drawn:
            assert all(LEFT <= m.x <= WIDTH and 0 < m.y < drawn.height for m in drawn.marks)


def test_every_word_of_a_record_is_known(judged):
    from avidity.steps.timeline import timeline
    from avidity.web import words

    events = [event for one in judged.patients for event in timeline(one.chart)]
    keys = {f"field.{name}" for event in events for name, _ in event.facts}
    keys |= {f"lane.{event.table}" for event in events}

    assert [] == [key for key in keys if not words.has(key)]


@pytest.mark.parametrize("row", ["0", "9999", "TWIN-063", "1e3"])
def test_a_row_that_is_not_there_is_not_there(visitor, example, row):
    assert 404 == visitor.get(f"{example}/refractory/{row}").status_code


def test_a_physician_answers_and_the_command_line_hears_it(visitor, bench, example, capsys):
    told = answer(visitor, example)
    folder = folder_of(bench, example)

    assert "The answer is kept" in told.text
    assert REASON in told.text
    (row,) = overrides_in(folder)
    assert list(HEADER) == list(row)
    assert ("TWIN-063", "no", REASON, "Dr A") == tuple(row[name] for name in HEADER[:4])
    study = (folder / "study.toml").read_text("utf-8")
    added = 'overrides = "overrides.csv"\n'
    assert (EXAMPLE / "study.toml").read_text("utf-8") == study.replace(added, "")
    with pytest.raises(SystemExit):
        main(["label", str(folder)])
    assert f"overridden by Dr A, {row['when']}: {REASON}" in capsys.readouterr().out


def test_the_answer_is_noted_without_the_patients_number(visitor, bench, example):
    answer(visitor, example)
    study = example.rpartition("/")[2]
    with bench.store.reading() as connection:
        (note,) = notes_of(connection, "override", study)
        actions = actions_of(connection, study)
        kept = json.dumps([str(row) for row in connection.exec_driver_sql("select * from trail")])
        assert verify(connection).broken is None

    assert ({"before": "yes", "after": "no"}, REASON) == (note.content, note.reason)
    assert "override, yes to no" == actions[-1].action
    assert "TWIN-063" not in kept + repr(note) + repr(actions)


def test_an_answer_is_taken_back(visitor, bench, example):
    answer(visitor, example)
    page = f"{example}/refractory/{ROW}"
    seen = snapshot_seen(visitor.get(page).text)
    told = visitor.send_form(f"{page}/answer", page=page, back="yes", snapshot=seen)

    assert "The answer was taken back" in told.text
    assert [] == overrides_in(folder_of(bench, example))


def test_a_second_answer_stands_beside_the_first(visitor, bench, example):
    answer(visitor, example)
    answer(visitor, example, row=3, answer="yes", reason="Seen elsewhere")
    answer(visitor, example, reason="Another reason")
    listed = overrides_in(folder_of(bench, example))

    assert [("TWIN-002", "yes"), ("TWIN-063", "no")] == [
        (one["patient_id"], one["answer"]) for one in listed
    ]
    assert "Another reason" == listed[1]["reason"]
    assert "2 of 300 shown" in visitor.get(f"{example}/refractory?apart=overridden").text


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"reason": " "}, "a reason must be given"),
        ({"who": ""}, "who must name the physician"),
        ({"answer": "perhaps"}, "answer must be yes or no"),
        ({"reason": "as TWIN-001"}, "must not hold a patient&#39;s number"),
        ({"reason": "x" * 600}, "at most 500 characters"),
        ({"snapshot": "0" * 64}, "were changed since this page was opened"),
    ],
)
def test_an_answer_that_cannot_stand_is_refused_and_stays_in_the_form(
    visitor, bench, example, changed, said
):
    told = answer(visitor, example, **changed)

    assert 422 == told.status_code
    assert said in told.text
    assert not (folder_of(bench, example) / "overrides.csv").exists()
    if "reason" not in changed:
        assert f">{REASON}</textarea>" in told.text


def test_a_reason_is_text_and_nothing_else(visitor, example):
    told = answer(visitor, example, reason='<script>alert("x")</script>, =1+1').text

    assert "<script>alert" not in told
    assert "&lt;script&gt;alert" in told


def test_a_stranger_sees_no_patient(stranger, visitor, example):
    visitor.cookies.clear()

    assert 403 == stranger.get(f"{example}/refractory/{ROW}").status_code


def test_a_log_of_it_names_nobody(visitor, example, caplog):
    with caplog.at_level(logging.DEBUG):
        answer(visitor, example)
        visitor.get(f"{example}/refractory?answer=yes")

    assert "/studies/{study_id}/refractory/{row}/answer" in caplog.text
    assert "TWIN-063" not in caplog.text
    assert REASON not in caplog.text


def test_a_study_with_its_outcome_in_a_column_is_shown_too(visitor):
    path = visitor.new_study(small_study())
    told = visitor.get(f"{path}/refractory").text

    assert "column &#39;rair&#39;" in told
    assert "40 of 40 shown" in told
    assert "There are no dated records" in visitor.get(f"{path}/refractory/2").text


def test_what_cannot_be_asked_is_said(visitor):
    study = STUDY.replace('column = "rair"\nyes = "yes"\nno = "no"', 'definition = "ata-2015"')
    path = visitor.new_study(small_study(study=study))

    assert "this study has none of them" in visitor.get(f"{path}/refractory").text


def test_errors_come_first(visitor):
    rows = [*ROWS[:-1], ROWS[-1].replace(ROWS[-1].split(",")[2], "3000")]
    path = visitor.new_study(small_study(rows=rows))
    told = visitor.get(f"{path}/refractory").text

    assert "must be put right first" in told
