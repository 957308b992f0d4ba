"""What the figures about missing values draw: counts of patients and courses of chains.

Plain frozen things, importable without the drawing library; never a patient's row.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class MissingVariable:
    """One variable and how many patients lack it.

    text  the count in words: "25 (13.2%)"
    """

    name: str
    missing: int
    text: str


@dataclass(frozen=True, slots=True)
class MissingPattern:
    """Patients who lack exactly these variables.

    missing     one answer per variable, in their order
    n_outcome   how many of them have the outcome
    """

    missing: tuple[bool, ...]
    n: int
    n_outcome: int


@dataclass(frozen=True, slots=True)
class MissingPatterns:
    """Which variables are missing together; the counts must add up.

    patterns      in the order to be drawn, the commonest first
    outcome_word  of a patient with the outcome
    """

    variables: tuple[MissingVariable, ...]
    patterns: tuple[MissingPattern, ...]
    outcome_word: str = "refractory"

    def __post_init__(self) -> None:
        for pattern in self.patterns:
            if len(pattern.missing) != len(self.variables):
                raise ValueError(f"a pattern needs {len(self.variables)} answers")
            if not 0 <= pattern.n_outcome <= pattern.n:
                raise ValueError("more patients with the outcome than patients in a pattern")
        for at, variable in enumerate(self.variables):
            counted = sum(pattern.n for pattern in self.patterns if pattern.missing[at])
            if counted != variable.missing:
                raise ValueError(
                    f"{variable.name!r} is missing in {variable.missing} patients and its patterns"
                    f" hold {counted}: that does not add up"
                )

    @property
    def n(self) -> int:
        """Patients in all."""
        return sum(pattern.n for pattern in self.patterns)


@dataclass(frozen=True, slots=True)
class ChainCourse:
    """One quantity of the imputed values over the iterations.

    lines  one for each chain, all of the same length
    what   "mean", "SD", "share of yes"
    note   printed beside it: "R-hat 1.02"
    """

    what: str
    lines: tuple[tuple[float, ...], ...]
    note: str = ""

    def __post_init__(self) -> None:
        if len({len(line) for line in self.lines}) > 1:
            raise ValueError(f"the chains of {self.what!r} differ in length")


@dataclass(frozen=True, slots=True)
class VariableTraces:
    """The chains of one variable.

    deviation  None where it says nothing beside the mean: of a share
    """

    name: str
    mean: ChainCourse
    deviation: ChainCourse | None = None
