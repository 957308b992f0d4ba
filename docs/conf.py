"""How the manual is built: Markdown by MyST, looks by furo, nothing fetched from anywhere."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

sys.path.insert(0, str(Path(__file__).parent))  # generated.py stands beside this file

from generated import PIECES

import avidity
from avidity.report.schema import schema
from avidity.riskmodel.file import schema as schema_of_a_model
from avidity.steps.results import Results
from avidity.web.api.app import description

if TYPE_CHECKING:
    from sphinx.application import Sphinx

project = "avidity"
author = "The avidity authors"
version = release = avidity.__version__
language = "en"

extensions = ["myst_parser"]
myst_enable_extensions = ["colon_fence", "deflist"]
myst_heading_anchors = 3
exclude_patterns = ["_build"]

html_theme = "furo"
html_title = f"avidity {avidity.__version__}"
html_show_sphinx = False
html_show_copyright = False
html_copy_source = False
html_static_path = ["_static"]
html_css_files = ["manual.css"]


def fill(_app: Sphinx, _name: str, source: list[str]) -> None:
    """Put what is generated from the package in place of its marker."""
    for name, make in PIECES.items():
        marker = f"<!-- generated: {name} -->"
        if marker in source[0]:
            source[0] = source[0].replace(marker, make())


def outdated(app: Sphinx, *_: object) -> list[str]:
    """Pages with a marker are always read again: the package may have changed."""
    pages = Path(app.srcdir).rglob("*.md")
    filled = (page for page in pages if "<!-- generated: " in page.read_text("utf-8"))
    return [page.relative_to(app.srcdir).with_suffix("").as_posix() for page in filled]


def write_schema(app: Sphinx, _trouble: Exception | None) -> None:
    """Put the shapes of results.json and of a risk model, and the REST API, beside their pages."""
    folder = Path(app.outdir) / "reference"
    if folder.is_dir():
        text = json.dumps(schema(Results), indent=2, ensure_ascii=False)
        (folder / "results.schema.json").write_text(text + "\n", "utf-8")
        text = json.dumps(schema_of_a_model(), indent=2, ensure_ascii=False)
        (folder / "risk-model.schema.json").write_text(text + "\n", "utf-8")
        text = json.dumps(description(), indent=2, ensure_ascii=False)
        (folder / "openapi.json").write_text(text + "\n", "utf-8")


def setup(app: Sphinx) -> None:
    """Have every page filled before it is parsed."""
    app.connect("build-finished", write_schema)
    app.connect("env-get-outdated", outdated)
    app.connect("source-read", fill)
