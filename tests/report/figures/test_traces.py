"""The picture of the chains."""

from __future__ import annotations

import pytest

from avidity.report.figures import traces as module
from avidity.report.figures.inputs_missing import ChainCourse, VariableTraces
from avidity.report.figures.traces import traces


def course(what="mean", iterations=10, chains=20, scale=1.0, note="R-hat 1.02"):
    lines = tuple(
        tuple(scale * ((7 * at * at + 3 * chain) % 11 - 5) for at in range(iterations))
        for chain in range(chains)
    )
    return ChainCourse(what, lines, note)


@pytest.mark.parametrize("variables", [1, 2, 7])
@pytest.mark.parametrize("scale", [1e-4, 1.0, 123.4])
def test_no_words_collide_and_none_leave_the_sheet(words_of, check_words, variables, scale):
    plan = tuple(
        VariableTraces(
            f"Thyroglobulin six months after ablation, after withdrawal, ng/mL, {at}",
            course("natural logarithm: mean", scale=scale),
            course("SD", scale=scale) if at % 2 else None,
        )
        for at in range(variables)
    )
    sheet, words = words_of(module, traces, plan)

    check_words(sheet, words)


def test_names_and_numbers_are_printed():
    svg = traces((VariableTraces("Age", course(), course("SD", note="")),)).svg

    for words in (b"Age", b"mean, R-hat 1.02", b"SD", b"each of 20 imputed sets"):
        assert words in svg


def test_a_chain_that_never_moves_or_has_one_iteration_is_drawn():
    still = ChainCourse("mean", ((2.0, 2.0, 2.0),))
    single = ChainCourse("SD", ((0.5,), (0.7,)))

    assert traces((VariableTraces("Age", still, single),)).svg


def test_a_picture_of_nothing_is_refused():
    with pytest.raises(ValueError, match="no variable"):
        traces(())
