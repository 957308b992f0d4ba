"""What a paper printed of a model that cannot compute: names, odds ratios, cut-offs."""

from __future__ import annotations

from pydantic import Field, field_validator

from avidity.riskmodel.frozen import Frozen
from avidity.stats.rounded import Rounded, rounded


class PrintedPredictor(Frozen):
    """One predictor as printed; a figure is a text, so that its digits are kept.

    also              names of the data dictionary's fields that mean the same
    cut, unit         the cut-off as printed ("≥4"), and its unit
    odds_ratio, low, high  as printed; empty where nobody found them
    analysis          "multivariable", "univariable", "score" or empty where not told
    note              what a reader must know of it
    """

    name: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    label: str = Field(min_length=1)
    also: tuple[str, ...] = ()
    cut: str = ""
    unit: str = ""
    odds_ratio: str = ""
    low: str = ""
    high: str = ""
    level: float = Field(default=0.95, gt=0, lt=1)
    analysis: str = ""
    note: str = ""

    @field_validator("odds_ratio", "low", "high")
    @classmethod
    def _as_printed(cls, text: str) -> str:
        if text:
            rounded(text)
        return text

    @property
    def names(self) -> tuple[str, ...]:
        """Every name it answers to."""
        return (self.name, *self.also)

    @property
    def figures(self) -> tuple[Rounded, Rounded, Rounded] | None:
        """Odds ratio, low and high as all they can stand for; None where one is not printed."""
        if not (self.odds_ratio and self.low and self.high):
            return None
        return rounded(self.odds_ratio), rounded(self.low), rounded(self.high)


class PrintedModel(Frozen):
    """The predictors of a partial model, and what was printed of it as a whole."""

    predictors: tuple[PrintedPredictor, ...]
    score_cut: str = ""
    performance: tuple[str, ...] = ()  # sentences with the figures as printed
