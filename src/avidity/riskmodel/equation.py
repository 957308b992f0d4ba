"""The numbers of a model: coefficients as fitted, shrunken where it was done, and covariance."""

from __future__ import annotations

from typing import Literal

import numpy as np
from pydantic import Field, model_validator

from avidity.riskmodel.frozen import Frozen, Row
from avidity.stats.newton import Floats, locked

INTERCEPT = "intercept"
ROUNDING = 1e-9  # of a covariance, against its largest entry


class Equation(Frozen):
    """Log-odds coefficients by column; the link is the logit.

    columns     the intercept first, then those of the terms
    apparent    as fitted
    shrunken    drawn in, the intercept found anew; None where nobody did
    predicts    which of the two predicts
    covariance  of the apparent coefficients, in the order of columns; None where not known
    estimator   "maximum likelihood", "Firth penalised likelihood, ..."
    shrinkage   the factor of the slopes, and how it was found
    """

    link: Literal["logit"] = "logit"
    columns: tuple[str, ...] = Field(min_length=1)
    apparent: Row
    shrunken: Row | None = None
    predicts: Literal["apparent", "shrunken"] = "apparent"
    covariance: tuple[Row, ...] | None = None
    estimator: str = Field(min_length=1)
    factor: float | None = None
    shrinkage: str = ""

    @model_validator(mode="after")
    def _shapes_fit(self) -> Equation:
        width = len(self.columns)
        if self.columns[0] != INTERCEPT:
            raise ValueError(f"the first column must be '{INTERCEPT}'")
        if len(set(self.columns)) < width:
            raise ValueError("a column must stand once")
        for kind, row in (("apparent", self.apparent), ("shrunken", self.shrunken)):
            if row is not None and len(row) != width:
                raise ValueError(f"{kind} must hold {width} numbers, one for each column")
        if self.predicts == "shrunken" and self.shrunken is None:
            raise ValueError("shrunken coefficients must be there to predict")
        if self.covariance is not None:
            self._is_covariance(width)
        return self

    def _is_covariance(self, width: int) -> None:
        if len(self.covariance or ()) != width or any(
            len(row) != width for row in self.covariance or ()
        ):
            raise ValueError(f"the covariance must have {width} rows of {width} numbers")
        matrix = np.array(self.covariance)
        room = ROUNDING * float(np.abs(matrix).max())
        if np.abs(matrix - matrix.T).max() > room:
            raise ValueError("a covariance is symmetric")
        if np.linalg.eigvalsh(matrix).min() < -room:
            raise ValueError("a covariance has no negative eigenvalue; this one has")

    @property
    def names(self) -> tuple[str, ...]:
        """The columns: with `coef`, what `avidity.stats.equation.Equation` asks for."""
        return self.columns

    @property
    def coef(self) -> Floats:
        """Shape (p,), the coefficients that predict; log odds, the intercept first."""
        chosen = self.shrunken if self.predicts == "shrunken" else self.apparent
        return locked(np.array(chosen))
