"""A person drops files and has a study; what is no study is refused with a sentence."""

from __future__ import annotations

import io
import random
import sqlite3
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from avidity.web import new_study
from avidity.web.app import create_app
from avidity.web.security.forms import HEAVY_AT_ONCE
from made_uploads import ROWS, STUDY, example_zip, small_study, zipped
from made_workbench import HOST, TOKEN, Visitor, make_bench

NOISE = random.Random(1).randbytes(1_200_000).hex()  # more than a light request, also packed
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def workbook(rows=ROWS):
    import xlsxwriter

    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    sheet = book.add_worksheet("patients")
    for at, row in enumerate(rows):
        sheet.write_row(at, 0, row.split(","))
    book.close()
    return out.getvalue()


def test_the_first_page_asks_for_files(visitor):
    told = visitor.get("/").text

    assert "New study" in told
    assert "Open the example" in told


def test_a_zipped_study_becomes_a_study(visitor):
    path = visitor.new_study(small_study(home="my study/"), title="Mine")
    told = visitor.get(f"{path}/data").text

    assert "Mine" in told
    assert "<strong>40</strong> patients" in told
    assert "Mine" in visitor.get("/").text


def test_a_workbook_gets_a_study_file(visitor):
    answer = visitor.send_form(
        "/studies", title="From Excel", files={"files": ("x.bin", workbook())}
    )

    assert answer.url.path.endswith("/data")
    assert "records.xlsx" in answer.text
    assert "<strong>40</strong> patients" in answer.text


def test_a_table_as_text_is_the_patients(visitor):
    csv = "\n".join(ROWS).encode()
    answer = visitor.send_form("/studies", files={"files": ("Ma base (2).csv", csv)})

    assert "patients.csv" in answer.text
    assert "<strong>40</strong> patients" in answer.text


def test_several_tables_are_known_by_their_names(visitor):
    files = [
        ("files", ("patients.csv", "\n".join(ROWS).encode())),
        ("files", ("labs.csv", b"patient_id,date,tg (ng/mL)\nP1,2020-01-01,2\n")),
    ]
    answer = visitor.send_form("/studies", files=files)

    assert "labs.csv" in answer.text


def test_the_example_opens(visitor):
    answer = visitor.send_form("/example")

    assert "<strong>300</strong> patients" in answer.text


def test_the_zipped_example_is_read_as_the_folder_is(visitor):
    path = visitor.new_study(example_zip())

    assert "<strong>300</strong> patients" in visitor.get(f"{path}/data").text


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.zip", zipped({"notes.md": "x"}), "must be a zipped study folder"),
        ("a.xlsx", b"PK\x03\x04 broken", "must be a sound archive"),
        ("a.pdf", b"%PDF-1.7\0\0\0\x01", "it is something else"),
        ("a.csv", b"  \n ", "it is empty"),
    ],
)
def test_what_is_no_study_is_refused_and_what_was_typed_stays(visitor, name, content, said):
    answer = visitor.send_form("/studies", title="My title", files={"files": (name, content)})

    assert 422 == answer.status_code
    assert said in answer.text
    assert 'value="My title"' in answer.text


def test_no_file_at_all_is_refused(visitor):
    answer = visitor.send_form("/studies", title="My title")

    assert 422 == answer.status_code
    assert "choose a file first" in answer.text


def test_a_study_file_with_faults_is_shown_with_them(visitor):
    path = visitor.new_study(small_study(study=STUDY + "nonsense = 1\n"))

    for page in ("data", "problems", "run", "results"):
        answer = visitor.get(f"{path}/{page}")
        assert 200 == answer.status_code
        assert "nonsense" in answer.text or page == "results"


def test_a_removed_study_is_gone(visitor):
    path = visitor.new_study(small_study(), title="To go")
    answer = visitor.send_form(f"{path}/remove", page=f"{path}/data")

    assert "was taken off the list" in answer.text
    assert "To go" not in answer.text
    assert 404 == visitor.get(f"{path}/data").status_code


def test_a_busy_store_is_one_sentence_and_nothing_is_lost(tmp_path, monkeypatch):
    monkeypatch.setattr("avidity.web.store.open.PATIENCE", 0.1)
    bench = make_bench(tmp_path)
    visitor = Visitor(create_app(bench), base_url=f"http://{HOST}")
    visitor.get("/enter", params={"token": TOKEN})
    page = visitor.get("/").text
    other = sqlite3.connect(tmp_path / "avidity.sqlite", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    told = visitor.send_form("/example")
    other.execute("ROLLBACK")
    other.close()
    again = visitor.send_form("/example")
    bench.store.close()

    assert 503 == told.status_code
    assert "The store is busy" in told.text
    assert "sqlite" not in told.text.lower()
    assert page
    assert 200 == again.status_code


def test_many_large_files_are_taken_a_few_at_a_time(visitor, monkeypatch):
    at_once, most, lock = 0, 0, threading.Lock()
    plain = new_study.study_files

    def counted(files, title):
        nonlocal at_once, most
        with lock:
            at_once += 1
            most = max(most, at_once)
        time.sleep(0.1)
        with lock:
            at_once -= 1
        return plain(files, title)

    monkeypatch.setattr(new_study, "study_files", counted)
    large = zipped({"study.toml": STUDY, "patients.csv": "\n".join(ROWS), "notes.md": NOISE})
    with visitor, ThreadPoolExecutor(6) as people:
        made = list(people.map(lambda _: visitor.new_study(large), range(6)))

    assert 6 == len(set(made))
    assert 1 <= most <= HEAVY_AT_ONCE
