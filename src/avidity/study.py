"""The question a study asks, frozen, as read from study.toml.

Nothing here looks at data. Names of fields are the data dictionary's (``avidity.dictionary``)
or those a study declares itself under ``[columns.<table>."<header>"]``.
"""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Mapping
from pathlib import Path, PureWindowsPath
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator
from pydantic_core import ErrorDetails

from avidity.errors import StudyFileError
from avidity.said import joined, say, sentence, term

Scalar = bool | int | float | str
FieldType = Literal["yes/no", "number", "integer", "category", "date", "text"]
Policy = Literal["paper", "spss", "modern"]
LARGEST = 2_000_000  # signs of a TOML file
DEEPEST = 100  # tables in tables


class _Frozen(BaseModel):
    """Every part of a study file: frozen, and a word it does not know is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


class About(_Frozen):
    """[study]: what the report's first page says of the study."""

    title: str = Field(min_length=1)
    setting: str = ""
    period: str = ""
    authors: str = ""
    seed: int = Field(default=20240101, ge=0)
    confidence: float = Field(default=0.95, gt=0.5, lt=1)
    made_data: str = ""  # a sentence, shown on the first page, when the patients are not real


class Column(_Frozen):
    """[columns.<table>."<header>"]: what a column of the user's own table holds."""

    field: str = ""  # the dictionary's name, or a name of the study's own; the header if empty
    label: str = ""
    type: FieldType | None = None
    unit: str = ""
    values: Mapping[str, tuple[str, ...]] = Field(default_factory=dict)  # code -> as written
    low: float | None = None  # hard limits
    high: float | None = None
    measured: Literal["before", "after"] = "before"  # the outcome; "after" is flagged as leaking
    ignore: bool = False


class Condition(_Frozen):
    """One field and one thing asked of it; the answer is yes, no or cannot say."""

    field: str
    is_: Scalar | None = Field(default=None, alias="is")
    one_of: tuple[Scalar, ...] = ()
    at_least: float | None = None
    above: float | None = None
    at_most: float | None = None
    below: float | None = None
    missing: bool | None = None

    @model_validator(mode="after")
    def _asks_one_thing(self) -> Condition:
        asked = self.asked()
        if len(asked) != 1:
            wants = "is, one_of, at_least, above, at_most, below or missing"
            raise ValueError(
                say(
                    "needs exactly one of {wants}; found {what}",
                    wants=wants,
                    what=", ".join(asked) or "none",
                )
            )
        return self

    def asked(self) -> tuple[str, ...]:
        """The names of the things asked (exactly one in a valid condition)."""
        return tuple(
            name.rstrip("_")
            for name in ("is_", "one_of", "at_least", "above", "at_most", "below", "missing")
            if getattr(self, name) not in (None, ())
        )


class Eligibility(Condition):
    """[[eligibility]]: who is left out, in the order written."""

    reason: str = Field(min_length=1)
    unknown: Literal["exclude", "keep"] = "exclude"  # when the record cannot say


class Variable(_Frozen):
    """[[variable]]: a yes/no variable made from fields of the patients table."""

    name: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    label: str = ""
    from_: str = Field(default="", alias="from")
    one_of: tuple[Scalar, ...] = ()
    at_least: float | None = None
    above: float | None = None
    any_of: tuple[str, ...] = ()  # yes/no fields; one yes is enough
    among: Condition | None = None  # others have no value here, and are counted as not applicable
    fixed_beforehand: bool = False  # a cut-off chosen before these data were seen

    @model_validator(mode="after")
    def _made_in_one_way(self) -> Variable:
        ways = [bool(self.one_of), self.at_least is not None, self.above is not None]
        if bool(self.any_of) == bool(self.from_) or sum(ways) != (0 if self.any_of else 1):
            raise ValueError(
                "needs either any_of = [fields], or from = field with exactly one of"
                " one_of, at_least or above"
            )
        return self


class Outcome(_Frozen):
    """[outcome]: computed under a named definition, or a column that was decided already."""

    definition: str = ""
    column: str = ""
    yes: tuple[Scalar, ...] | Scalar | None = None
    no: tuple[Scalar, ...] | Scalar | None = None
    switches: Mapping[str, Scalar | tuple[str, ...]] = Field(default_factory=dict)
    cannot_say: Literal["exclude", "yes", "no"] = "exclude"
    overrides: str = ""  # a file of answers given by a physician, each with a reason
    label: str = "radioiodine-refractory"
    yes_label: str = "Refractory"
    no_label: str = "Not refractory"

    @model_validator(mode="after")
    def _decided_in_one_way(self) -> Outcome:
        if bool(self.definition) == bool(self.column):
            raise ValueError("needs either definition = NAME or column = HEADER, and not both")
        if self.column and (self.yes is None or self.no is None):
            raise ValueError("a column needs yes = and no =, the values that mean each")
        return self


class Table1(_Frozen):
    """[table1]: how the groups are compared."""

    policy: Policy = "modern"
    variables: tuple[str, ...] = ()  # empty: every field of the patients table fit for it
    tests: Mapping[str, str] = Field(default_factory=dict)  # variable -> a test of its own


class Cutoffs(_Frozen):
    """[cutoffs]: continuous predictors and where they are cut."""

    fields: tuple[str, ...] = ()
    fixed: Mapping[str, float] = Field(default_factory=dict)  # chosen before these data
    lower_means_case: tuple[str, ...] = ()


class Screen(_Frozen):
    """[model.screen]: candidates that pass a univariable p value enter the model.

    With ``terms`` beside it the terms are the model, and the screen is the way they were found:
    it is shown, and the validation repeats it.
    """

    candidates: tuple[str, ...] = Field(min_length=1)
    p_below: float = Field(default=0.05, gt=0, le=1)


class Model(_Frozen):
    """[model]: which variables, and which principle gives interval and p together."""

    univariable: tuple[str, ...] = ()  # empty: the terms or the candidates
    terms: tuple[str, ...] = ()
    screen: Screen | None = None
    principle: Literal["wald", "profile"] = "wald"
    per: Mapping[str, Annotated[float, Field(gt=0)]] = Field(default_factory=dict)
    # field -> the step its odds ratio is for; 1 unit, or a power of ten where the spread is wide


class Sound(_Frozen):
    """[sound]: the study as it should be done, beside the way it is usually done."""

    terms: tuple[str, ...] = ()  # empty: the variables of [model], each cut-off as its number
    knots: Mapping[str, Literal[3, 4, 5]] = Field(default_factory=dict)  # others are linear
    selection: Literal["declared", "backward aic", "backward p"] = "declared"
    p_stay: float = Field(default=0.157, gt=0, lt=1)  # of "backward p"; 0.157 is the AIC's own
    penalised: tuple[Literal["lasso", "ridge"], ...] = ()  # shown beside, among all candidates
    imputations: int = Field(default=20, ge=0, le=200)  # 0: complete cases only
    iterations: int = Field(default=10, ge=1, le=100)  # of the chained equations
    resamples: int = Field(default=1000, ge=0, le=100_000)  # 0: no validation
    separated: Literal["firth", "drop"] = "firth"  # what becomes of a separated resample
    thresholds: tuple[float, float] = (0.05, 0.6)  # risks between which net benefit is shown
    weights: str = ""  # a file of the validation's resamples: how often each patient is in them
    draws: str = ""  # the same as the ids of the patients drawn

    @model_validator(mode="after")
    def _thresholds_rise(self) -> Sound:
        low, high = self.thresholds
        if not 0 < low < high < 1:
            raise ValueError("thresholds must be two risks, 0 < low < high < 1")
        return self

    @model_validator(mode="after")
    def _resamples_come_from_one_place(self) -> Sound:
        if self.weights and self.draws:
            raise ValueError("needs weights = FILE or draws = FILE, and not both")
        if self.replayed and self.resamples == 0:
            raise ValueError(
                say(
                    "resamples = 0 asks for no validation; {replayed} holds one",
                    replayed=self.replayed,
                )
            )
        return self

    @property
    def replayed(self) -> str:
        """The file the validation's resamples are read from; empty when they are drawn."""
        return self.weights or self.draws


class Records(_Frozen):
    """[records]: what the department vouches for."""

    # tables that hold every such record of every patient, so that "none" means none
    complete: tuple[str, ...] = ()


class ReportWishes(_Frozen):
    """[report]: what is written."""

    formats: tuple[Literal["html", "docx", "xlsx", "pdf", "json", "figures", "model"], ...] = (
        "html",
        "docx",
        "xlsx",
        "pdf",
        "json",
        "figures",
        "model",
    )


class Published(_Frozen):
    """[published]: a paper's printed figures to hold against ours."""

    file: str = "published.toml"


class Study(_Frozen):
    """A study file, checked; ``folder`` and ``sha256`` say which file it was."""

    about: Annotated[About, Field(alias="study")]
    outcome: Outcome
    tables: Mapping[str, str] = Field(default_factory=dict)
    workbook: str = ""
    columns: Mapping[str, Mapping[str, Column]] = Field(default_factory=dict)
    records: Records = Field(default_factory=Records)
    eligibility: tuple[Eligibility, ...] = ()
    variables: Annotated[tuple[Variable, ...], Field(alias="variable")] = ()
    table1: Table1 = Field(default_factory=Table1)
    cutoffs: Cutoffs = Field(default_factory=Cutoffs)
    model: Model = Field(default_factory=Model)
    sound: Sound = Field(default_factory=Sound)
    report: ReportWishes = Field(default_factory=ReportWishes)
    published: Published | None = None
    folder: Path = Path()
    sha256: str = ""

    @model_validator(mode="after")
    def _names_are_used_once(self) -> Study:
        names = [variable.name for variable in self.variables]
        if twice := sorted({name for name in names if names.count(name) > 1}):
            raise ValueError(
                say(
                    "[[variable]] name must be used once; used again: {names}",
                    names=", ".join(twice),
                )
            )
        return self

    def under(self, definition: str) -> Study:
        """The same study with the outcome decided under another definition."""
        same = definition == self.outcome.definition
        switches = self.outcome.switches if same else {}  # those of another definition are its own
        outcome = self.outcome.model_copy(
            update={"definition": definition, "column": "", "switches": switches}
        )
        return self.model_copy(update={"outcome": outcome})


def read_study(folder: Path) -> Study:
    """The study in a folder (or in the study.toml itself).

    raises  StudyFileError with every fault of the file in one message
    """
    path = folder if folder.is_file() else folder / "study.toml"
    if not path.is_file():
        raise StudyFileError(
            say(
                "there must be a study.toml in {folder}; none was found. 'avidity init {folder}'"
                " makes one",
                folder=folder,
            )
        )
    raw, _ = load_toml(path)
    return study_of(raw, path.parent, path.name)


def study_of(raw: bytes, folder: Path, name: str = "study.toml") -> Study:
    """The study a file's bytes describe, as if they stood in a folder.

    raises  StudyFileError with every fault of the file in one message
    """
    content = _parsed(raw, name)
    if {"folder", "sha256"} & set(content):
        raise StudyFileError(
            say("{name}: 'folder' and 'sha256' are no words of a study file", name=name)
        )
    digest = hashlib.sha256(raw).hexdigest()
    try:
        study = Study.model_validate({**content, "folder": folder, "sha256": digest})
    except ValidationError as error:
        said = joined(faults(error), "; ")
        raise StudyFileError(say("{name}: {what}", name=name, what=said)) from None
    _inside(study)
    return study


def load_toml(path: Path) -> tuple[bytes, dict[str, Any]]:
    """A TOML file's bytes and content.

    raises  StudyFileError when it cannot be read or is no TOML
    """
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise StudyFileError(
            say("{path} cannot be read: {strerror}", path=path.name, strerror=error.strerror)
        ) from None
    return raw, _parsed(raw, path.name)


def _parsed(raw: bytes, name: str) -> dict[str, Any]:
    try:
        return toml_of(raw.decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise StudyFileError(
            say("{name} must be UTF-8 text; save it as UTF-8", name=name)
        ) from None
    except tomllib.TOMLDecodeError as error:
        raise StudyFileError(
            say("{name} is no valid TOML: {error}", name=name, error=error)
        ) from None


def toml_of(text: str) -> dict[str, Any]:
    """The content of a TOML file.

    raises  tomllib.TOMLDecodeError; also for what no hand has written and what would take the
            parser minutes or all its room: names of hundreds of parts, lists in lists without end
    """
    if len(text) > LARGEST:
        raise tomllib.TOMLDecodeError(say("it must have at most {most} signs", most=f"{LARGEST:,}"))
    if any(_parts_of_a_name(line) > DEEPEST for line in text.splitlines()):
        raise tomllib.TOMLDecodeError(say("a name has too many parts"))
    try:
        content = tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        raise
    except RecursionError:
        raise tomllib.TOMLDecodeError(_endless()) from None
    except ValueError:  # Python's own bound
        raise tomllib.TOMLDecodeError(say("a number has too many digits")) from None
    level: list[Any] = [content]
    for _ in range(DEEPEST):
        level = [
            inner
            for one in level
            for inner in (one.values() if isinstance(one, dict) else one)
            if isinstance(inner, dict | list)
        ]
    if level:
        raise tomllib.TOMLDecodeError(_endless())
    return content


def _endless() -> str:
    return say("lists or tables stand in one another without end")


def _parts_of_a_name(line: str) -> int:
    """How many parts the longest dotted name of a line may have."""
    longest = run = 0
    for part in line.split(".") if line.count(".") > DEEPEST else ():
        run = 1 if "," in part else run + 1
        longest = max(longest, run)
    return longest


def _inside(study: Study) -> None:
    """A study is a folder: what stands elsewhere is no part of it, and may be somebody else's."""
    named = {"workbook": study.workbook, "[sound]": study.sound.replayed}
    named |= {f"[tables] {table}": told for table, told in study.tables.items()}
    named |= {"[published] file": study.published.file} if study.published else {}
    for key, name in named.items():
        path = PureWindowsPath(name)  # knows the separators and roots of every system
        if path.root or path.drive or ".." in path.parts or "\0" in name:
            said = say(
                "{key} must be a file in the study's folder; {name} is not", key=key, name=name
            )
            raise StudyFileError(said)


def faults(error: ValidationError) -> list[str]:
    """Each fault of a settings file as 'place: what must hold, found what'."""
    sentences: list[str] = []
    for fault in error.errors(include_url=False):
        place = ".".join(str(step) for step in fault["loc"]) or term("the file")
        found, must = fault["input"], _must(fault)
        plain = isinstance(found, bool | int | float | str) and fault["type"] != "missing"
        sentences.append(
            say("{place}: {must}, found {found}", place=place, must=must, found=repr(found))
            if plain
            else say("{place}: {must}", place=place, must=must)
        )
    return sentences


def _must(fault: ErrorDetails) -> str:
    """What must hold: our own sentence, or that of the library, which we know in part."""
    context = fault.get("ctx", {})
    own = context.get("error")
    if isinstance(own, ValueError) and own.args:
        return sentence(str(own))
    text = fault["msg"].replace("Input should", "must")
    known = (
        say("must be {expected}", expected=context.get("expected", "")),
        say("must be greater than {gt}", gt=context.get("gt", "")),
        say("must be greater than or equal to {ge}", ge=context.get("ge", "")),
        say("must be less than {lt}", lt=context.get("lt", "")),
        say("must be less than or equal to {le}", le=context.get("le", "")),
        say("must be a valid integer, unable to parse string as an integer"),
        say("must be a valid integer"),
        say("must be a valid number, unable to parse string as a number"),
        say("must be a valid number"),
        say("must be a valid string"),
        say("must be a valid boolean"),
        say("must be a valid tuple"),
        say("must be a valid dictionary"),
        say("must be a valid list"),
        say("Extra inputs are not permitted"),
        say("Field required"),
    )
    return next((one for one in known if one == text), sentence(text))
