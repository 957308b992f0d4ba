import numpy as np
import pytest

from avidity.errors import AnalysisError
from avidity.stats.firth import fit_firth
from avidity.stats.selection import akaike, at_level, backward

VARIABLES = {
    "age": ("age",),
    "lwt": ("lwt",),
    "race": ("race = 2", "race = 3"),
    "smoke": ("smoke",),
    "ptl": ("ptl",),
    "ht": ("ht",),
    "ui": ("ui",),
}


def test_elimination_by_aic_goes_as_rms_goes(birthwt):
    # K61. R 4.2.2, rms 6.5-0: fastbw(fit, rule = "aic") drops age (0.55), then ptl (2.15)
    chosen = backward(birthwt[3], VARIABLES)

    assert chosen.kept == ("lwt", "race", "smoke", "ht", "ui")
    assert [f"{r.variable} {r.chi2:.2f}" for r in chosen.removed] == ["age 0.55", "ptl 2.15"]
    assert [r.residual_df for r in chosen.removed] == [1, 2]
    assert chosen.removed[1].residual_chi2 == pytest.approx(sum(r.chi2 for r in chosen.removed))
    assert "Akaike" in chosen.method


def test_stopping_by_the_next_variable_alone_keeps_more(birthwt):
    # 2.15 is more than two for its single degree of freedom
    chosen = backward(birthwt[3], VARIABLES, akaike, pooled=False)

    assert [r.variable for r in chosen.removed] == ["age"]
    assert "ptl" in chosen.kept


def test_elimination_by_p_value_stops_below_alpha(birthwt):
    chosen = backward(birthwt[3], VARIABLES, at_level(0.05), pooled=False)

    assert [r.variable for r in chosen.removed] == ["age", "ptl"]
    assert all(r.p_value > 0.05 for r in chosen.removed)
    assert "a p value" in chosen.method


def test_everything_can_go(birthwt):
    chosen = backward(birthwt[3], VARIABLES, at_level(1e-12))

    assert chosen.kept == ()
    assert len(chosen.removed) == 7
    assert chosen.removed[-1].residual_df == 8


def test_the_steps_are_those_of_conditional_normal_algebra(birthwt):
    # the slow way: condition the estimates on the removed ones being zero, one after the other
    fitted = birthwt[3]
    names, coef, spread = list(fitted.names), fitted.coef.copy(), fitted.covariance.copy()
    for removal in backward(fitted, VARIABLES).removed:
        i = names.index(removal.variable)
        assert coef[i] ** 2 / spread[i, i] == pytest.approx(removal.chi2, rel=1e-9)
        coef = coef - spread[:, i] * coef[i] / spread[i, i]
        spread = spread - np.outer(spread[:, i], spread[i]) / spread[i, i]


def test_a_firth_fit_can_be_thinned_too(endometrial):
    fitted = fit_firth(*endometrial)
    chosen = backward(fitted, {name: (name,) for name in fitted.names[1:]}, pooled=False)

    assert "EH" in chosen.kept
    assert [r.variable for r in chosen.removed] == ["PI"]


def test_an_unknown_column_is_named(birthwt):
    with pytest.raises(AnalysisError, match="no column height"):
        backward(birthwt[3], {"height": ("height",)})
