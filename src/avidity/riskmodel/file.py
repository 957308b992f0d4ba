"""The risk model's file: JSON that reads the same everywhere, or is refused.

Conventions: UTF-8, two spaces, keys in the order of the schema, a number with as many digits as it
takes to read the same number back; no clock and no machine in it. Same model, same bytes.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from avidity.errors import RiskModelError
from avidity.riskmodel.lines import line_of
from avidity.riskmodel.model import RiskModel
from avidity.riskmodel.vectors import check_vectors

DIALECT = "https://json-schema.org/draft/2020-12/schema"


def to_json(model: RiskModel) -> bytes:
    """The model as the bytes of its file.

    raises  RiskModelError if its own test vectors do not hold, or it computes and has none
    """
    if model.computes:
        check_vectors(model)
    text = json.dumps(model.model_dump(mode="json"), indent=2, ensure_ascii=False, allow_nan=False)
    return (text + "\n").encode("utf-8")


def from_json(data: bytes, where: str) -> RiskModel:
    """The model in these bytes, its test vectors computed again.

    where   the name of the file, for the sentence
    raises  RiskModelError with every fault of the file and its line in one message
    """
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise RiskModelError(f"{where} must be UTF-8 text; save it as UTF-8") from None
    try:
        content = json.loads(text, object_pairs_hook=_once, parse_constant=_no_constant)
    except json.JSONDecodeError as error:
        raise RiskModelError(f"{where}, line {error.lineno}: is no JSON ({error.msg})") from None
    except RecursionError:
        raise RiskModelError(f"{where}: lists stand in one another without end") from None
    except ValueError as error:
        raise RiskModelError(f"{where}: {error}") from None
    try:
        model = RiskModel.model_validate(content)
    except ValidationError as error:
        raise RiskModelError(f"{where}: {_faults(error, text)}") from None
    if model.computes:
        check_vectors(model)
    return model


def read_model(path: Path) -> RiskModel:
    """The model in a file.

    raises  RiskModelError when it cannot be read, as `from_json` does
    """
    try:
        return from_json(path.read_bytes(), path.name)
    except OSError as error:
        raise RiskModelError(f"{path.name} cannot be read: {error.strerror}") from None


def digest(model: RiskModel) -> str:
    """SHA-256 of the model's file: by it an heir names its ancestor."""
    return hashlib.sha256(to_json(model)).hexdigest()


def schema() -> dict[str, Any]:
    """The JSON Schema of the file, made from the model's own types."""
    return {"$schema": DIALECT, **RiskModel.model_json_schema(mode="serialization")}


def _once(pairs: Sequence[tuple[str, object]]) -> dict[str, object]:
    keys = [key for key, _ in pairs]
    if twice := sorted({key for key in keys if keys.count(key) > 1}):
        raise ValueError(f"a key must stand once in an object; twice: {', '.join(twice)}")
    return dict(pairs)


def _no_constant(word: str) -> object:
    raise ValueError(f"{word} is no number of JSON")


def _faults(error: ValidationError, text: str) -> str:
    """Every fault as 'line, place: what must hold, found what'."""
    sentences = []
    for fault in error.errors(include_url=False):
        place = ".".join(str(step) for step in fault["loc"]) or "the file"
        said = fault["msg"].removeprefix("Value error, ").replace("Input should", "must")
        found = fault["input"]
        plain = isinstance(found, bool | int | float | str) and fault["type"] != "missing"
        line = line_of(text, fault["loc"])
        told = f", found {found!r}" if plain else ""
        sentences.append(f"line {line}, {place}: {said}{told}")
    return "; ".join(sentences)
