"""Nothing public without words, and no words that are not true.

What the manual says of commands, exit codes, study.toml, definitions, tests and results.json is
held against the code; its examples are parsed or run; its links lead somewhere. That the pages
build without a warning is `make docs`.
"""

from __future__ import annotations

import ast
import importlib
import json
import random
import re
import shlex
import tomllib
import types
import typing
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from pathlib import Path

import click
import pytest
from click.testing import CliRunner
from pydantic import BaseModel
from pydantic_core import PydanticUndefined

from avidity import errors, study
from avidity.cli.main import EPILOG, main
from avidity.dictionary.fields import dictionary
from avidity.papers import printed
from avidity.papers.evidence_file import checked as evidence_checked
from avidity.papers.paper import Paper
from avidity.papers.paper_file import OWN, checked
from avidity.refractory.catalogue import DEFINITIONS, find
from avidity.refractory.switches import Switches
from avidity.report.write import held_against_paper
from avidity.riskmodel.file import schema as schema_of_a_model
from avidity.steps.compare import BY_POLICY, COUNT_TESTS, NUMBER_TESTS
from avidity.steps.results import Results
from avidity.steps.run import run
from avidity.wording import fixed, percent, ratio_digits

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "src" / "avidity"
DOCS = ROOT / "docs"
PAGES = sorted(page for page in DOCS.rglob("*.md") if "_build" not in page.parts)
ROOT_PAGES = [ROOT / name for name in ("README.md", "GLOSSARY.md", "CONTRIBUTING.md")]
EVERY_PAGE = [*ROOT_PAGES, *PAGES]
EXAMPLE = ROOT / "examples" / "bellakhdar-2024"


def page(name: str) -> str:
    return (DOCS / name).read_text("utf-8")


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def first_cells(text: str) -> list[str]:
    """The names in the first column of the tables of a text, as typed in code."""
    rows = re.findall(r"^\| (`[^|]*?) \|", text, re.MULTILINE)
    return [name for row in rows for name in re.findall(r"`([^`]+)`", row)]


def sections(text: str) -> dict[str, str]:
    """The text under each heading, up to the next one of any level."""
    parts = re.split(r"^(#{1,4} .*)$", text, flags=re.MULTILINE)
    return {head.lstrip("# "): body for head, body in zip(parts[1::2], parts[2::2], strict=True)}


def blocks(text: str, language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", text, re.MULTILINE | re.DOTALL)


# Words for everything public


def undocumented(tree: ast.Module | ast.ClassDef, name: str) -> Iterator[str]:
    """Public names without a docstring, in a module and in its public classes."""
    if tree.body and not ast.get_docstring(tree):
        yield name
    for node in tree.body:
        public = not getattr(node, "name", "_").startswith("_")
        if public and isinstance(node, ast.ClassDef):
            yield from undocumented(node, f"{name}.{node.name}")
        elif public and isinstance(node, ast.FunctionDef) and not ast.get_docstring(node):
            yield f"{name}.{node.name}"


@pytest.mark.parametrize("path", sorted(SOURCE.rglob("*.py")), ids=name_of)
def test_everything_public_has_words(path):
    assert [] == list(undocumented(ast.parse(path.read_text("utf-8")), path.stem))


# The command line


def every_command(group: click.Group, above: str = "") -> Iterator[tuple[str, click.Command]]:
    """Each command by the words a person types, those of groups too."""
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            yield from every_command(command, f"{above}{name} ")
        else:
            yield f"{above}{name}", command


COMMANDS = dict(every_command(main))


def options(command: click.Command) -> set[str]:
    found = {name for one in command.params for name in (*one.opts, *one.secondary_opts)}
    return {name for name in found if name.startswith("--")}


def arguments(command: click.Command) -> set[str]:
    return {one.name.upper() for one in command.params if isinstance(one, click.Argument)}


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_option_and_argument_is_on_its_page(name):
    section = sections(page("reference/command-line.md"))[f"avidity {name}"]
    command = COMMANDS[name]
    told = {cell.split()[0] for cell in first_cells(section)}

    assert options(command) | arguments(command) == told


def test_every_option_before_the_command_is_on_the_page():
    told = sections(page("reference/command-line.md"))["The command line"]
    own = options(main) | {"--version", "--help", "--json"}

    assert own == set(re.findall(r"`(--[a-z]+)`", told))


def test_every_command_stands_in_the_readme_or_its_manual_page_and_has_an_example():
    readme = ROOT.joinpath("README.md").read_text("utf-8") + page("how-to/workbench-for-several.md")
    manual = sections(page("reference/command-line.md"))

    assert {f"avidity {name}" for name in COMMANDS} <= set(manual)
    for name, command in COMMANDS.items():
        assert f"avidity {name}" in readme or name == "definitions"
        assert f"avidity {name}" in (command.epilog or "")


def test_every_exit_code_is_told_with_its_kind():
    rows = re.findall(r"^\| (\d+) \| ([^|]*?) ?\|", page("reference/exit-codes.md"), re.MULTILINE)
    known = {
        str(one.exit_code): one.kind
        for one in vars(errors).values()
        if isinstance(one, type) and issubclass(one, errors.AvidityError)
    }
    told = dict(rows)

    assert known.items() <= told.items()
    assert {"0", "1", "2", "130"} == set(told) - set(known)
    assert set(told) == set(re.findall(r"^ *(\d+)  ", EPILOG, re.MULTILINE))


# study.toml and published.toml


def nested(kind: object) -> set[type[BaseModel]]:
    """The models a type holds."""
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        return {kind}
    return {model for part in typing.get_args(kind) for model in nested(part)}


def headings(model: type[BaseModel], above: str = "") -> Iterator[tuple[str, type[BaseModel]]]:
    """Each section of a file with its heading in the reference, sections within sections too."""
    for name, field in model.model_fields.items():
        for inner in nested(field.annotation) - {study.Condition}:
            path = above + (field.alias or name)
            several = typing.get_origin(field.annotation) is tuple
            yield (f"`[[{path}]]`" if several else f"`[{path}]`"), inner
            yield from headings(inner, f"{path}.")


MODELS: Mapping[str, type[BaseModel]] = {
    head.replace("[columns]", '[columns.TABLE."HEADER"]'): model
    for head, model in (*headings(study.Study), *headings(printed.PublishedFile))
} | {"Conditions": study.Condition}


def keys(model: type[BaseModel]) -> dict[str, str]:
    """Each key of a section as a person types it, and its default in the page's words."""
    own = set(model.model_fields) - set(study.Condition.model_fields)
    names = own if issubclass(model, study.Eligibility) else set(model.model_fields)
    return {
        (model.model_fields[name].alias or name): default_words(model.model_fields[name].default)
        for name in names
        if model.model_fields[name].default_factory is None
    } | {
        (model.model_fields[name].alias or name): "empty"
        for name in names
        if model.model_fields[name].default_factory is not None
    }


def default_words(value: object) -> str:
    if value is PydanticUndefined:
        return "required"
    if value is None:
        return "none"
    if value in ("", ()):
        return "empty"
    return f"`{json.dumps(value)}`"


@pytest.mark.parametrize("heading", MODELS)
def test_every_key_stands_in_the_reference_with_its_default(heading):
    section = sections(page("reference/study-toml.md"))[heading]
    rows = re.findall(r"^\| `([^`|]+)` \| [^|]+ \| ([^|]+) \|", section, re.MULTILINE)

    assert keys(MODELS[heading]) == dict(rows)


def test_every_section_of_a_study_file_is_in_the_reference():
    told = sections(page("reference/study-toml.md"))
    names = {(field.alias or name) for name, field in study.Study.model_fields.items()} - {
        "folder",
        "sha256",
    }
    heads = {re.sub(r"[\[\]`]|\.TABLE.*", "", head) for head in told}
    top = set(first_cells(told["At the top of the file"]))

    assert names <= heads | top
    assert set() == top - names
    assert set() == {head for head in MODELS if head not in told}


# Parts that stand in a paper file and in no other.
PAPER_PARTS = {"group", "flow", "row", "cross", "roc", "statement", "methods"}


def example_studies() -> list[tuple[str, str]]:
    return [
        (f"{name_of(path)}:{number}", block)
        for path in EVERY_PAGE
        for number, block in enumerate(blocks(path.read_text("utf-8"), "toml"), 1)
    ]


@pytest.mark.parametrize(
    "block", [pytest.param(block, id=place) for place, block in example_studies()]
)
def test_every_piece_of_toml_in_the_manual_is_valid(block):
    content = tomllib.loads(block)
    if set(content) & PAPER_PARTS:
        whole = {"paper": {"title": "T"}, "group": [{"name": "all_of_them", "n": "9"}], **content}
        paper, faults = checked(whole)
        assert ([], True) == (faults, paper is not None)
        return
    if "factor" in content:
        evidence, faults = evidence_checked(content)
        assert ([], True) == (faults, evidence is not None)
        return
    if {"paper", "figure"} & set(content):
        printed.PublishedFile.model_validate(content)
        return
    content.setdefault("study", {"title": "T"})
    content.setdefault("outcome", {"column": "c", "yes": 1, "no": 0})
    asked = study.Study.model_validate(content)

    find(asked.outcome.definition or "ata-2015").with_switches(**asked.outcome.switches)
    assert set(asked.table1.tests.values()) <= {*NUMBER_TESTS, *COUNT_TESTS}
    assert set(asked.tables) <= set(dictionary().tables)
    assert set(asked.records.complete) <= set(dictionary().tables)
    for table, columns in asked.columns.items():
        assert table in dictionary().tables, columns


def test_the_plain_table_of_the_manual_runs(tmp_path):
    (block,) = blocks(page("how-to/plain-table.md"), "toml")[:1]
    dice = random.Random(1)
    rows = ["Age,Gender,Risk,Response,Recurred"]
    for _ in range(80):
        recurred = dice.random() < 0.4
        risk = dice.choice(("Low", "Intermediate", "High") if recurred else ("Low", "Intermediate"))
        answer = "Structural Incomplete" if recurred else "Excellent"
        rows.append(
            f"{dice.randint(20, 60) + 10 * recurred},{dice.choice('FM')},{risk},{answer},"
            f"{'Yes' if recurred else 'No'}"
        )
    (tmp_path / "study.toml").write_text(block + '\n[report]\nformats = ["json"]\n', "utf-8")
    (tmp_path / "cohort.csv").write_text("\n".join(rows), "utf-8")

    told = CliRunner().invoke(main, ["study", str(tmp_path), "--out", str(tmp_path / "report")])

    assert 0 == told.exit_code, told.output
    results = json.loads((tmp_path / "report" / "results.json").read_text("utf-8"))
    assert 80 == results["flow"]["included"]
    assert results["model"]["multivariable"]["n"] == 80


def test_the_python_of_the_manual_says_what_its_remarks_say(monkeypatch):
    monkeypatch.chdir(ROOT)
    for block in blocks(page("how-to/python.md"), "python"):
        names: dict[str, object] = {}
        for line in ast.parse(block).body:
            code = compile(ast.Module([line], []), "how-to/python.md", "exec")
            exec(code, names)  # the manual's own words
            remark = re.search(r"#\s*(.*)$", block.splitlines()[(line.end_lineno or 1) - 1])
            if remark and isinstance(line, ast.Expr):
                assert_said(eval(ast.unparse(line), names), remark[1])


def assert_said(value: object, said: str) -> None:
    """``0.042…, 1.09…``: each number begins so; anything else is in the words."""
    for number in re.findall(r"[\d.]+(?=…)", said):
        values = value if isinstance(value, tuple) else (value,)
        assert any(str(one).startswith(number) for one in values), said
    if "…" not in said:
        assert str(value).strip("()").replace("'", '"') in said.replace("'", '"') or (
            repr(value) in said
        )


# paper.toml


def test_every_key_of_a_paper_file_is_in_the_reference_with_its_words():
    text = generated().paper_file()
    for heading, model in headings(Paper):
        section = sections(text)[heading]
        told = dict(re.findall(r"^\| `([^`|]+)` \| ([^|]+) \|", section, re.MULTILINE))
        names = {field.alias or name for name, field in model.model_fields.items()}
        assert names == set(told)
        assert all(words.strip() not in ("", "–") for words in told.values()), heading
    tops = {(field.alias or name) for name, field in Paper.model_fields.items()} - set(OWN)
    assert tops == {re.sub(r"[\[\]`]", "", head).split(".")[0] for head in sections(text)}


# Definitions, tests, the dictionary


def generated() -> types.ModuleType:
    spec = importlib.util.spec_from_file_location("generated", DOCS / "generated.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_every_generated_piece_has_a_place_and_every_place_a_piece():
    marked = {
        name
        for path in PAGES
        for name in re.findall(r"<!-- generated: (\w+) -->", path.read_text("utf-8"))
    }

    assert set(generated().PIECES) == marked


def test_every_definition_criterion_and_example_is_written_down():
    made = generated()
    text = made.definitions()

    for name, definition in DEFINITIONS.items():
        assert f"({name})=" in text
        assert f"`{name}`" in page("method/definitions.md")
        for part in (*definition.criteria, *definition.preconditions):
            assert made.words(part.wording) in text
        for example in definition.examples:
            assert made.words(example.why) in text


def test_every_switch_is_explained():
    section = sections(page("reference/definitions.md"))["The switches, one by one"]

    assert [field.name for field in fields(Switches)] == first_cells(section)


def test_every_field_and_value_of_the_dictionary_is_written_down():
    text = generated().data_dictionary()

    for table in dictionary().tables.values():
        assert f"## {table.name}" in text
        for field in table.fields.values():
            assert f"| `{field.name}` |" in text
            for value in field.values:
                assert f"`{value}`" in text


@pytest.mark.parametrize("where", ["how-to/tests.md", "method/groups.md"])
def test_every_test_of_table_1_is_named(where):
    text = page(where)

    assert [] == [name for name in (*NUMBER_TESTS, *COUNT_TESTS) if f"`{name}`" not in text]


def test_every_policy_is_named():
    told = first_cells(sections(page("how-to/tests.md"))["A policy"])

    assert set(BY_POLICY) == set(told) == set(typing.get_args(study.Policy))


# results.json


def described() -> dict[str, list[str]]:
    """The keys the page tells for each class it names."""
    text = page("reference/results-json.md")
    parts = re.split(r"<!-- class: ([\w.]+) -->", text)
    return {
        name: first_cells(body.split("\n\n")[1])
        for name, body in zip(parts[1::2], parts[2::2], strict=True)
    }


@pytest.mark.parametrize("name", described())
def test_every_key_of_the_results_is_on_their_page(name):
    module, _, cls = name.rpartition(".")
    kind = getattr(importlib.import_module(module), cls)

    assert [field.name for field in fields(kind)] == described()[name]


def described_on(name: str) -> list[tuple[str, list[str]]]:
    """The keys a page of the reference tells for each part it names."""
    parts = re.split(r"<!-- class: ([\w.]+) -->", page(f"reference/{name}.md"))
    return [
        (name, first_cells(body.split("\n\n")[1]))
        for name, body in zip(parts[1::2], parts[2::2], strict=True)
    ]


@pytest.mark.parametrize(
    ("name", "told"),
    [*described_on("risk-model"), *described_on("evidence"), *described_on("evidence-toml")],
)
def test_every_key_of_a_risk_model_and_of_evidence_is_on_its_page(name, told):
    module, _, cls = name.rpartition(".")
    kind = getattr(importlib.import_module(module), cls)

    assert [field.alias or name for name, field in kind.model_fields.items()] == told


def test_no_part_of_a_risk_model_is_left_out():
    told = {name.rpartition(".")[2] for name, _ in described_on("risk-model")}
    section = sections(page("reference/risk-model.md"))["Terms"]
    codings = set(re.findall(r"^\| `([a-z/]+)` \|", section, re.MULTILINE)) - {"coding"}
    parts = set(schema_of_a_model()["$defs"])
    terms = {"Linear", "Spline", "Cut", "YesNo", "Category"}

    assert parts == (told - {"RiskModel"}) | terms
    assert {"linear", "spline", "cut", "yes/no", "category"} == codings


def reachable(kind: object, seen: set[type]) -> set[type]:
    """Every dataclass that can stand in a result."""
    if isinstance(kind, type) and is_dataclass(kind) and kind not in seen:
        seen.add(kind)
        for hint in typing.get_type_hints(kind).values():
            reachable(hint, seen)
    for part in typing.get_args(kind):
        reachable(part, seen)
    return seen


def test_no_part_of_the_results_is_left_out():
    text = page("reference/results-json.md")
    told = set(described())

    for kind in reachable(Results, set()) | reachable(printed.Comparison, set()):
        name = f"{kind.__module__}.{kind.__qualname__}"
        if name not in told:  # a small one, told inside the row that holds it
            missing = [field.name for field in fields(kind) if f"`{field.name}`" not in text]
            assert [] == missing, name


# Shell, links, paths


def commands(text: str) -> list[str]:
    lines = [line for block in blocks(text, "console") for line in block.splitlines()]
    return [line.split("#")[0].strip() for line in lines if line.split("#")[0].strip()]


def targets() -> set[str]:
    makefile = ROOT.joinpath("Makefile").read_text("utf-8")
    return set(re.findall(r"^([a-z]+):", makefile, re.MULTILINE))


@pytest.mark.parametrize("path", EVERY_PAGE, ids=name_of)
def test_every_command_in_the_pages_exists(path):
    for line in commands(path.read_text("utf-8")):
        program, *words = shlex.split(line)
        if program == "make":
            assert set(words) <= targets(), line
            continue
        assert "avidity" == program, line
        command: click.Command = main
        for word in words:
            if not isinstance(command, click.Group):
                break
            command = command.commands[word]
        asked = {word for word in words if word.startswith("--")}
        assert asked <= options(command) | {"--help"}, line


def test_every_target_of_make_is_told():
    told = commands(ROOT.joinpath("CONTRIBUTING.md").read_text("utf-8"))

    assert targets() == {line.split()[1] for line in told}


@pytest.mark.parametrize("path", EVERY_PAGE, ids=name_of)
def test_every_link_inside_the_repository_leads_somewhere(path):
    text = path.read_text("utf-8")
    links = [link.split("#")[0] for link in re.findall(r"\]\(([^)\s]+)\)", text)]
    inside = [link for link in links if link and "://" not in link]

    assert [] == [link for link in inside if not (path.parent / link).exists()]


@pytest.mark.parametrize("path", EVERY_PAGE, ids=name_of)
def test_every_file_named_in_the_pages_is_there(path):
    named = re.findall(r"`((?:tests|examples|docs|src)/[\w./-]+)`", path.read_text("utf-8"))
    named += [f"src/{name}" for name in re.findall(r"`(avidity/[\w./]+)`", path.read_text("utf-8"))]

    assert [] == [name for name in named if not (ROOT / name).exists() and "_build" not in name]


@pytest.mark.parametrize("path", EVERY_PAGE, ids=name_of)
def test_no_page_names_a_machine_or_a_package_registry(path):
    text = path.read_text("utf-8").lower()
    registries = ("pypi", "pythonhosted", "index-url", "conda", "docker", "npmjs", "ghcr")
    folders = (f"/{one}/" for one in ("work", "tmp", "home", "root"))
    machines = (*folders, "localhost", "127.0.0.1")

    assert [] == [word for word in (*registries, *machines) if word in text]


def test_the_readme_names_no_host_but_that_of_the_paper():
    text = ROOT.joinpath("README.md").read_text("utf-8")

    assert ["doi.org"] == re.findall(r"https?://([^/\s)]+)", text)


def test_the_readme_has_its_picture_and_it_is_small():
    picture = DOCS / "pictures" / "report.png"

    assert "docs/pictures/report.png" in ROOT.joinpath("README.md").read_text("utf-8")
    assert picture.stat().st_size < 300_000


# The tutorial's numbers


@pytest.fixture(scope="module")
def example() -> Results:
    return run(study.read_study(EXAMPLE))


def test_the_tutorial_counts_as_the_example_does(example):
    text = page("tutorial/index.md")
    flow, left = example.flow, example.flow.left

    for said in (
        f"{flow.screened} screened, {left[0].n} with incomplete follow-up, {left[1].n} without",
        f"radioiodine, {flow.included} analysed, {flow.yes} of them refractory and {flow.no} not",
        f"{flow.several} patients meet both",
        f"the counts would be {left[1].met} and {left[0].only}",
        f"{flow.screened - flow.included} of {flow.screened} screened patients are not",
        f"{example.agreement.movers} of {example.agreement.patients} patients would get another",
        f"There are {example.model.events_per_candidate:.1f} events per candidate",
    ):
        assert said in text


def test_the_tutorial_tells_the_definitions_as_the_example_does(example):
    text = page("tutorial/index.md")

    for name, one in example.agreement.answers.items():
        assert f"| {name} | {one.yes} | {one.no} | {one.cannot_say} | {one.moved} |" in text
    by = {one.criterion: one for one in example.outcome.criteria}
    for said in (
        f"is met by {by['A'].yes} patients and decides alone for {by['A'].decided_alone};",
        f"B (lost or declined uptake) by {by['B'].yes}, alone for {by['B'].decided_alone};",
        f"by {by['D'].yes}, alone for {by['D'].decided_alone};",
        f"by {by['E'].yes}, alone for {by['E'].decided_alone}.",
        f"C (mixed uptake) is met by {by['C'].yes} and decides alone for {by['C'].decided_alone};",
    ):
        assert said in text
    assert [1, 1, 1] == [by[code].cannot_say for code in "ABC"]


def test_the_tutorial_tells_the_groups_and_cut_offs_as_the_example_does(example):
    text = page("tutorial/index.md")
    rows, cuts = example.table1.rows, example.cutoffs
    for name, unit in (("age_at_diagnosis", "years"), ("diameter", "mm")):
        means = [
            f"{fixed(part.mean)} ± {fixed(part.sd)}" for part in (rows[name].yes, rows[name].no)
        ]
        assert f"{means[0]} against {means[1]} {unit}" in text
        cut = cuts.predictors[name]
        ends = f"({fixed(cut.interval.low, 3)} to {fixed(cut.interval.high, 3)})"
        assert f"{fixed(cut.auc, 3)} {ends}" in text
    metastasis = rows["metastasis"]
    told = f"metastasis {metastasis.yes.count} of 32 against {metastasis.no.count} of 58"
    diameter = cuts.predictors["diameter"].cutoff

    assert told in text
    assert f"interval that begins at {fixed(rows['oca'].effect.interval.low)}" in text
    assert f"({rows['age_54'].p_value:.4f})" in text
    assert 55 == cuts.predictors["age_at_diagnosis"].cutoff.value
    assert (
        f"it is {diameter.value:g} mm, with a sensitivity of"
        f" {percent(diameter.sensitivity)[:-1]} % and a specificity of"
        f" {percent(diameter.specificity)[:-1]} %"
    ) in text
    assert f"a paired test: p {fixed(cuts.pairs[0].test.p_value, 3)}" in text


def test_the_tutorial_tells_the_model_as_the_example_does(example):
    text = page("tutorial/index.md")
    model = example.model.multivariable
    effects = {**model.effects, **example.model.univariable["oca"].effects}
    for name, words in (
        ("age_54", "age ≥ 54 years "),
        ("diameter_29", "diameter ≥ 29 mm "),
        ("metastasis", "metastasis "),
        ("oca", "is there too: "),
    ):
        one = effects[name]
        ends = f"({ratio_digits(one.low)} to {ratio_digits(one.high)})"
        assert f"{words}{ratio_digits(one.odds_ratio)} {ends}" in text

    assert f"the intercept, {fixed(model.intercept, 6)}," in text
    assert f"apparent area of the model is {fixed(model.auc, 3)}" in text


def test_the_tutorial_tells_how_far_to_trust_as_the_example_does(example):
    text = page("tutorial/index.md")
    usual, sound = example.validation
    for one in (usual, sound):
        auc, slope = one.measures["auc"], one.measures["slope"]
        shown = f"{fixed(auc.apparent, 3)} | {fixed(auc.corrected, 3)}"
        assert f"| {one.track.capitalize()} | {shown} | {fixed(slope.corrected)} |" in text
    age, diameter = (spread.interval for spread in usual.cutoffs)
    assert f"age fell between {age.low:g} and {age.high:g} years" in text
    assert f"the diameter between {diameter.low:g} and {diameter.high:g} mm" in text
    names, share = usual.models[0]
    assert {"age_54", "diameter_29", "metastasis"} == set(names)
    assert f"In {100 * share:.0f} % of them the screen found" in text
    assert "in 188 of 1,000 some fit was separated" in text
    assert "188 were separated" in usual.tally
    tracks = example.capacity.tracks
    for track, words in zip(tracks, ("looks at 10", "has 3"), strict=True):
        assert words.endswith(f" {track.candidates}")
        assert words in text
        assert f" {track.needed.n}" in text


@pytest.mark.parametrize(
    "where", ["README.md", "docs/tutorial/index.md", "docs/method/comparison.md"]
)
def test_how_many_figures_are_the_same_is_told_rightly(example, where):
    found = held_against_paper(example, study.read_study(EXAMPLE))

    assert f"{found.same} of {len(found.lines)} " in (ROOT / where).read_text("utf-8")
    assert f"{len(found.remarks)} remarks" in page("tutorial/index.md")
