"""The rows of the plan's form: variables made from fields, and reasons for leaving patients out."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from starlette.datastructures import FormData

from avidity.steps.rewrite_blocks import Block
from avidity.study import Condition, Eligibility, Variable
from avidity.web.security.forms import text_of

Row = Mapping[str, str]
NEW = "new"
WAYS = ("at_least", "above", "one_of", "any_of")
ASKS = ("is", "one_of", "at_least", "above", "at_most", "below", "missing")
VARIABLE = (
    "label",
    "source",
    "way",
    "value",
    "among_field",
    "among_way",
    "among_value",
    "beforehand",
)
RULE = ("reason", "field", "way", "value", "unknown")
_WHOLE = re.compile(r"-?\d+")
_NUMBER = re.compile(r"-?\d+(?:[.,]\d+)?(?:[eE]-?\d+)?")
_YES, _NO = ("yes", "true", "oui"), ("no", "false", "non")


def number_of(text: str) -> object:
    """A number as typed, with a comma or a point; what is none stays text and is refused later."""
    plain = "".join(text.split())
    if _WHOLE.fullmatch(plain):
        return int(plain)
    return float(plain.replace(",", ".")) if _NUMBER.fullmatch(plain) else text


def listed(text: str) -> list[str]:
    """What is separated by commas."""
    return [part.strip() for part in text.split(",") if part.strip()]


def said(value: object) -> str:
    """A value of the file as the form shows it."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:g}"
    return ", ".join(map(said, value)) if isinstance(value, list | tuple) else str(value)


def variable_row(one: Variable) -> Row:
    """A variable of study.toml as the form shows it."""
    way = next((way for way in WAYS if getattr(one, way) not in (None, ())), WAYS[0])
    among = _condition(one.among) if one.among else ("", ASKS[0], "")
    return {
        "name": one.name,
        "label": one.label,
        "source": one.from_,
        "way": way,
        "value": said(getattr(one, way)),
        **dict(zip(("among_field", "among_way", "among_value"), among, strict=True)),
        "beforehand": "yes" if one.fixed_beforehand else "",
    }


def rule_row(one: Eligibility) -> Row:
    """A reason for leaving out as the form shows it."""
    asked = dict(zip(("field", "way", "value"), _condition(one), strict=True))
    return {"reason": one.reason, **asked, "unknown": one.unknown}


def _condition(one: Condition) -> tuple[str, str, str]:
    way = one.asked()[0]
    return one.field, way, said(getattr(one, "is_" if way == "is" else way))


def typed_rows(
    form: FormData, kind: str, keys: Sequence[str], before: Sequence[Row]
) -> tuple[Row, ...]:
    """The rows as the form was left; ``gone`` marks those that are to be taken out.

    Where the form did not hold a row, it is as it was.
    """
    rows: list[Row] = []
    for at, row in enumerate(before):
        place = f"{kind}:{at}"
        if not text_of(form, f"{place}:here"):
            rows.append(row)
            continue
        typed = {key: text_of(form, f"{place}:{key}") for key in keys}
        rows.append({**row, **typed, "gone": text_of(form, f"{place}:gone")})
    return tuple(rows)


def typed_new(form: FormData, kind: str, keys: Sequence[str]) -> Row:
    """The empty row at the end, as it was left."""
    return {key: text_of(form, f"{kind}:{NEW}:{key}") for key in keys}


def blocks(
    before: Sequence[Row], wanted: Sequence[Row], new: Mapping[str, object] | None, kind: str
) -> list[Block]:
    """What becomes of the file's blocks: kept as they are, changed, left out, or one added."""
    content = variable_content if kind == "variable" else rule_content
    known = len(before)
    kept = [
        Block(at, None if _plain(row) == dict(before[at]) else content(row))
        if at < known
        else Block(None, content(row))
        for at, row in enumerate(wanted)
        if not row.get("gone")
    ]
    return [*kept, *([Block(None, new)] if new else [])]


def _plain(row: Row) -> dict[str, str]:
    return {key: value for key, value in row.items() if key != "gone"}


def variable_content(row: Row) -> dict[str, object]:
    """What a block [[variable]] says; what was left empty is left out."""
    way, value = row.get("way") or WAYS[0], row.get("value", "")
    found: dict[str, object] = {"name": row.get("name", "")}
    if row.get("label"):
        found["label"] = row["label"]
    if way == "any_of":
        found[way] = listed(value)
    else:
        found["from"] = row.get("source", "")
        found[way] = listed(value) if way == "one_of" else number_of(value)
    if row.get("among_field"):
        asked = (row["among_field"], row.get("among_way", ""), row.get("among_value", ""))
        found["among"] = _asked(*asked)
    if row.get("beforehand"):
        found["fixed_beforehand"] = True
    return found


def rule_content(row: Row) -> dict[str, object]:
    """What a block [[eligibility]] says."""
    asked = _asked(row.get("field", ""), row.get("way", ""), row.get("value", ""))
    rest = {"unknown": row["unknown"]} if row.get("unknown") == "keep" else {}
    return {"reason": row.get("reason", ""), **asked, **rest}


def _asked(field: str, way: str, value: str) -> dict[str, object]:
    found: object = value
    if way == "one_of":
        found = [_scalar(one) for one in listed(value)]
    elif way in ("is", "missing"):
        found = _scalar(value)
    else:
        found = number_of(value)
    return {"field": field, way or ASKS[0]: found}


def _scalar(text: str) -> object:
    plain = text.casefold()
    return True if plain in _YES else False if plain in _NO else number_of(text)


def names_gone(rows: Iterable[Row]) -> frozenset[str]:
    """Variables that are to be taken out: nothing may name them any more."""
    return frozenset(row.get("name", "") for row in rows if row.get("gone"))


def forgotten(form: FormData) -> frozenset[str]:
    """What the data do not have, where a person asks that the plan names it no more."""
    if not text_of(form, "forget"):
        return frozenset()
    return frozenset(one for one in form.getlist("unknown") if isinstance(one, str))


def without(rows: Sequence[Row], names: frozenset[str]) -> tuple[Row, ...]:
    """The rows, those that ask one of these fields marked as taken out."""
    return tuple({**row, "gone": "yes"} if row.get("field") in names else row for row in rows)
