"""The parts of the manual that are written from the package itself, as Markdown.

A page holds a marker such as ``<!-- generated: dictionary -->``; ``conf.py`` puts the text there
when the manual is built, so that it cannot fall behind the code.
"""

from __future__ import annotations

import typing
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import fields

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from avidity.dictionary.fields import Field, Limits, Table, dictionary
from avidity.papers.paper import Paper
from avidity.papers.pooled import PooledEvidence
from avidity.refractory.catalogue import DEFINITIONS
from avidity.refractory.definition import Definition
from avidity.refractory.describe import describe
from avidity.refractory.switches import Switches
from avidity.report.field_words import shapes
from avidity.steps.check_dates_in_order import ORDERS
from avidity.steps.check_rows import RULES
from avidity.steps.external import External
from avidity.steps.update import Updated

NOTHING = "–"


def table(header: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A Markdown table; a cell is plain text or our own Markdown without bars."""
    lines = ["| " + " | ".join(header) + " |", "|" + "---|" * len(header)]
    lines += ["| " + " | ".join(str(cell) for cell in row) + " |" for row in rows]
    return "\n".join(lines)


def words(text: object) -> str:
    """Plain text that Markdown takes for nothing else."""
    plain = str(text)
    for sign in ("\\", "`", "*", "_", "[", "]", "|", "<"):
        plain = plain.replace(sign, f"\\{sign}")
    return plain


def code(text: object) -> str:
    """A name or a value as it is typed."""
    return f"`{str(text).replace('|', chr(0x2223))}`"


def listed(texts: Iterable[object]) -> str:
    """Names as typed, one after the other."""
    return ", ".join(code(text) for text in texts) or NOTHING


# The data dictionary


def data_dictionary() -> str:
    """Every table and field of the dictionary, and every unit."""
    parts = [_units()]
    parts += [_table(one) for one in dictionary().tables.values()]
    return "\n\n".join(parts)


def _units() -> str:
    rows = []
    compulsory = {
        field.quantity.name
        for one in dictionary().tables.values()
        for field in one.fields.values()
        if field.quantity and field.unit_compulsory
    }
    for quantity in dictionary().quantities.values():
        accepted = ", ".join(
            f"{code(unit)} × {factor}" if factor != 1 else code(unit)
            for unit, factor in quantity.units.items()
        )
        must = "yes" if quantity.name in compulsory else "no"
        rows.append((quantity.name, code(quantity.house), must, accepted))
    head = ("Quantity", "Unit inside", "Must be stated", "Accepted units, and their factor")
    return "## Units\n\n" + table(head, rows)


def _table(one: Table) -> str:
    key = " + ".join(code(name) for name in one.key)
    once = "a key stands once" if one.unique else "a key may stand several times"
    names = listed((one.name, *one.sheets))
    parts = [
        f"(table-{one.name})=\n## {one.name}",
        f"{words(one.about)} Key: {key} ({once}). A sheet or file may be called {names}.",
        table(("Field", "What it holds", "Type", "Must lie", "Unusual outside"), _fields(one)),
    ]
    values = [
        (code(field.name), code(value), listed(spellings))
        for field in one.fields.values()
        for value, spellings in field.values.items()
    ]
    if values:
        parts.append(table(("Field", "Value", "Other spellings accepted"), values))
    headers = [
        (code(field.name), listed(dict.fromkeys((field.label, *field.headers))))
        for field in one.fields.values()
    ]
    parts.append(table(("Field", "Other headers recognised"), headers))
    return "\n\n".join(parts)


def _fields(one: Table) -> Iterable[Sequence[str]]:
    for field in one.fields.values():
        told = words(field.definition)
        if field.measured == "after":
            told += " *Known only with or after the outcome.*"
        yield (
            code(field.name),
            told,
            _type(field),
            _limits(field.hard),
            _limits(field.soft),
        )


def _type(field: Field) -> str:
    told: str = field.type
    if field.unit:
        told += f", {field.unit}"
    if field.unit_compulsory:
        told += " (unit must be stated)"
    if field.censored:
        told += "; \\<0.1 and >500 are kept with their sign"
    return told


def _limits(limits: Limits) -> str:
    if limits.low is None and limits.high is None:
        return NOTHING
    sign = ">" if limits.low_excluded else "≥"
    low = "" if limits.low is None else f"{sign} {limits.low:,g}"
    high = "" if limits.high is None else f"≤ {limits.high:,g}"
    return ", ".join(end for end in (low, high) if end)


def rules() -> str:
    """The rules on fields that cannot stand together, within a row and between dates."""
    rows = [(code(rule.table), words(rule.must), rule.severity) for rule in RULES]
    for order in ORDERS:
        first, then = order.words
        link = "must be before" if order.strict else "must not be after"
        tables = listed(dict.fromkeys(place.split(".")[0] for place in (order.first, order.then)))
        rows.append((tables, f"{first} {link} {then}", order.severity))
    return table(("Table", "What must hold", "Else"), rows)


# The definitions


def definitions() -> str:
    """Every definition we ship: source, criteria, switches, examples."""
    parts = [_overview(), _switches()]
    parts += [_definition(one) for one in DEFINITIONS.values()]
    return "\n\n".join(parts)


def _overview() -> str:
    rows = [
        (f"[{one.name}](#{one.name})", words(one.title), len(one.criteria), len(one.examples))
        for one in DEFINITIONS.values()
    ]
    return table(("Name", "Title", "Criteria", "Example patients"), rows)


def _switches() -> str:
    rows = []
    for field in fields(Switches):
        by_value: dict[str, list[str]] = {}
        for one in DEFINITIONS.values():
            value = getattr(one.switches, field.name)
            by_value.setdefault(_setting(value, field.type == "Answer"), []).append(one.name)
        name = code(field.name)
        for value, names in by_value.items():
            rows.append((name, value, "all" if len(by_value) == 1 else ", ".join(names)))
            name = ""
    return "## Switches, side by side\n\n" + table(("Switch", "Value", "Definitions"), rows)


def _setting(value: object, three_valued: bool) -> str:
    if three_valued and value is None:
        return "not settled"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, tuple):
        return ", ".join(value) or NOTHING
    return NOTHING if value is None else words(value)


def _definition(one: Definition) -> str:
    said = describe(one)
    parts = [
        f"({one.name})=\n## {one.name}",
        (
            f"**{words(one.title)}.** Version {one.version}, digest {code(one.digest)}."
            f" Source: {words(one.source)} ({words(one.where)})."
        ),
    ]
    if one.preconditions:
        parts.append("Asked only where this holds:\n\n" + _bullets(said["preconditions"]))
    parts.append(_criteria(one))
    for title, content in (
        ("How the text was read", one.notes),
        ("Left out, because it is known from memory only", one.not_shipped),
    ):
        if content:
            parts.append(f"{title}:\n\n{_bullets(content)}")
    parts.append(f"Reads {listed(sorted(one.reads))}.")
    if one.entangled:
        parts.append(
            "Fields it does not read but all but decides, so that a model using them goes round"
            f" in a circle:\n\n{_reasons(one.entangled)}"
        )
    parts.append(_examples(one))
    return "\n\n".join(parts)


def _bullets(content: object) -> str:
    lines = content if isinstance(content, list | tuple) else [content]
    return "\n".join(f"- {words(line)}" for line in lines)


def _reasons(entangled: Mapping[str, str]) -> str:
    by_reason: dict[str, list[str]] = {}
    for field, why in entangled.items():
        by_reason.setdefault(why, []).append(field)
    return "\n".join(f"- {listed(names)}: {words(why)}" for why, names in by_reason.items())


BY_ITSELF = {True: "refractory", False: "not enough", None: "keeps the question open"}


def _criteria(one: Definition) -> str:
    rows = []
    for each in one.criteria:
        weight = BY_ITSELF[each.weight(one.switches)]
        rows.append((words(each.code), words(each.wording), words(each.certainty), weight))
    return table(("Criterion", "What it says, in our words", "How surely known", "If met"), rows)


def _examples(one: Definition) -> str:
    answers = {True: "yes", False: "no", None: "cannot say"}
    rows = []
    for each in one.examples:
        by = f" ({words(', '.join(each.met))})" if each.met else ""
        missing = words(each.missing) if each.missing else NOTHING
        rows.append((words(each.why), answers[each.expected] + by, missing))
    head = ("Example patient", "Answer", "What is missing holds the words")
    return f"Examples, each of them a test of the package:\n\n{table(head, rows)}"


# paper.toml


def paper_file() -> str:
    """Every part of a paper file with its keys, what they say and what they take."""
    return "\n\n".join(_paper_part(head, part) for head, part in paper_parts(Paper))


def paper_parts(model: type[BaseModel], above: str = "") -> Iterator[tuple[str, type[BaseModel]]]:
    """Each part with the heading it has in the file."""
    for name, field in model.model_fields.items():
        several = typing.get_origin(field.annotation) is tuple
        inner = typing.get_args(field.annotation)[0] if several else field.annotation
        if isinstance(inner, type) and issubclass(inner, BaseModel):
            path = above + (field.alias or name)
            yield (f"[[{path}]]" if several else f"[{path}]"), inner
            yield from paper_parts(inner, f"{path}.")


def _paper_part(head: str, part: type[BaseModel]) -> str:
    about = (part.__doc__ or "").partition(": ")[2]
    rows = [
        (code(field.alias or name), words(field.description), _takes(field, head), _without(field))
        for name, field in part.model_fields.items()
    ]
    keys = table(("Key", "What it says", "What it takes", "If left out"), rows)
    return f"## `{head}`\n\n{words(about[:1].upper() + about[1:])}\n\n{keys}"


def _takes(field: FieldInfo, head: str) -> str:
    kind = f"{field.annotation} {field.metadata}"
    if "papers.paper" in kind and "Rounded" not in kind:
        return "parts of their own, below"
    if "Rounded" in kind:
        one = "whole number" if "_as_count" in kind else "number"
        twice = ", by both answers" if "cross" in head else ", by answer and then by group"
        return one + ("", ", by group", twice)[kind.count("Mapping[")]
    if "Literal" in kind:
        return listed(f'"{one}"' for one in typing.get_args(field.annotation) if one)
    if "tuple" in kind:
        return "list of names"
    return "`true` or `false`" if field.annotation is bool else "text"


def _without(field: FieldInfo) -> str:
    if field.is_required():
        return "required"
    default = field.get_default(call_default_factory=True)
    if isinstance(default, bool):
        return code(str(default).lower())
    return code(f'"{default}"') if default else NOTHING


def answers() -> str:
    """What the commands beside `avidity study` answer, in the words of the classes; each once."""
    parts: list[str] = []
    told: set[str] = set()
    for command, kind in (("pool", PooledEvidence), ("validate", External), ("update", Updated)):
        parts.append(f"## avidity {command}")
        for name, summary, keys in shapes(kind):
            if name in told:
                continue
            told.add(name)
            rows = [(code(key), words(said) or NOTHING) for key, said in keys.items()]
            parts += [f"### {name}", words(summary), table(("Key", "What it is"), rows)]
    return "\n\n".join(parts)


# The interface for programs


def rest() -> str:
    """Every address with what it takes and gives, the statuses of errors, and the small shapes."""
    from avidity.web.api.app import description
    from avidity.web.api.trouble import KINDS

    made = description()
    by_tag: dict[str, list[tuple[str, str, str, str]]] = {}
    for path, operations in made["paths"].items():
        for method, one in operations.items():
            row = (code(f"{method.upper()} {path}"), _about(one), _sent(one), _given(one))
            by_tag.setdefault(one["tags"][0], []).append(row)
    head = ("Address", "What it does", "Takes", "Gives")
    parts = [f"## {tag.capitalize()}\n\n{table(head, rows)}" for tag, rows in by_tag.items()]
    statuses = [(str(status), kind, words(about)) for status, (kind, about, _) in KINDS.items()]
    parts.append("## Errors\n\n" + table(("Status", "Kind", "Meaning"), statuses))
    parts.append("## Shapes\n\nAnswers that are results of avidity have their own schema there.")
    shapes = made["components"]["schemas"]
    parts += [_shape(name, shapes[name]) for name in sorted(shapes) if _small(name)]
    return "\n\n".join(parts)


def _about(one: Mapping[str, typing.Any]) -> str:
    return words(" ".join(one["description"].split())).replace("\\`", "`")


def _sent(one: Mapping[str, typing.Any]) -> str:
    asked = [code(each["name"]) for each in one.get("parameters", ()) if each["in"] == "query"]
    content = one.get("requestBody", {}).get("content", {})
    return ", ".join([*asked, *(_named(kind, each) for kind, each in content.items())]) or NOTHING


def _given(one: Mapping[str, typing.Any]) -> str:
    status, answer = next(iter(one["responses"].items()))
    kinds = [_named(kind, each) for kind, each in answer.get("content", {}).items()]
    shown = kinds if len(kinds) < 4 else ["the file"]
    return f"{status}: {', '.join(shown)}" if shown else status


def _named(kind: str, content: Mapping[str, typing.Any]) -> str:
    shape = content["schema"]
    several = "list of " if shape.get("type") == "array" else ""
    shape = next(iter(shape.get("anyOf", ())), shape.get("items", shape))
    name = shape.get("$ref", "").rpartition("/")[2]
    return several + (code(name) if name else "texts" if several else kind)


def _small(name: str) -> bool:
    from avidity.web.api.shape import Shape
    from avidity.web.api.trouble import Trouble

    return name == Trouble.__name__ or any(one.__name__ == name for one in _all_of(Shape))


def _all_of(kind: type) -> Iterator[type]:
    for one in kind.__subclasses__():
        yield one
        yield from _all_of(one)


def _shape(name: str, shape: Mapping[str, typing.Any]) -> str:
    rows = [
        (code(key), _kind(one), words(" ".join(one.get("description", "").split())) or NOTHING)
        for key, one in shape["properties"].items()
    ]
    about = words(shape.get("description", ""))
    return f"### {name}\n\n{about}\n\n{table(('Key', 'Kind', 'What it is'), rows)}"


def _kind(one: Mapping[str, typing.Any]) -> str:
    """A type in words: ``integer or null``."""
    if "anyOf" in one:
        return " or ".join(_kind(each) for each in one["anyOf"])
    if "enum" in one or "const" in one:
        return listed(one.get("enum", [one.get("const")]))
    if one.get("type") == "array":
        return f"list of {_kind(one['items'])}"
    if one.get("type") == "object":
        return f"{_kind(one['additionalProperties'])}, by name"
    return code(one["$ref"].rpartition("/")[2]) if "$ref" in one else str(one.get("type", "any"))


PIECES: Mapping[str, Callable[[], str]] = {
    "dictionary": data_dictionary,
    "definitions": definitions,
    "rules": rules,
    "paper": paper_file,
    "answers": answers,
    "rest": rest,
}
