"""The declared model as points and as a nomogram: each number checked from the definition."""

from __future__ import annotations

from concurrent.futures import ProcessPoolExecutor
from itertools import pairwise
from multiprocessing import get_context

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import expit

from avidity.errors import AnalysisError
from avidity.steps.points import begin_points, finish_points, readable_quartiles, resamples_of
from avidity.steps.score import score
from avidity.steps.sound import fit_sound, shrink, sound_terms

ROWS = [("patient_id", "rair", "age_at_diagnosis", "diameter", "sex")] + [
    (
        f"P{at:03d}",
        "yes" if (at * at + at) % 5 < 2 else "no",
        30 + (at * 13) % 40,
        5 + (at * 17) % 50 + (9 if (at * at + at) % 5 < 2 else 0),
        "F" if at % 3 else "M",
    )
    for at in range(90)
]

TERMS = '[sound]\nterms = ["diameter", "age_at_diagnosis", "sex"]\nresamples = 40\n'
CURVED = TERMS + "knots = { diameter = 3 }\n"


def made(labelled, settings, *, resampled=True):
    study = labelled(ROWS, settings)
    model = fit_sound(sound_terms(study), study)
    drawn = shrink(model, study, 0.8)
    return (
        model,
        drawn,
        study,
        score(model, study, drawn, begin_points(model, study, resampled=resampled)),
    )


@pytest.mark.parametrize("settings", [TERMS, CURVED])
def test_the_worked_patient_is_the_equation_s(labelled, settings):
    model, drawn, _, found = made(labelled, settings)
    nomogram = found.nomogram
    by_name = {name: value for name, value, _ in nomogram.worked.values}
    diameter = float(by_name["Largest tumour diameter"].split()[0])
    age = float(by_name["Age at diagnosis"].split()[0])
    own = dict(zip(drawn.names, drawn.coefficients, strict=True))
    line = own["intercept"]
    if model.knots:
        t = np.array(model.knots["diameter"])
        cubed = np.maximum(diameter - t, 0) ** 3
        bent = cubed[0] - cubed[1] * (t[2] - t[0]) / (t[2] - t[1])
        bent = bent + cubed[2] * (t[1] - t[0]) / (t[2] - t[1])
        parts = [name for name in own if name.startswith("diameter")]
        line += own[parts[0]] * diameter + own[parts[1]] * bent / (t[2] - t[0]) ** 2
    else:
        line += own["diameter"] * diameter
    line += own["age_at_diagnosis"] * age
    line += sum(value for name, value in own.items() if name.startswith("sex"))

    assert expit(line) == pytest.approx(nomogram.worked.risk, abs=1e-9)
    total = sum(points for _, _, points in nomogram.worked.values)
    assert total == pytest.approx(nomogram.worked.total)
    assert expit(nomogram.base + total / nomogram.points_per_logit) == pytest.approx(
        nomogram.worked.risk
    )


def test_every_scale_begins_at_no_points_and_the_widest_has_a_hundred(labelled):
    *_, found = made(labelled, CURVED)
    points = [[mark.points for mark in scale.marks] for scale in found.nomogram.scales]
    ends = [
        [end for branch in scale.branches for end in branch[2:]] or [m.points for m in scale.marks]
        for scale in found.nomogram.scales
    ]

    assert [0] * 3 == pytest.approx([min(own) for own in ends], abs=1e-9)
    assert max(map(max, ends)) == pytest.approx(100)
    assert found.nomogram.highest == pytest.approx(sum(map(max, ends)))
    assert all(0 <= one <= 100 + 1e-9 for own in points for one in own)
    for risk, total in found.nomogram.risks:
        assert expit(found.nomogram.base + total / found.nomogram.points_per_logit) == (
            pytest.approx(risk)
        )


def test_points_hold_every_patient_and_their_risks_rise(labelled):
    model, _, _, found = made(labelled, TERMS)
    points = found.points

    assert model.n == sum(row.n for row in points.rows)
    assert model.events == sum(row.n_events for row in points.rows)
    risks = [row.risk for row in points.rows]
    assert risks == sorted(risks)
    assert points.loss.auc_equation == pytest.approx(model.auc)
    assert 40 == points.optimism.resamples
    assert points.optimism.auc.corrected < points.optimism.auc.apparent
    assert [row.apparent for row in points.optimism.rows] == list(points.rows)


def test_without_resamples_the_reason_is_told(labelled):
    *_, found = made(labelled, TERMS, resampled=False)

    assert found.points.optimism is None
    assert "no resampling was asked for" == found.points.why_none


def test_many_patients_are_resampled_less_often(labelled):
    study = labelled(ROWS, "[sound]\nresamples = 1000\n")

    assert [200, 200, 100, 20] == [resamples_of(n, study) for n in (90, 1000, 2000, 100_000)]
    assert 40 == resamples_of(90, labelled(ROWS, TERMS))


@given(st.lists(st.floats(-1e4, 1e4, allow_nan=False), min_size=2, max_size=80))
@settings(max_examples=200, deadline=None)
def test_every_part_between_the_limits_has_somebody(values):
    numbers = np.array(values)
    if np.ptp(numbers) <= 1e-6 * (1 + np.abs(numbers).max()):
        return
    try:
        limits = readable_quartiles(numbers)
    except AnalysisError:  # values at two places may leave no readable limit between
        return
    ends = pairwise([-np.inf, *limits, np.inf])
    parts = [((numbers >= low) & (numbers < high)).sum() for low, high in ends]

    assert all(parts)
    assert list(limits) == sorted(set(limits))


def test_a_second_process_resamples_the_same_points(labelled):
    study = labelled(ROWS, TERMS)
    model = fit_sound(sound_terms(study), study)
    here = finish_points(begin_points(model, study, resampled=True))
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as hand:
        there = finish_points(begin_points(model, study, resampled=True, hand=hand))

    assert here.optimism.auc == there.optimism.auc
    assert here.optimism.rows == there.optimism.rows
