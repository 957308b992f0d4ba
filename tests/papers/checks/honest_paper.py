"""Papers that nobody published and that are honest: real cohorts of numbers, real tests, printed.

Every figure comes from the same patients by a real method and is only rounded; what is left
open is what authors choose: tests, decimals, missing values told or not, Wald or profile.
"""

from __future__ import annotations

from decimal import ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal

import numpy as np

from avidity.errors import AnalysisError
from avidity.papers.paper import Paper
from avidity.stats import contingency, fisher, means, ranks
from avidity.stats.forensic.count_candidates import WALD, count_candidates
from avidity.stats.logistic import fit, profile
from avidity.stats.roc import roc

GROUPS = ("case", "control")


def honest_paper(seed: int) -> Paper:
    """One honest paper; the same seed gives the same one."""
    return Paper.model_validate(honest_content(seed))


def honest_content(seed: int) -> dict:
    """The same before it is frozen, as a paper file holds it."""
    return _Author(np.random.default_rng(seed)).write()


class _Author:
    def __init__(self, chance: np.random.Generator) -> None:
        self.chance = chance
        self.rule = chance.choice([ROUND_HALF_UP, ROUND_HALF_EVEN])
        self.digits = int(chance.integers(1, 4))  # of means and SDs
        self.percent_digits = int(chance.integers(0, 3))
        self.p_digits = int(chance.integers(2, 4))
        self.zeros = bool(chance.random() < 0.3)  # 0.000 instead of <0.001
        self.of_numbers = chance.choice(["pooled t", "welch t", "mann-whitney"])
        self.of_counts = chance.choice(
            ["pearson", "yates", "fisher", "chi-square or fisher", "logistic wald"]
        )
        self.names_tests = bool(chance.random() < 0.7)
        self.tells_missing = bool(chance.random() < 0.5)
        self.profiles = bool(chance.random() < 0.15)
        self.loses = bool(chance.random() < 0.3)
        m, n = int(chance.integers(15, 60)), int(chance.integers(20, 120))
        self.y = np.repeat([1, 0], [m, n])

    def write(self) -> dict:
        age = np.round(self.chance.normal(50, 14, self.y.size) + self.y * self.chance.normal(4, 5))
        size = np.round(np.exp(self.chance.normal(2.8, 0.7, self.y.size) + 0.4 * self.y))
        traits = {
            name: (self.chance.random(self.y.size) < base + self.y * more).astype(float)
            for name, base, more in (
                ("nodes", 0.3, 0.3),
                ("spread", 0.15, 0.4),
                ("rare", 0.03, 0.05),
            )
        }
        stage = self.chance.integers(0, 3, self.y.size).astype(float)
        curve = roc(age, self.y)
        cut = float(self._cut(age))
        traits["old"] = (age >= cut).astype(float)
        if self.loses:
            for values in (size, traits["nodes"], stage):
                values[self.chance.random(self.y.size) < 0.06] = np.nan
        rows = [self._number("age", age), self._number("size", size)]
        rows += [self._trait(name, values) for name, values in traits.items()]
        rows.append(self._stage(stage))
        terms = {name: traits[name] for name in ("nodes", "spread")} | {"size": size}
        found = {
            "paper": {
                "title": "An honest paper",
                "citation": self._kind(),
                "made_up": "Nobody published this paper.",
            },
            "group": [
                {"name": "case", "n": str(int(self.y.sum())), "event": True},
                {"name": "control", "n": str(int((1 - self.y).sum()))},
            ],
            "flow": self._flow(),
            "variable": [
                {"name": "age", "kind": "number", "step": "1"},
                {"name": "size", "kind": "number", "step": "1"},
                *({"name": name} for name in ("nodes", "spread", "rare")),
                {"name": "old", "from": "age", "at_least": f"{cut:g}"},
                {"name": "stage", "kind": "category", "levels": ["i", "ii", "iii"]},
            ],
            "row": rows,
            "roc": [self._curve(age, cut, curve.auc)],
            "methods": self._methods(),
        }
        models = [self._model("one", {name: terms[name]}) for name in ("nodes", "spread")]
        single = [model["term"][0] for model in models if model]
        together = self._model("final", terms)
        if single:
            found["model"] = [{"name": "one", "kind": "univariable", "term": single}]
        if together:
            found.setdefault("model", []).append(together)
        return found

    def _kind(self) -> str:
        """What the study of false alarms counts apart."""
        if self.loses and not self.tells_missing:
            return "silent"
        return "profile" if self.profiles else "told"

    # ---- printing ----

    def text(self, value: float, decimals: int) -> str:
        return str(Decimal(repr(float(value))).quantize(Decimal(1).scaleb(-decimals), self.rule))

    def p(self, value: float) -> str:
        if value < 0.001 and not self.zeros:
            return "<0.001"
        return self.text(value, 3 if value < 0.01 else self.p_digits)

    # ---- parts ----

    def _flow(self) -> dict:
        left = [int(one) for one in self.chance.integers(1, 80, 2)]
        return {
            "screened": str(self.y.size + sum(left)),
            "included": str(self.y.size),
            "left": [{"reason": f"reason {at}", "n": str(n)} for at, n in enumerate(left)],
        }

    def _methods(self) -> dict:
        if not self.names_tests:
            return {}
        return {"numbers": str(self.of_numbers), "counts": str(self.of_counts)}

    def _by_group(self, values, function) -> dict[str, str]:
        return {
            name: function(values[(self.y == 1 - at) & ~np.isnan(values)])
            for at, name in enumerate(GROUPS)
        }

    def _told(self, row: dict, values) -> dict:
        if np.isnan(values).any() and self.tells_missing:
            row["missing"] = {
                name: str(int(np.isnan(values[self.y == 1 - at]).sum()))
                for at, name in enumerate(GROUPS)
            }
        return row

    def _number(self, name, values) -> dict:
        known = ~np.isnan(values)
        x, z = values[known & (self.y == 1)], values[known & (self.y == 0)]
        row = {
            "variable": name,
            "mean": self._by_group(values, lambda one: self.text(one.mean(), self.digits)),
            "sd": self._by_group(values, lambda one: self.text(one.std(ddof=1), self.digits)),
            "p": self.p(self._p_of_numbers(x, z)),
        }
        if self.chance.random() < 0.4:
            row["minimum"] = self._by_group(values, lambda one: self.text(one.min(), 0))
            row["maximum"] = self._by_group(values, lambda one: self.text(one.max(), 0))
            row["median"] = self._by_group(values, lambda one: self.text(np.median(one), 1))
        if self.chance.random() < 0.4:
            row["mean"]["all"] = self.text(values[known].mean(), self.digits)
        return self._told(row, values)

    def _p_of_numbers(self, x, z) -> float:
        if self.of_numbers == "mann-whitney":
            continuity = bool(self.chance.random() < 0.5)
            return ranks.mann_whitney(x, z, "asymptotic", continuity=continuity).p_value
        test = means.pooled_t if self.of_numbers == "pooled t" else means.welch_t
        return test(x, z).p_value

    def _counts(self, values, answers: dict[str, float]) -> dict:
        return {
            answer: self._by_group(values, lambda one, at=at: str(int((one == at).sum())))
            for answer, at in answers.items()
        }

    def _trait(self, name, values) -> dict:
        both = {"yes": 1.0, "no": 0.0}
        row = {"variable": name, "count": self._counts(values, both)}
        if self.chance.random() < 0.5:
            row["percent"] = {
                "yes": self._by_group(
                    values, lambda one: self.text(100 * (one == 1).mean(), self.percent_digits)
                )
            }
        return self._tested(row, values, both)

    def _stage(self, values) -> dict:
        levels = {"i": 0.0, "ii": 1.0, "iii": 2.0}
        return self._tested(
            {"variable": "stage", "count": self._counts(values, levels)}, values, levels
        )

    def _tested(self, row: dict, values, answers: dict[str, float]) -> dict:
        table = [[int(n) for n in row["count"][answer].values()] for answer in answers]
        p = self._p_of_counts(np.array(table))
        if p is not None:
            row["p"] = self.p(p)
        return self._told(row, values)

    def _p_of_counts(self, table) -> float | None:
        if self.of_counts == "logistic wald":
            return {one.test: one.low for one in count_candidates(table)}.get(WALD)
        small = bool((contingency.expected(table) < 5).any())
        exact = self.of_counts == "fisher" or (self.of_counts == "chi-square or fisher" and small)
        if exact:
            return fisher.fisher(table).p_value
        corrected = self.of_counts == "yates" and table.shape == (2, 2)
        return (contingency.yates if corrected else contingency.pearson)(table).p_value

    def _cut(self, values) -> float:
        places = np.unique(values)
        x, z = values[self.y == 1], values[self.y == 0]
        js = [(x >= place).mean() + (z < place).mean() for place in places]
        return places[int(np.argmax(js))]

    def _curve(self, values, cut, area) -> dict:
        x, z = values[self.y == 1], values[self.y == 0]
        return {
            "variable": "age",
            "auc": self.text(area, 3),
            "cutoff": f"{cut:g}",
            "sensitivity": self.text(100 * (x >= cut).mean(), 1),
            "specificity": self.text(100 * (z < cut).mean(), 1),
        }

    def _model(self, name: str, columns: dict) -> dict | None:
        values = np.column_stack([np.ones(self.y.size), *columns.values()])
        known = ~np.isnan(values).any(axis=1)
        try:
            model = fit(values[known], self.y[known], ("intercept", *columns))
        except AnalysisError:  # separated, or an outcome is gone
            return None
        made = profile(values[known], self.y[known], model) if self.profiles else model.wald()
        lines = []
        for one in made[1:]:
            ends = one.interval.map(np.exp)
            lines.append(
                {
                    "variable": one.term,
                    "odds_ratio": self.text(np.exp(one.estimate), 2),
                    "low": self.text(ends.low, 2),
                    "high": self.text(ends.high, 2),
                    "p": self.p(one.test.p_value),
                }
            )
        return {"name": name, "kind": "multivariable", "term": lines, "intercept": "-1.0"}
