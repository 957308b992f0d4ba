"""A risk model as one page of HTML: no network, everything inside, in English and French.

The page's own script computes what `avidity.riskmodel.predict` computes. When it opens it computes
the model's test vectors and shows nothing if one differs. The browser is told to load and send
nothing, and to run no script but this one.
"""

from __future__ import annotations

import base64
import hashlib
import json
from functools import lru_cache
from importlib import resources
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from avidity import __version__
from avidity.report.risk_picture import NOTHING
from avidity.report.risk_words import LANGUAGES, risk_words
from avidity.riskmodel.model import Input, RiskModel
from avidity.riskmodel.predict import needed
from avidity.riskmodel.units import units_for
from avidity.riskmodel.vectors import CLOSE, check_vectors
from avidity.stats.normal import z_of

LEVEL = 0.95
STYLES = ("risk_page.css", "risk.css")
SCRIPTS = (  # one after the other inside one function: each knows the names of those before it
    *("model.js", "equation.js", "words.js", "fields.js", "pictures.js", "answer.js"),
    "page.js",
)


def risk_page(model: RiskModel, language: str = "en") -> bytes:
    """The page, in UTF-8.

    language  the one it opens in; the reader may change it
    raises    RiskModelError for a partial model, and for one whose test vectors do not hold
    """
    needed(model)
    check_vectors(model)
    style = "\n".join(_text(name) for name in STYLES)
    script = _script()
    page = (
        _environment()
        .get_template("risk_page.html.j2")
        .render(
            model=model,
            language=language,
            words=risk_words(language),
            data=_inside(_data(model)),
            style=Markup(style),  # noqa: S704  # our own file
            script=Markup(script),  # noqa: S704  # our own file
            policy=_policy(style, script),
            nothing=NOTHING,
            version=__version__,
        )
    )
    return page.encode("utf-8")


def _data(model: RiskModel) -> dict[str, Any]:
    levels = sorted({LEVEL, *(one.level for one in model.vectors)})
    return {
        "model": model.model_dump(mode="json"),
        "units": {one.name: _units(one) for one in model.inputs},
        "level": LEVEL,
        "z": {repr(level): z_of(level) for level in levels},
        "close": CLOSE,
        "words": {language: dict(risk_words(language)) for language in LANGUAGES},
    }


def _units(one: Input) -> list[list[str]]:
    """Name, and the two whole numbers whose quotient it is worth."""
    if one.kind != "number":
        return []
    return [[name, str(w.numerator), str(w.denominator)] for name, w in units_for(one.unit)]


def _inside(data: dict[str, Any]) -> Markup:
    """JSON that cannot end the element it stands in."""
    text = json.dumps(data, ensure_ascii=True, allow_nan=False, separators=(",", ":"))
    for sign in "<>&":
        text = text.replace(sign, f"\\u{ord(sign):04x}")
    return Markup(text)  # noqa: S704  # made harmless above


def _policy(style: str, script: str) -> str:
    def own(text: str) -> str:
        return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"

    return (
        f"default-src 'none'; style-src {own(style)}; script-src {own(script)};"
        " base-uri 'none'; form-action 'none'"
    )


@lru_cache(maxsize=1)
def _script() -> str:
    inside = "\n".join(_text(f"risk_page/{name}") for name in SCRIPTS)
    return f'"use strict";\n(() => {{\n{inside}}})();\n'


@lru_cache(maxsize=16)
def _text(name: str) -> str:
    return resources.files("avidity.report").joinpath("templates", name).read_text("utf-8")


@lru_cache(maxsize=1)
def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("avidity.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
