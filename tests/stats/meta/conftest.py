"""The thirteen trials of BCG against tuberculosis, as R's metafor and metadat hold them."""

import numpy as np
import pytest

from avidity.stats.meta.counts import log_odds_ratio, log_risk_ratio

# Colditz and others, JAMA 1994;271:698-702: cases and others, vaccinated; cases and others, not
BCG = np.array(
    [
        (4, 119, 11, 128),
        (6, 300, 29, 274),
        (3, 228, 11, 209),
        (62, 13536, 248, 12619),
        (33, 5036, 47, 5761),
        (180, 1361, 372, 1079),
        (8, 2537, 10, 619),
        (505, 87886, 499, 87892),
        (29, 7470, 45, 7232),
        (17, 1699, 65, 1600),
        (186, 50448, 141, 27197),
        (5, 2493, 3, 2338),
        (27, 16886, 29, 17825),
    ]
)


def effects_of(way):
    studies = [way(int(a), int(a + b), int(c), int(c + d)) for a, b, c, d in BCG]
    return (
        np.array([one.value for one in studies]),
        np.array([one.std_error for one in studies]),
    )


@pytest.fixture(scope="session")
def tables():
    """13 × 2 × 2: vaccinated or not × tuberculosis or not."""
    return BCG.reshape(-1, 2, 2)


@pytest.fixture(scope="session")
def odds():
    """Log odds ratios and their standard errors."""
    return effects_of(log_odds_ratio)


@pytest.fixture(scope="session")
def risks():
    """Log risk ratios and their standard errors."""
    return effects_of(log_risk_ratio)
