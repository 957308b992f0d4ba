"""Small studies made of a table and a study file."""

from __future__ import annotations

import pytest

from avidity.steps.check import check
from avidity.steps.label import label
from avidity.steps.read import read
from avidity.study import read_study

HEAD = """
[study]
title = "A small study"
[outcome]
column = "rair"
yes = "yes"
no = "no"
"""


@pytest.fixture
def labelled(tmp_path):
    """A table (list of rows, header first) and lines of study.toml, labelled."""

    def made(rows, settings="", head=HEAD):
        text = "\n".join(",".join(str(cell) for cell in row) for row in rows) + "\n"
        (tmp_path / "patients.csv").write_text(text, "utf-8")
        (tmp_path / "study.toml").write_text(head + settings, "utf-8")
        study = read_study(tmp_path)
        return label(check(read(study), study), study)

    return made
