"""evidence.toml: what several papers printed of the same effect, as they printed it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from avidity.stats.meta.heterogeneity import Estimator
from avidity.stats.meta.scale import Measure


def _as_text(value: object) -> object:
    if isinstance(value, int | float) and not isinstance(value, bool):
        words = "must stand in quotation marks, so that its digits are kept"
        raise ValueError(words)  # noqa: TRY004  # pydantic turns a ValueError into a fault
    return value


AsPrinted = Annotated[str, BeforeValidator(_as_text)]  # "2.28"
Counts = tuple[Annotated[int, Field(ge=0)], Annotated[int, Field(ge=1)]]  # cases, all


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Rules(_Frozen):
    """[pool]: how the studies are pooled.

    tau2        estimator of the variance between studies
    interval    of the mean: "knapp-hartung" or "normal"
    prediction  degrees of freedom of t for the prediction interval, or "normal"
    level       confidence of the intervals that are computed
    """

    tau2: Estimator = "REML"
    interval: Literal["knapp-hartung", "normal"] = "knapp-hartung"
    prediction: Literal["k-1", "k-2", "normal"] = "k-1"
    level: float = Field(default=0.95, gt=0.5, lt=1)


class Printed(_Frozen):
    """What a paper printed of one effect, in one of four ways.

    estimate, interval            of every measure; the interval's level beside it
    with_factor, without_factor   cases and all patients, for ratios and differences
    estimate, cases, controls     an area without its interval
    observed, expected, patients  for observed to expected
    adjusted                      for what the estimate is adjusted; empty when it is not
    """

    label: str = Field(min_length=1)
    estimate: AsPrinted = ""
    interval: tuple[AsPrinted, AsPrinted] | None = None
    level: float = Field(default=0.95, gt=0.5, lt=1)
    with_factor: Counts | None = None
    without_factor: Counts | None = None
    cases: int | None = Field(default=None, ge=1)
    controls: int | None = Field(default=None, ge=1)
    observed: int | None = Field(default=None, ge=0)
    expected: float | None = Field(default=None, gt=0)
    patients: int | None = Field(default=None, ge=1)
    adjusted: str = ""
    citation: str = ""
    doi: str = ""
    note: str = ""


class Study(Printed):
    """[[factor.study]]: one study of the factor, to be pooled."""


class Pooled(_Frozen):
    """[[factor.pooled]]: a pool somebody else printed; shown beside, never pooled again.

    i2       as printed: "14%"
    studies  how many it holds
    """

    label: str = Field(min_length=1)
    estimate: AsPrinted
    interval: tuple[AsPrinted, AsPrinted]
    level: float = Field(default=0.95, gt=0.5, lt=1)
    i2: AsPrinted = ""
    studies: int | None = Field(default=None, ge=1)
    patients: int | None = Field(default=None, ge=1)
    citation: str = ""
    doi: str = ""
    note: str = ""


class Factor(_Frozen):
    """[[factor]]: one effect, and who printed it.

    name     short, unique in the file
    measure  of all its studies; "odds ratio" unless said
    meaning  what is compared with what, where the label does not say it
    own      the variable of a study's results to be shown beside it; the name unless said
    own_level  the level of that variable, where it has several: "FTC"
    """

    name: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    label: str = Field(min_length=1)
    measure: Measure = "odds ratio"
    meaning: str = ""
    own: str = ""
    own_level: str = ""
    study: tuple[Study, ...] = ()
    pooled: tuple[Pooled, ...] = ()
    note: str = ""


class EvidenceFile(_Frozen):
    """evidence.toml, whole.

    source     who collected it, and how
    library    names of poolings of the library to be shown beside the factors they also have
    made_data  a sentence, shown with every result, when the studies are not real
    """

    title: str = Field(min_length=1)
    source: str = ""
    library: tuple[str, ...] = ()
    made_data: str = ""
    pool: Rules = Rules()
    factor: tuple[Factor, ...] = Field(min_length=1)
    folder: Path = Path()
    sha256: str = ""
