"""Mangled files get a clear sentence and an exit code, never a traceback, never half a report."""

from __future__ import annotations

import csv
import random
import shutil
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from avidity.cli.main import main

EXAMPLE = Path(__file__).resolve().parent.parent / "examples" / "bellakhdar-2024"
DOCUMENTED = {0, 11, 12, 13, 14, 15, 16}
TABLES = sorted(path.stem for path in EXAMPLE.glob("*.csv"))
JSON_ONLY = '\n[report]\nformats = ["json"]\n'  # the other writers are not what is tested here


def study_file(text):
    return text + JSON_ONLY


@pytest.fixture(scope="module")
def as_csv(tmp_path_factory):
    folder = tmp_path_factory.mktemp("csv") / "twin"
    shutil.copytree(EXAMPLE, folder, ignore=shutil.ignore_patterns("*.py", "__pycache__", "*.md"))
    toml = folder / "study.toml"
    toml.write_text(study_file(toml.read_text("utf-8")), "utf-8")
    return folder


@pytest.fixture(scope="module")
def as_workbook(as_csv, tmp_path_factory):
    folder = tmp_path_factory.mktemp("xlsx") / "twin"
    folder.mkdir()
    book = openpyxl.Workbook()
    book.remove(book.active)
    for table in TABLES:
        sheet = book.create_sheet(table)
        with (as_csv / f"{table}.csv").open(encoding="utf-8", newline="") as file:
            for row in csv.reader(file):
                sheet.append(row)
    book.save(folder / "records.xlsx")
    text = (as_csv / "study.toml").read_text("utf-8")
    head, rest = text.split("[tables]")
    _, columns = rest.split("[columns]")
    (folder / "study.toml").write_text(f"{head}[columns]{columns}", "utf-8")
    shutil.copy(as_csv / "published.toml", folder)
    return folder


@pytest.fixture
def mangled(tmp_path):
    def copy(folder):
        target = tmp_path / "study"
        shutil.rmtree(target, ignore_errors=True)
        shutil.copytree(folder, target)
        return target

    return copy


def outcome_of(folder, command="study"):
    out = folder.parent / "report"
    shutil.rmtree(out, ignore_errors=True)
    words = [command, str(folder)] + (["--out", str(out)] if command == "study" else [])
    told = CliRunner().invoke(main, words)
    if told.exception and not isinstance(told.exception, SystemExit):
        raise told.exception
    assert told.exit_code in DOCUMENTED, told.output
    assert "Traceback" not in told.output
    if told.exit_code:
        assert told.stderr.startswith("avidity: ") or command == "check"
        assert not out.exists()
    elif command == "study":
        assert ["results.json"] == [path.name for path in out.iterdir()]
    return told


def edit(folder, table, change):
    path = folder / f"{table}.csv"
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    change(rows)
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)


def test_the_workbook_gives_the_same_study_as_the_text_files(as_csv, as_workbook, mangled):
    first = outcome_of(mangled(as_csv))
    second = outcome_of(mangled(as_workbook))

    assert (0, 0) == (first.exit_code, second.exit_code)
    assert "84 of 90 printed figures are the same" in second.output


def wrong_types(rows):
    for row in rows[1:20]:
        row[2] = "many"


def impossible_dates(rows):
    at = next(i for i, name in enumerate(rows[0]) if "date" in name)
    for row, date in zip(
        rows[1:], ["2023-02-30", "31/31/2020", "0000-00-00", "99999999", "1e400"], strict=False
    ):
        row[at] = date


def endless_cells(rows):
    for row in rows[1:5]:
        for at in range(1, len(row)):
            row[at] = "x" * 100_000


def formulas(rows):
    for row in rows[1:10]:
        row[1] = '=HYPERLINK("http://example.org")'


def nothing_below_the_header(rows):
    del rows[1:]


def no_header(rows):
    del rows[0]


def everything_twice(rows):
    rows += rows[1:]


def strange_numbers(rows):
    for row, value in zip(
        rows[1:], ["inf", "-inf", "nan", "1e309", "٣", "1_000", "0x10", "１２"], strict=False
    ):
        row[2] = value


def columns_of_another_length(rows):
    rows[3].append("one more")
    del rows[4][2:]


def same_header_twice(rows):
    rows[0][2] = rows[0][1]


def null_bytes(rows):
    rows[2][1] = "a\x00b"


MANGLES = [
    wrong_types,
    impossible_dates,
    endless_cells,
    formulas,
    nothing_below_the_header,
    no_header,
    everything_twice,
    strange_numbers,
    columns_of_another_length,
    same_header_twice,
    null_bytes,
]


@pytest.mark.parametrize("mangle", MANGLES, ids=lambda mangle: mangle.__name__)
@pytest.mark.parametrize("table", ["patients", "scans", "follow_up"])
def test_a_mangled_table_is_told(as_csv, mangled, table, mangle):
    folder = mangled(as_csv)

    def change(rows):
        try:
            mangle(rows)
        except StopIteration:
            pytest.skip("the table has no such column")

    edit(folder, table, change)

    outcome_of(folder)
    outcome_of(folder, "check")


@pytest.mark.parametrize("table", TABLES)
def test_a_missing_table_is_told(as_csv, mangled, table):
    folder = mangled(as_csv)
    (folder / f"{table}.csv").unlink()

    assert 12 == outcome_of(folder).exit_code


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\n\n\n",
        b"\x00" * 1000,
        b"\xff\xfe",
        b"PK\x03\x04broken",
        b"\x89PNG\r\n\x1a\n",
        b'"open quote\n',
    ],
)
def test_a_file_that_is_no_table_is_told(as_csv, mangled, content):
    folder = mangled(as_csv)
    (folder / "patients.csv").write_bytes(content)

    assert 0 != outcome_of(folder).exit_code


@pytest.mark.parametrize("share", [0.0, 0.01, 0.5, 0.9, 0.999])
def test_a_truncated_workbook_is_told(as_workbook, mangled, share):
    folder = mangled(as_workbook)
    raw = (folder / "records.xlsx").read_bytes()
    (folder / "records.xlsx").write_bytes(raw[: int(share * len(raw))])

    assert 12 == outcome_of(folder).exit_code


@pytest.mark.parametrize("sheet", ["patients", "scans"])
def test_a_missing_sheet_is_no_crash(as_workbook, mangled, sheet):
    folder = mangled(as_workbook)
    book = openpyxl.load_workbook(folder / "records.xlsx")
    del book[sheet]
    book.save(folder / "records.xlsx")

    told = outcome_of(folder)

    if sheet == "patients":
        assert 12 == told.exit_code


def test_live_formulas_in_a_workbook_are_no_crash(as_workbook, mangled):
    folder = mangled(as_workbook)
    book = openpyxl.load_workbook(folder / "records.xlsx")
    for row in range(2, 12):
        book["patients"].cell(row, 3).value = "=1/0"
    book.save(folder / "records.xlsx")

    assert 0 != outcome_of(folder).exit_code


@given(seed=st.integers(0, 10**9), table=st.sampled_from(TABLES))
@settings(
    max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_bytes_changed_at_random_are_no_crash(as_csv, mangled, seed, table):
    folder, chance = mangled(as_csv), random.Random(seed)
    raw = bytearray((folder / f"{table}.csv").read_bytes())
    for _ in range(chance.randint(1, 30)):
        at = chance.randrange(len(raw))
        raw[at : at + chance.randint(0, 3)] = bytes(
            chance.choices(range(256), k=chance.randint(0, 4))
        )
    (folder / f"{table}.csv").write_bytes(bytes(raw))

    outcome_of(folder, chance.choice(["study", "check"]))


@given(seed=st.integers(0, 10**9))
@settings(
    max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_a_workbook_with_changed_bytes_is_no_crash(as_workbook, mangled, seed):
    folder, chance = mangled(as_workbook), random.Random(seed)
    raw = bytearray((folder / "records.xlsx").read_bytes())
    for _ in range(chance.randint(1, 20)):
        raw[chance.randrange(len(raw))] = chance.randrange(256)
    (folder / "records.xlsx").write_bytes(bytes(raw))

    outcome_of(folder)


@given(seed=st.integers(0, 10**9))
@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_a_study_file_with_changed_words_is_no_crash(as_csv, mangled, seed):
    folder, chance = mangled(as_csv), random.Random(seed)
    lines = (folder / "study.toml").read_text("utf-8").splitlines()
    for _ in range(chance.randint(1, 4)):
        at = chance.randrange(len(lines))
        lines[at] = chance.choice(
            [
                "",
                lines[at] + "x",
                lines[at].replace('"', ""),
                lines[chance.randrange(len(lines))],
                "=",
                "[x]",
            ]
        )
    (folder / "study.toml").write_text("\n".join(lines), "utf-8")

    outcome_of(folder)
