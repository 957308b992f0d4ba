"""What goes in and out about risk models and definitions."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, StrictBool

from avidity.web.api.shape import Shape, Text, example


class KnownModel(Shape):
    """A risk model you may ask."""

    id: str
    """What stands in its address."""
    home: Literal["library", "study", "own"]
    name: str
    title: str
    study: str
    """The title of the study it was fitted in; "" elsewhere."""
    status: str
    n: int | None
    events: int | None


class KnownDefinition(Shape):
    """A definition of refractory disease."""

    name: str
    title: str
    source: str
    version: str


class RiskAsked(Shape):
    """One patient, as the model's inputs name it."""

    inputs: dict[str, StrictBool | float | Text] = Field(max_length=200)
    """Each input by its name: a number in the model's unit, true or false, or as a person types
    it ("3.5 cm", "yes")."""
    prevalence: float | None = None
    """How common the outcome is where the model is used: 0.1."""
    beyond: bool = False
    """Answer outside the range the model has seen, with a warning."""

    model_config = example(inputs={"age": 61, "diameter": "3.5 cm", "metastasis": True})


class RisksAsked(Shape):
    """One patient, and the models that are asked."""

    models: list[Annotated[str, Field(max_length=200)]] = Field(min_length=1, max_length=6)
    """Their ids."""
    inputs: dict[str, StrictBool | float | Text] = Field(max_length=200)
    """As for one model; a thing that several ask is told once, under the name of any of them."""
    prevalence: float | None = None
    """How common the outcome is where the models are used: 0.1."""
    beyond: bool = False
    """Answer outside the range a model has seen, with a warning."""

    model_config = example(
        models=["bellakhdar-2024"],
        inputs={"age": 61, "diameter": "3.5 cm", "metastasis": True},
        prevalence=0.1,
    )
