"""The plain settings of study.toml that the plan's form shows as they are: one key, one field."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import get_args

from pydantic import BaseModel
from starlette.datastructures import FormData

from avidity.dictionary.fields import dictionary
from avidity.study import ReportWishes, Sound, Study
from avidity.web.plan_rows import listed, number_of, said
from avidity.web.security.forms import text_of


@dataclass(frozen=True, slots=True)
class Setting:
    """One key.

    kind     "text", "number", "numbers", "choice" or "many"
    choices  of the last two
    """

    section: str
    key: str
    kind: str
    choices: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """Its name in the form."""
        return f"{self.section}.{self.key}"


def _among(model: type[BaseModel], field: str) -> tuple[str, ...]:
    """The values a list or a choice may hold, as the study file's own types say."""
    told = get_args(model.model_fields[field].annotation)
    return get_args(told[0]) if told and get_args(told[0]) else told


SETTINGS = (
    Setting("study", "title", "text"),
    Setting("study", "setting", "text"),
    Setting("study", "period", "text"),
    Setting("study", "authors", "text"),
    Setting("study", "made_data", "text"),
    Setting("outcome", "label", "text"),
    Setting("outcome", "yes_label", "text"),
    Setting("outcome", "no_label", "text"),
    Setting("records", "complete", "many", tuple(dictionary().tables)),
    Setting("study", "confidence", "number"),
    Setting("study", "seed", "number"),
    Setting("sound", "p_stay", "number"),
    Setting("sound", "penalised", "many", _among(Sound, "penalised")),
    Setting("sound", "imputations", "number"),
    Setting("sound", "iterations", "number"),
    Setting("sound", "separated", "choice", _among(Sound, "separated")),
    Setting("sound", "thresholds", "numbers"),
    Setting("report", "formats", "many", _among(ReportWishes, "formats")),
)


def settings_of(study: Study) -> dict[str, str]:
    """Every setting as the form shows it."""
    parts = {"study": study.about, "outcome": study.outcome, "records": study.records}
    parts |= {"sound": study.sound, "report": study.report}
    return {one.name: said(getattr(parts[one.section], one.key)) for one in SETTINGS}


def typed_settings(form: FormData, before: Mapping[str, str]) -> dict[str, str]:
    """The settings as the form was left; one it did not show is as it was."""
    found = dict(before)
    for one in SETTINGS:
        place = f"set:{one.name}"
        if one.kind == "many":
            if text_of(form, f"{place}:here"):
                chosen = [part for part in form.getlist(place) if isinstance(part, str)]
                known = [part for part in listed(before[one.name]) if part in chosen]
                found[one.name] = ", ".join(dict.fromkeys([*known, *chosen]))
        elif place in form:
            found[one.name] = text_of(form, place)
    return found


def settings_changed(
    before: Mapping[str, str], wanted: Mapping[str, str]
) -> Iterable[tuple[tuple[str, ...], object]]:
    """Only what differs; what was emptied is left out of the file, and is its default again."""
    for one in SETTINGS:
        text = wanted.get(one.name, before[one.name])
        if text == before[one.name]:
            continue
        value: object = text
        if one.kind == "number":
            value = number_of(text)
        elif one.kind == "numbers":
            value = [number_of(part) for part in text.split(", ")]
        elif one.kind == "many":
            value = listed(text)
        yield (one.section, one.key), value if text or one.kind == "many" else None
