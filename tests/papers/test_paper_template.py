"""The paper file a person starts from: whole, explained and valid."""

from __future__ import annotations

import json
import tomllib

import pytest
from click.testing import CliRunner

from avidity.cli.main import main
from avidity.papers.paper_file import checked, read_paper
from avidity.papers.paper_template import WIDTH, explanation, template
from avidity.papers.paper_template_pieces import SECTIONS


def run(*words):
    return CliRunner().invoke(main, ["paper", "init", *map(str, words)], catch_exceptions=False)


def test_the_template_is_valid_as_it_stands():
    paper, faults = checked(tomllib.loads(template()))

    assert ([], ["refractory", "other"]) == (faults, [group.name for group in paper.groups])


def test_every_example_in_it_is_valid_once_the_sign_is_taken_away():
    stretches = template().split("\n\n")
    used = [
        "\n".join(line.removeprefix("# ") for line in stretch.splitlines())
        if stretch.startswith("# [")
        else stretch
        for stretch in stretches
    ]

    paper, faults = checked(tomllib.loads("\n\n".join(used)))

    assert [] == faults
    assert (6, 2, 1, 1, 1, 1) == tuple(
        len(parts)
        for parts in (
            *(paper.variables, paper.rows, paper.crosses),
            *(paper.rocs, paper.models, paper.statements),
        )
    )


def test_every_key_stands_in_it_with_its_explanation():
    text = template()
    shown = {}
    for section in SECTIONS:
        for piece in section.pieces:
            keys = {key.removeprefix("# ").split(".")[0] for key in piece.keys}
            shown.setdefault(piece.part, set()).update(keys)

    for part, keys in shown.items():
        wanted = {field.alias or name for name, field in part.model_fields.items()}
        nested = {"left", "term"} & wanted
        assert wanted - nested == keys
        for key in keys:
            assert f"# {explanation(part, key)}\n" in text
    assert max(len(line) for line in text.splitlines()) <= WIDTH


def test_it_is_written_where_it_was_asked_for_and_read(tmp_path):
    told = run(tmp_path / "new" / "one", "--json")
    other = run(tmp_path / "two.toml")

    file = tmp_path / "new" / "one" / "paper.toml"
    assert [str(file)] == json.loads(told.stdout)["written"]
    assert "Title of the paper" == read_paper(file.parent).about.title
    assert f"wrote {tmp_path / 'two.toml'}" in other.output
    assert (tmp_path / "two.toml").read_bytes() == file.read_bytes()


@pytest.mark.parametrize("asked", ["there", "there/paper.toml"])
def test_a_file_that_is_there_is_left_as_it_is(tmp_path, asked):
    file = tmp_path / "there" / "paper.toml"
    file.parent.mkdir()
    file.write_text("mine")

    told = run(tmp_path / asked)

    assert (16, "mine") == (told.exit_code, file.read_text())
    assert "is there already and is left as it is" in told.output
