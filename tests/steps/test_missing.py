"""Missing values: counted by outcome and pattern, imputed with the outcome, pooled by Rubin."""

from __future__ import annotations

import numpy as np
import pytest

from avidity.steps.missing import fill
from avidity.steps.sound import fit_sound, shrink, sound_terms

CHANCE = np.random.default_rng(3)
HEAD = ("patient_id", "rair", "diameter", "multifocal", "histology")


def rows(gaps=0.2, n=150):
    made = [HEAD]
    for at in range(n):
        size = int(CHANCE.integers(3, 70))
        ill = CHANCE.random() < 1 / (1 + np.exp(-(size - 40) / 15))
        many = CHANCE.random() < 0.4
        kind = ("PTC", "FTC", "OCA")[int(CHANCE.integers(3))]
        lost = CHANCE.random(3) < gaps
        made.append(
            (
                f"P{at:03d}",
                "yes" if ill else "no",
                "" if lost[0] else size,
                "" if lost[1] else ("yes" if many else "no"),
                "" if lost[2] else kind,
            )
        )
    return made


SETTINGS = (
    '[sound]\nterms = ["diameter", "multifocal", "histology"]\nimputations = 5\niterations = 3\n'
)
ROWS = rows()


def filled(study):
    terms = sound_terms(study)
    model = fit_sound(terms, study)
    return model, fill(terms, study, model)


def test_every_gap_is_counted_and_the_patterns_add_up(labelled):
    study = labelled(ROWS, SETTINGS)
    _, found = filled(study)

    counted = found.missingness
    assert counted.n == sum(pattern.n for pattern in counted.patterns) == 150
    for at, name in enumerate(("diameter", "multifocal", "histology")):
        assert study.patients[name].null_count() == counted.variables[at].missing


def test_all_patients_are_in_the_pooled_model_and_complete_cases_stand_beside(labelled):
    model, found = filled(labelled(ROWS, SETTINGS))

    assert (150, model.n) == (found.imputed.n, found.imputed.complete)
    assert model.n < 150
    assert model.n + sum(model.left.values()) == 150
    assert {"diameter", "multifocal"} <= {one.term for one in found.imputed.effects}
    for one in found.imputed.effects:
        assert one.interval.low < one.odds_ratio < one.interval.high
        assert 0 <= one.fmi <= 1
        assert one.complete_case is not None


def test_the_seed_repeats_the_imputation(labelled):
    first, again = (filled(labelled(ROWS, SETTINGS))[1] for _ in range(2))

    assert [e.odds_ratio for e in first.imputed.effects] == [
        e.odds_ratio for e in again.imputed.effects
    ]


def test_nothing_is_imputed_where_nothing_is_missing_or_wanted(labelled):
    _, whole = filled(labelled(rows(gaps=0.0), SETTINGS))
    _, plain = filled(labelled(ROWS, SETTINGS.replace("imputations = 5", "imputations = 0")))

    assert "nothing is missing" == whole.why_none
    assert "complete cases only" in plain.why_none
    assert whole.imputed is None
    assert plain.imputed is None


def test_shrunken_risks_keep_their_mean(labelled):
    study = labelled(rows(gaps=0.0), SETTINGS)
    model = fit_sound(sound_terms(study), study)

    found = shrink(model, study, 0.8)

    assert 0.8 == found.factor
    assert found.coefficients[1] == pytest.approx(0.8 * found.apparent[1])
    assert found.heuristic < 1


def test_without_resamples_the_heuristic_factor_is_used(labelled):
    study = labelled(rows(gaps=0.0), SETTINGS)
    model = fit_sound(sound_terms(study), study)

    found = shrink(model, study, None)

    assert found.bootstrap is None
    assert found.factor == pytest.approx(found.heuristic)
