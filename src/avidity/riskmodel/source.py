"""Where a model comes from: whose patients, which outcome, which paper or run, which ancestors."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from avidity.riskmodel.frozen import Frozen


class Population(Frozen):
    """Whose risk it is. A risk without a population is no risk."""

    words: str = Field(min_length=1)
    setting: str = ""
    period: str = ""


class Outcome(Frozen):
    """What the risk is of.

    definition  the name of the definition it was decided under; empty for a column
    words       how it was decided
    label       as printed: "radioiodine-refractory"
    """

    definition: str = ""
    words: str = Field(min_length=1)
    label: str = "radioiodine-refractory"


class Provenance(Frozen):
    """Where the numbers were found and how.

    how      "fitted", "published", "reconstructed" or "typed in", told in full
    sha256   of the study file or of the paper's own, where there is one
    licence  under which the numbers may be used
    sources  every text they were read in, and whether whole or as an abstract
    """

    citation: str = Field(min_length=1)
    doi: str = ""
    how: str = Field(min_length=1)
    sha256: str = Field(default="", pattern=r"^([0-9a-f]{64})?$")
    licence: str = ""
    sources: tuple[str, ...] = ()
    program: str = ""


class Ancestor(Frozen):
    """A model this one was made from.

    sha256  of its file
    update  what was done to it: "intercept found anew", "intercept and slope", ...
    """

    name: str
    version: str
    sha256: str = Field(pattern=r"^[0-9a-f]{64}$")
    update: str = Field(min_length=1)
    kind: Literal["update", "refit", "pooled"] = "update"
