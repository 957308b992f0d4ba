"""Whole files, or none."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from avidity.errors import WriteError
from avidity.report.files import make_folder, remove, write_bytes


def test_a_file_replaces_the_one_before_it_and_leaves_nothing_else(tmp_path):
    write_bytes(tmp_path / "report.html", b"old")

    write_bytes(tmp_path / "report.html", b"new")

    assert (tmp_path / "report.html").read_bytes() == b"new"
    assert [path.name for path in tmp_path.iterdir()] == ["report.html"]


def test_a_missing_folder_is_said(tmp_path):
    with pytest.raises(WriteError, match="its folder does not exist"):
        write_bytes(tmp_path / "nowhere" / "report.html", b"")


def test_a_folder_in_the_way_is_said_and_stays(tmp_path):
    (tmp_path / "report.html").mkdir()

    with pytest.raises(WriteError, match="a folder of that name is in the way"):
        write_bytes(tmp_path / "report.html", b"")
    assert [path.name for path in tmp_path.iterdir()] == ["report.html"]


@pytest.mark.parametrize(
    ("trouble", "words"),
    [
        (PermissionError(errno.EACCES, "denied"), "close the file where it is open"),
        (OSError(errno.ENOSPC, "full"), "the disk is full"),
        (OSError(errno.EIO, "Input/output error"), "Input/output error"),
    ],
)
def test_trouble_in_the_last_move_keeps_the_old_file_and_cleans_up(
    tmp_path, monkeypatch, trouble, words
):
    write_bytes(tmp_path / "report.html", b"old")

    def fail(*_):
        raise trouble

    monkeypatch.setattr(os, "replace", fail)
    with pytest.raises(WriteError, match=words):
        write_bytes(tmp_path / "report.html", b"new")
    assert (tmp_path / "report.html").read_bytes() == b"old"
    assert [path.name for path in tmp_path.iterdir()] == ["report.html"]


def test_folders_are_made_with_those_above_them(tmp_path):
    make_folder(tmp_path / "a" / "b")
    make_folder(tmp_path / "a" / "b")

    assert (tmp_path / "a" / "b").is_dir()


def test_a_file_where_the_folder_should_be_is_said(tmp_path):
    Path(tmp_path / "a").write_bytes(b"")

    with pytest.raises(WriteError, match="a file"):
        make_folder(tmp_path / "a" / "b")
    with pytest.raises(WriteError, match="a file of that name"):
        make_folder(tmp_path / "a")


def test_a_file_of_an_earlier_run_is_taken_away_and_none_is_no_trouble(tmp_path):
    (tmp_path / "risk-model.json").write_bytes(b"{}")

    remove(tmp_path / "risk-model.json")
    remove(tmp_path / "risk-model.json")

    assert [] == list(tmp_path.iterdir())


def test_what_cannot_be_taken_away_is_said(tmp_path):
    (tmp_path / "risk-model.json").mkdir()

    with pytest.raises(WriteError, match="is of an earlier run and cannot be removed"):
        remove(tmp_path / "risk-model.json")
