"""Who may import whom: the table below is the architecture, and this test holds it."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

SOURCE = Path(__file__).resolve().parent.parent / "src" / "avidity"

MAY_IMPORT = {
    "said": set(),
    "errors": {"said"},
    "stats": {"said", "errors"},
    "refractory": {"said", "errors"},
    "riskmodel": {"said", "errors", "stats"},
    "dictionary": {"said", "errors"},
    "wording": {"said", "errors", "stats"},
    "study": {"said", "errors"},
    "steps": {"said", "errors", "study", "refractory", "dictionary", "stats", "riskmodel"},
    "papers": {"said", "errors", "study", "stats", "steps", "wording", "riskmodel"},
    "report": {"said", "errors", "study", "stats", "steps", "papers", "wording", "riskmodel"},
    "web": {
        *("said", "errors", "study", "refractory", "dictionary", "stats", "steps"),
        *("papers", "wording", "report", "riskmodel"),
    },
    "cli": {
        *("said", "errors", "study", "refractory", "dictionary", "stats", "steps"),
        *("papers", "wording", "report", "riskmodel", "web"),
    },
    "__main__": {"cli"},
    "__init__": set(),
}

HOMES = {  # a library and the one place that may know it
    "polars": ("steps",),
    "python_calamine": ("steps",),
    "openpyxl": ("steps",),
    "xlsxwriter": ("steps", "report"),
    "matplotlib": ("report",),
    "docx": ("report",),
    "typst": ("report",),
    "jinja2": ("report", "web"),
    "click": ("cli",),
    "rich": ("cli",),
    "pydantic": ("study", "papers", "riskmodel", "web"),
    "fastapi": ("web",),
    "starlette": ("web",),
    "uvicorn": ("web",),
    "sqlalchemy": ("web",),
    "alembic": ("web",),
    "argon2": ("web",),
}


def imported(source: str) -> list[str]:
    paths = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.ImportFrom):
            paths += [f"{node.module}.{alias.name}" for alias in node.names]
        elif isinstance(node, ast.Import):
            paths += [alias.name for alias in node.names]
    return paths


def layer_of(path: Path) -> str:
    return path.relative_to(SOURCE).parts[0].removesuffix(".py")


def forbidden(layer: str, source: str) -> set[str]:
    ours = {path.split(".")[1] for path in imported(source) if path.startswith("avidity.")}
    return ours - MAY_IMPORT[layer] - {layer, "__version__"}


FILES = sorted(SOURCE.rglob("*.py"))


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(SOURCE)))
def test_imports_point_down_only(path):
    assert set() == forbidden(layer_of(path), path.read_text("utf-8"))


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(SOURCE)))
def test_every_heavy_library_has_one_home(path):
    roots = {name.split(".")[0] for name in imported(path.read_text("utf-8"))}

    strangers = [root for root in roots & set(HOMES) if layer_of(path) not in HOMES[root]]

    assert [] == strangers


def test_an_upward_import_would_be_seen():
    assert {"report"} == forbidden("steps", "from avidity.report import document")
    assert {"steps"} == forbidden("stats", "import avidity.steps.read")
    assert set() == forbidden("report", "from avidity.steps.flow import Flow")


def test_inner_packages_are_empty():
    filled = [path for path in SOURCE.glob("*/**/__init__.py") if path.read_text("utf-8").strip()]

    assert [] == filled


def test_no_drawer_for_everything():
    names = {path.stem for path in FILES}

    assert set() == names & {"utils", "helpers", "common", "core"}


def loaded_by(code: str) -> set[str]:
    told = subprocess.run(
        [sys.executable, "-c", f"import sys\n{code}\nprint(*sys.modules)"],
        capture_output=True,
        text=True,
        check=True,
    )
    return set(told.stdout.split())


def test_help_loads_the_command_line_only():
    code = (
        "from avidity.cli.main import main\n"
        "import contextlib, io\n"
        "with contextlib.redirect_stdout(io.StringIO()):\n"
        "    try: main(['--help'])\n"
        "    except SystemExit: pass"
    )

    loaded = loaded_by(code)

    assert "click" in loaded
    assert set() == loaded & {"numpy", "scipy", "polars", "pydantic", "matplotlib", "rich", "docx"}
    assert set() == loaded & {"fastapi", "uvicorn", "sqlalchemy", "alembic", "jinja2"}


def test_statistics_know_nothing_of_a_study():
    loaded = loaded_by("import avidity.stats.roc")

    assert "avidity.study" not in loaded
    assert set() == loaded & {"polars", "pydantic", "matplotlib", "scipy.stats", "scipy.optimize"}
