"""Coefficients by name: all that a score, a nomogram or a calculator needs of a model."""

from __future__ import annotations

from typing import Protocol

from avidity.stats.newton import Floats


class Equation(Protocol):
    """A model as it is applied: fitted by whatever method, shrunken or not.

    A LogisticFit, a FirthFit or a PenalisedFit will do.
    """

    @property
    def names(self) -> tuple[str, ...]:
        """The columns, the intercept first."""

    @property
    def coef(self) -> Floats:
        """Shape (p,), log-odds."""
