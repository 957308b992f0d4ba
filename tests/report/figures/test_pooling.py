"""Forests of studies and funnels: nothing collides, whatever the numbers."""

import math

import pytest

from avidity.report.figures import funnel as funnel_module
from avidity.report.figures import pooled_forest as forest_module
from avidity.report.figures.funnel import funnel
from avidity.report.figures.inputs_pooling import Funnel, FunnelPoint, PoolForest, PoolRow
from avidity.report.figures.pooled_forest import pooled_forest


def study(label="Avonlea 2014", at=2.3, low=1.1, high=5.1, **more):
    return PoolRow("study", label, at, low, high, 0.2, "20.0%", "2.30 (1.10 to 5.10)", **more)


POOL = PoolRow("pool", "Random effects", 2.2, 1.3, 3.7, text="2.20 (1.30 to 3.70)")
NEW = PoolRow("prediction", "New study expected in", None, 0.01, 900.0, text="0.01 to 900")
OTHERS = PoolRow("published", "luo-2020", 2.28, 1.43, 3.64, text="2.28 (1.43 to 3.64)")
OWN = PoolRow("own", "Alone (32 of 90)", 1.4, 0.0, math.inf, text="1.40 (0 to ∞)")


@pytest.mark.parametrize(
    ("rows", "more"),
    [
        ((study(data="18/41 against 22/88"), study(), POOL, NEW), {"data_header": "Printed"}),
        ((study("A study with a very long name indeed and a year 2014"), POOL, OTHERS, OWN), {}),
        ((study(at=1e4, low=1e3, high=1e5), study(at=1e-4, low=1e-5, high=1e-3), POOL), {}),
        ((study(at=1.001, low=0.999, high=1.003), POOL), {}),
        ((PoolRow("heading", "ETE"), OTHERS, OWN), {"lower_means": "less", "higher_means": "more"}),
        (
            (study(at=0.81, low=0.72, high=0.88), study(at=0.69, low=0.62, high=0.76)),
            {"axis": "as it is", "nothing": 0.5},
        ),
        ((study(at=-0.2, low=-0.5, high=0.1),), {"axis": "as it is", "nothing": 0.0}),
    ],
)
def test_no_words_of_a_forest_collide(words_of, check_words, rows, more):
    sheet, words = words_of(
        forest_module, pooled_forest, PoolForest(rows, "Odds ratio", "OR (95% CI)", **more)
    )

    check_words(sheet, words)


def test_what_leaves_the_axis_is_held_at_its_edge_and_the_axis_holds_every_estimate():
    low, high = forest_module._limits(PoolForest((study(), NEW, OWN), "OR", "OR"))

    assert 0.017 < low < 0.02
    assert 50 < high < 60


def test_no_words_of_a_funnel_collide(words_of, check_words):
    points = tuple(FunnelPoint(str(at), 0.3 * at - 1, 0.1 + 0.1 * at) for at in range(6))
    plan = Funnel(
        points, 0.2, "Common effect, 1.22 (0.9 to 1.7)", 1.96, "Where 95% would lie by chance",
        "Odds ratio, log scale", ((-0.69, "0.5"), (0.0, "1"), (0.69, "2")), 0.0,
    )  # fmt: skip

    sheet, words = words_of(funnel_module, funnel, plan)

    check_words(sheet, words)
