import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from avidity.stats.batched.elimination import eliminate
from avidity.stats.selection import akaike, at_level, backward


class Estimates:
    def __init__(self, coef, covariance):
        self.names = tuple(f"x{place}" for place in range(len(coef)))
        self.coef, self.covariance = coef, covariance


GROUPS = ((1,), (2, 3), (4,), (5,))


@given(st.integers(0, 9999), st.booleans(), st.sampled_from((None, 0.05, 0.3)))
@settings(max_examples=30, deadline=None)
def test_who_stays_is_as_in_one_model_at_a_time(seed, pooled, alpha):
    chance = np.random.default_rng(seed)
    size = 7
    half = chance.normal(size=(size, 9, 6))
    covariance = np.linalg.inv(half.transpose(0, 2, 1) @ half)
    coef = chance.normal(0, 0.8, (6, size))
    inside = np.ones((4, size), dtype=bool)
    stays = eliminate(coef, covariance.transpose(1, 2, 0), GROUPS, inside, alpha, pooled=pooled)

    for place in range(size):
        variables = {str(at): [f"x{c}" for c in group] for at, group in enumerate(GROUPS)}
        worth = akaike if alpha is None else at_level(alpha)
        model = Estimates(coef[:, place], covariance[place])
        kept = backward(model, variables, worth, pooled=pooled).kept
        assert [str(at) in kept for at in range(4)] == stays[:, place].tolist()


def test_the_published_elimination_comes_out(birthwt):
    # R rms 6.5-0, fastbw by AIC: drops age, then ptl; keeps lwt, race, smoke, ht, ui (K61)
    *_, fitted = birthwt
    groups = ((1,), (2,), (3, 4), (5,), (6,), (7,), (8,))
    stays = eliminate(
        fitted.coef[:, np.newaxis],
        fitted.covariance[:, :, np.newaxis],
        groups,
        np.ones((7, 1), dtype=bool),
    )

    assert [False, True, True, True, False, True, True] == stays[:, 0].tolist()


def test_those_that_are_not_inside_play_no_part():
    coef, covariance = np.array([[0.0], [0.1], [9.0]]), np.eye(3)[:, :, np.newaxis]
    inside = np.array([[False], [True]])

    assert [[False], [True]] == eliminate(coef, covariance, ((1,), (2,)), inside).tolist()
