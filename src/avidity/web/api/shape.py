"""What every shape of the interface has in common."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, JsonValue

Text = Annotated[str, Field(max_length=300)]


class Shape(BaseModel):
    """Frozen; what is not known is refused."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)


def example(**content: JsonValue) -> ConfigDict:
    """The settings of a shape with an example in its description."""
    return ConfigDict(json_schema_extra={"examples": [content]})
