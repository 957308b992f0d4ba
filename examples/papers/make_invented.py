"""Write three invented papers, each from a made cohort, so that nothing in them is impossible.

    python examples/papers/make_invented.py

Nobody published these papers and none of their patients exists. Beside each paper.toml lies the
cohort it was counted from, so that what is rebuilt from the paper can be held against the truth.
Only ``random.random()`` is drawn on, whose sequence Python promises to keep.
"""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from statistics import NormalDist

import numpy as np
from invented_figures import Cohort, Printer, coefficients, write_cohort

HERE = Path(__file__).resolve().parent
MADE_UP = "Nobody published this paper: it was made by a program, and its patients do not exist."


class Dice:
    """Chance, seeded, and the same on every machine."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed).random  # noqa: S311  # no secret hangs on it

    def chance(self, probability: float) -> bool:
        """True with this probability."""
        return self._random() < probability

    def normal(self, mean: float, sd: float) -> float:
        """A number from a normal curve."""
        return NormalDist(mean, sd).inv_cdf(0.000001 + 0.999998 * self._random())

    def whole(self, mean: float, sd: float, low: int, high: int) -> int:
        """A whole number from a normal curve, within its ends."""
        return min(high, max(low, round(self.normal(mean, sd))))


def logistic(value: float) -> float:
    """The risk of a log-odds."""
    return float(1 / (1 + np.exp(-value)))


def drawn(
    seed: int, sizes: tuple[int, int], patient: Callable[[Dice], tuple[dict[str, object], float]]
) -> Cohort:
    """Patients drawn one after the other, until both groups are full."""
    dice = Dice(seed)
    rows: tuple[list[dict[str, object]], ...] = ([], [])
    while any(len(kept) < size for kept, size in zip(rows, sizes, strict=True)):
        values, line = patient(dice)
        which = 0 if dice.chance(logistic(line)) else 1
        if len(rows[which]) < sizes[which]:
            rows[which].append(values)
    sick = [True] * sizes[0] + [False] * sizes[1]
    return Cohort({key: [row[key] for row in rows[0] + rows[1]] for key in rows[0][0]}, sick)


class Text:
    """The text of a paper file, put together part by part."""

    def __init__(self, title: str, sizes: tuple[int, int], note: str) -> None:
        self.lines = [f"# {MADE_UP}", "# Written by make_invented.py; do not edit.", f"# {note}"]
        self.part("[paper]", title=title, outcome="radioiodine-refractory", made_up=MADE_UP)
        labels = (("rair", "Refractory", sizes[0]), ("other", "Not refractory", sizes[1]))
        for name, label, n in labels:
            event = {"event": True} if name == "rair" else {}
            self.part("[[group]]", name=name, label=label, n=str(n), **event, where="Table 1")
        total = sum(sizes)
        self.part("[flow]", screened=str(total + 31), included=str(total))
        self.part("[[flow.left]]", reason="incomplete follow-up", n="31")

    def part(self, head: str, **keys: object) -> None:
        """One heading with its keys; a key's ``__`` is a point, a final ``_`` falls away."""
        self.lines += ["", head]
        self.lines += [f"{_key(key)} = {_value(value)}" for key, value in keys.items()]

    def numbers(self, rows: Mapping[str, tuple[str, str, str]]) -> None:
        """Variables that are numbers: label, unit, step."""
        for name, (label, unit, step) in rows.items():
            self.part("[[variable]]", name=name, label=label, kind="number", unit=unit, step=step)

    def yes_no(self, rows: Mapping[str, str]) -> None:
        """Variables that are yes or no, with their labels."""
        for name, label in rows.items():
            self.part("[[variable]]", name=name, label=label)

    def stated(self, fact: str, printed: object, where: str = "Abstract") -> None:
        """A figure once more."""
        self.part("[[statement]]", fact=fact, printed=printed, where=where)

    def write(self, folder: Path) -> None:
        """Put the file into its folder."""
        folder.mkdir(exist_ok=True)
        (folder / "paper.toml").write_text("\n".join(self.lines) + "\n", "utf-8")


def _key(key: str) -> str:
    return key.removesuffix("_").replace("__", ".")


def _value(value: object) -> str:
    if isinstance(value, Mapping):
        return "{ " + ", ".join(f"{key} = {_value(one)}" for key, one in value.items()) + " }"
    if isinstance(value, Sequence) and not isinstance(value, str):
        return "[" + ", ".join(_value(one) for one in value) + "]"
    return json.dumps(value, ensure_ascii=False)


# ---- a: Welch's t test and Fisher's test, a category of four levels, a model with its intercept --


def patient_a(dice: Dice) -> tuple[dict[str, object], float]:
    """Age, thyroglobulin, and what goes with them."""
    age = dice.whole(49, 15, 18, 84)
    metastasis = dice.chance(0.3)
    vascular = dice.chance(0.45 if metastasis else 0.25)
    line = -1.7 + 1.0 * (age >= 55) + 1.9 * metastasis + 0.9 * vascular
    spread = dice.normal(0, 1)
    stages = ("t1", "t2", "t3", "t4")
    stage = stages[min(3, max(0, int(1.4 + 0.9 * dice.normal(0, 1) + 0.5 * (line > -0.5))))]
    thyroglobulin = round(max(0.2, 12 + 4 * line + 7 * spread), 1)
    told = {"age": age, "thyroglobulin": thyroglobulin, "male": dice.chance(0.3)}
    told |= {"metastasis": metastasis, "vascular": vascular, "t_stage": stage}
    return told | {"age_55": age >= 55}, line


def paper_a() -> tuple[Text, Cohort]:
    """120 patients; p to three digits, ratios to two."""
    sizes = (40, 80)
    cohort = drawn(411, sizes, patient_a)
    text = Text("Invented paper A", sizes, "Welch's t test, Fisher's test, one row of four levels.")
    text.numbers({"age": ("Age", "years", "1"), "thyroglobulin": ("Thyroglobulin", "ng/mL", "0.1")})
    text.part("[[variable]]", name="age_55", label="Age ≥ 55 years", from_="age", at_least="55")
    labels = {"male": "Male sex", "metastasis": "Distant metastasis"}
    text.yes_no(labels | {"vascular": "Vascular invasion"})
    levels = ("t1", "t2", "t3", "t4")
    text.part("[[variable]]", name="t_stage", kind="category", levels=levels, ordered=True)
    show = Printer(cohort, numbers="welch t", counts="fisher", p_digits=3, percent_digits=0)
    for name in ("age", "thyroglobulin"):
        text.part("[[row]]", variable=name, **show.means(name, 2))
    for name in ("age_55", "male", "metastasis", "vascular"):
        text.part("[[row]]", variable=name, **show.yes_no(name))
    text.part("[[row]]", variable="t_stage", **show.levels("t_stage", levels))
    text.part(
        "[[cross]]",
        name="spread",
        rows="metastasis",
        columns="vascular",
        where="Table 3",
        **show.cross("metastasis", "vascular"),
    )
    curve = show.curve("thyroglobulin", 3, 1)
    text.part("[[roc]]", variable="thyroglobulin", where="Fig. 2", comparison="at_least", **curve)
    terms = {name: cohort.yes(name) for name in ("age_55", "metastasis", "vascular")}
    model = coefficients(cohort, terms, digits=2, p_digits=3)
    text.part("[[model]]", name="final", where="Table 2", **model.whole)
    for name, line in model.lines.items():
        text.part("[[model.term]]", variable=name, **line)
    text.stated("group.rair.n", "40")
    text.stated("roc.thyroglobulin.auc", show.curve("thyroglobulin", 2, 1)["auc"])
    text.stated("row.metastasis.count.yes.all", str(sum(cohort.yes("metastasis"))), "Results")
    text.part(
        "[methods]",
        numbers="welch t",
        counts="fisher",
        alpha="0.05",
        candidates=tuple(terms),
        cutoffs="fixed beforehand",
        software="avidity",
        missing="no value was missing",
        validation="none",
    )
    return text, cohort


# ---- b: pooled t test and Pearson's test, a predictor of three levels in the model ---------------


def patient_b(dice: Dice) -> tuple[dict[str, object], float]:
    """Age, diameter, stage."""
    stage = ("i", "ii", "iii")[int(dice.chance(0.55)) + int(dice.chance(0.35))]
    extension = dice.chance(0.2 + 0.2 * (stage == "iii"))
    age, diameter = dice.whole(47, 12, 20, 80), dice.whole(24, 8, 4, 70)
    line = -1.6 + {"i": 0.0, "ii": 0.8, "iii": 1.7}[stage] + 0.9 * extension + 0.05 * (age - 47)
    told = {"age": age, "diameter": diameter + round(1.5 * line), "female": dice.chance(0.7)}
    return told | {"extension": extension, "stage": stage}, line


def paper_b() -> tuple[Text, Cohort]:
    """90 patients; one decimal, ratios to two."""
    sizes = (30, 60)
    cohort = drawn(902, sizes, patient_b)
    text = Text("Invented paper B", sizes, "Pooled t test, Pearson's test, a stage in the model.")
    text.numbers({"age": ("Age", "years", "1"), "diameter": ("Diameter", "mm", "1")})
    text.yes_no({"female": "Female sex", "extension": "Extrathyroidal extension"})
    levels = ("i", "ii", "iii")
    text.part("[[variable]]", name="stage", kind="category", levels=levels, ordered=True)
    show = Printer(cohort, numbers="pooled t", counts="pearson", p_digits=3, percent_digits=1)
    for name in ("age", "diameter"):
        text.part("[[row]]", variable=name, **show.means(name, 1))
    for name in ("female", "extension"):
        text.part("[[row]]", variable=name, **show.yes_no(name))
    text.part("[[row]]", variable="stage", **show.levels("stage", levels))
    text.part("[[roc]]", variable="age", where="Fig. 1", **show.curve("age", 2, 0))
    terms = {f"stage={level}": cohort.at("stage", level) for level in levels[1:]}
    terms["extension"] = cohort.yes("extension")
    model = coefficients(cohort, terms, digits=2, p_digits=3)
    whole = {key: model.whole[key] for key in ("confidence", "n", "minus_2ll", "nagelkerke")}
    text.part("[[model]]", name="final", where="Table 2", **whole)
    for name, line in model.lines.items():
        variable, _, level = name.partition("=")
        which = {"level": level, "reference": "i"} if level else {}
        text.part("[[model.term]]", variable=variable, **which, **line)
    text.stated("flow.included", "90")
    methods = {"numbers": "pooled t", "counts": "pearson", "cutoffs": "found in these data"}
    text.part("[methods]", **methods, cutoffs_by="Youden's index", validation="none")
    return text, cohort


# ---- c: rank test, medians, four yes/no predictors ----------------------------------------------


def patient_c(dice: Dice) -> tuple[dict[str, object], float]:
    """A skewed number and four signs."""
    signs = {"nodes": 0.45, "lung": 0.2, "bone": 0.12, "braf": 0.55}
    told: dict[str, object] = {name: dice.chance(share) for name, share in signs.items()}
    weights = {"nodes": 0.7, "lung": 1.5, "bone": 1.3, "braf": 0.8}
    line = -1.9 + sum(weights[name] * bool(told[name]) for name in signs)
    size = round(float(np.exp(3.0 + 0.18 * line + 0.45 * dice.normal(0, 1))))
    courses = 1 + int(dice.chance(0.6)) + int(dice.chance(0.35)) + int(dice.chance(0.2))
    return {"size": max(2, size), "courses": courses} | told, line


def paper_c() -> tuple[Text, Cohort]:
    """150 patients; p to two digits, ratios to three."""
    sizes = (50, 100)
    cohort = drawn(73, sizes, patient_c)
    text = Text("Invented paper C", sizes, "Rank test, medians and quartiles, four predictors.")
    numbers = {"size": ("Size", "mm", "1"), "courses": ("Courses of radioiodine", "", "1")}
    text.numbers(numbers)
    names = {"nodes": "Lateral nodes", "lung": "Lung metastasis", "bone": "Bone metastasis"}
    text.yes_no(names | {"braf": "BRAF V600E"})
    show = Printer(cohort, numbers="mann-whitney", counts="pearson", p_digits=2, percent_digits=1)
    for name in numbers:
        text.part("[[row]]", variable=name, **show.medians(name))
    for name in (*names, "braf"):
        text.part("[[row]]", variable=name, **show.yes_no(name))
    text.part("[[roc]]", variable="size", where="Fig. 1", **show.curve("size", 3, 1))
    text.part("[[model]]", name="alone", kind="univariable", where="Table 2", confidence="95")
    for name in (*names, "braf"):
        alone = coefficients(cohort, {name: cohort.yes(name)}, digits=3, p_digits=3)
        text.part("[[model.term]]", variable=name, **alone.lines[name])
    terms = {name: cohort.yes(name) for name in (*names, "braf")}
    model = coefficients(cohort, terms, digits=3, p_digits=3)
    text.part("[[model]]", name="together", where="Table 3", confidence="95")
    for name, line in model.lines.items():
        text.part("[[model.term]]", variable=name, **line)
    methods = {"numbers": "mann-whitney", "counts": "pearson", "screen_p": "0.05"}
    text.part("[methods]", **methods, candidates=tuple(terms), cutoffs="found in these data")
    return text, cohort


PAPERS = {"invented-a": paper_a, "invented-b": paper_b, "invented-c": paper_c}


def write(where: Path) -> None:
    """All three, each into its own folder."""
    for name, made in PAPERS.items():
        text, cohort = made()
        text.write(where / name)
        write_cohort(cohort, where / name / "cohort.csv")


if __name__ == "__main__":
    write(HERE)
    print(*(HERE.name + "/" + name for name in PAPERS), sep="\n")
