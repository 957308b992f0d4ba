"""A printed figure and ours: compared as a reader compares, never assumed."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from avidity.errors import StudyFileError
from avidity.papers.printed import PublishedFile, compare, look_up, read_published


@dataclass(frozen=True)
class Group:
    mean: float
    name: str = "rows"


RESULTS = {"table1": {"age": Group(53.0625)}, "flow": (Group(300), Group(90)), "p": 0.000012}


def verdict(printed, ours, **more):
    figure = {"where": "Table 1", "item": "x", "printed": printed, "ours": ours, **more}
    file = PublishedFile.model_validate({"paper": {"citation": "A paper."}, "figure": [figure]})
    return compare(file, RESULTS).lines[0]


def test_ours_is_rounded_to_the_printed_decimals():
    line = verdict("53.06", "table1.age.mean")

    assert ("same", "53.06", "") == (line.verdict, line.ours, line.because)
    assert 53.0625 == line.value


def test_half_up_and_half_even_are_both_printed_somewhere():
    assert "same" == verdict("53.063", "table1.age.mean").verdict
    assert "same" == verdict("53.062", "table1.age.mean").verdict


def test_another_digit_differs_and_says_by_how_much():
    line = verdict("53.07", "table1.age.mean")

    assert "differs" == line.verdict
    assert "ours is 53.0625 (−0.0075)" == line.because


def test_a_note_of_the_paper_is_told_with_the_difference_only():
    assert (
        "; the text says 53" in verdict("53.07", "table1.age.mean", note="the text says 53").because
    )
    assert "" == verdict("53.06", "table1.age.mean", note="the text says 53").because


def test_zero_printed_for_a_tiny_p_is_the_same_figure():
    assert "same" == verdict("0.000", "p").verdict
    assert "same" == verdict("<0.001", "p").verdict


def test_a_percentage_is_scaled():
    assert "same" == verdict("5306.3%", "table1.age.mean", scale=100).verdict


def test_words_are_compared_as_words():
    assert "same" == verdict("Rows", "table1.age.name").verdict
    assert "differs" == verdict("cols", "table1.age.name").verdict


def test_a_figure_without_a_counterpart_is_not_computed():
    assert "not computed" == verdict("57", "").verdict


def test_a_path_that_leads_nowhere_differs():
    line = verdict("57", "table1.sex.mean")

    assert ("differs", "–") == (line.verdict, line.ours)
    assert "no such figure" in line.because


@pytest.mark.parametrize(
    ("path", "found"), [("flow.1.mean", 90), ("flow.7.mean", None), ("x", None)]
)
def test_paths_go_through_attributes_keys_and_places(path, found):
    assert found == look_up(RESULTS, path)


def test_what_is_no_number_is_told_with_its_place(tmp_path):
    path = tmp_path / "published.toml"
    path.write_text(
        '[paper]\ncitation="c"\n'
        '[[figure]]\nwhere="Table 1"\nitem="age"\nprinted="fifty"\nours="p"\n'
    )

    with pytest.raises(StudyFileError, match="Table 1, age: printed must be a number"):
        compare(read_published(path), RESULTS)


def test_an_empty_file_is_told(tmp_path):
    path = tmp_path / "published.toml"
    path.write_text("")

    with pytest.raises(StudyFileError, match="paper"):
        read_published(path)
