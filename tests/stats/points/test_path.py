from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from avidity.errors import AnalysisError
from avidity.stats.logistic import fit
from avidity.stats.points.path import score_path


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 10**6))
def test_weights_are_patients(rows_by_seed, seed):
    rows = rows_by_seed(seed)
    times = np.random.default_rng(seed).integers(0, 3, 80)
    times[:3] = 1
    repeated = replace(
        rows,
        X=np.repeat(rows.X, times, axis=0),
        y=np.repeat(rows.y, times),
        items=tuple(replace(i, place=np.repeat(i.place, times)) for i in rows.items),
    )

    weighted, again = score_path(rows, times), score_path(repeated)

    assert again.score.items == weighted.score.items
    assert again.score.unit == pytest.approx(weighted.score.unit, rel=1e-9)
    assert again.risk == pytest.approx(np.repeat(weighted.risk, times), abs=1e-9)
    assert again.equation_risk == pytest.approx(np.repeat(weighted.equation_risk, times), abs=1e-9)


def test_a_score_of_birthwt(birthwt_rows, birthwt):
    X, _, _, fitted = birthwt
    got = score_path(birthwt_rows)

    points = {item.name: item.points for item in got.score.items}
    assert points == {
        "age": (1, 1, 0),
        "lwt": (3, 3, 2, 0),
        "race": (0, 3, 2),
        "smoke": (0, 2),
        "ptl": (0, 2),
        "ht": (0, 4),
        "ui": (0, 2),
    }
    assert got.equation_risk == pytest.approx(fitted.risk(X), abs=1e-12)
    assert (0, 17) == (got.score.lowest, got.score.highest)


def test_separation_takes_firth_with_the_intercept_put_right(rows_by_seed):
    rows = rows_by_seed(9)
    y = rows.y.copy()
    y[rows.X[:, 5] == 1] = 1
    path = score_path(replace(rows, y=y))

    assert "FLIC" in path.model.method
    assert np.isfinite(path.risk).all()
    with pytest.raises(AnalysisError):
        fit(rows.X, y, rows.names)


def test_a_resample_without_a_finding_has_no_score(rows_by_seed):
    rows = rows_by_seed(1)
    with pytest.raises(AnalysisError, match="two"):
        score_path(rows, (rows.X[:, 5] == 0).astype(float))
