"""The library of published models: one JSON file each in the folder `library`.

A model that was published whole or could be rebuilt computes; of the others the file holds what
was found, where, and what is missing.
"""

from __future__ import annotations

import functools
from importlib import resources
from pathlib import Path

from avidity.errors import RiskModelError
from avidity.riskmodel.file import from_json, read_model
from avidity.riskmodel.model import RiskModel


@functools.cache
def names() -> tuple[str, ...]:
    """The names of the library's models, in alphabetical order."""
    return tuple(sorted(Path(one.name).stem for one in _folder() if one.name.endswith(".json")))


@functools.cache
def find(name: str) -> RiskModel:
    """A model of the library, its test vectors computed again.

    raises  RiskModelError when there is none of that name
    """
    if name not in names():
        raise RiskModelError(
            f"the library has no model '{name}'; it has: {', '.join(names())}."
            " A model of your own is given as its JSON file"
        )
    source = resources.files("avidity.papers").joinpath("library", f"{name}.json")
    return from_json(source.read_bytes(), f"{name}.json")


def find_or_read(name_or_file: str) -> RiskModel:
    """A model of the library, or the one in a JSON file.

    raises  RiskModelError when there is neither
    """
    if name_or_file.endswith(".json"):
        return read_model(Path(name_or_file))
    return find(name_or_file)


def _folder() -> list[Path]:
    found = resources.files("avidity.papers").joinpath("library")
    return [Path(str(one)) for one in found.iterdir()]
