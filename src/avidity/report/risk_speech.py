"""What a page says of a risk, in one language: shares, units, terms, guards, the patients alike.

``templates/risk_page/words.js`` says the same from the same words.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import exp

from avidity import wording
from avidity.report.risk_picture import Picture
from avidity.report.risk_words import figure, plain, risk_words, share
from avidity.riskmodel.guard import Guarded
from avidity.riskmodel.model import Input, RiskModel
from avidity.riskmodel.predict import Prediction
from avidity.riskmodel.terms import Term
from avidity.stats.interval import Interval


@dataclass(frozen=True, slots=True)
class Speech:
    """The words of a language, put together."""

    language: str

    def say(self, key: str, **values: object) -> str:
        """The words of a key; ``n`` chooses between one and many."""
        known = risk_words(self.language)
        if "n" in values and key not in known:
            single = values["n"] in ((0, 1) if self.language == "fr" else (1,))
            key = f"{key}.{'one' if single else 'many'}"
        return known[key].format(**values)

    @property
    def words(self) -> Mapping[str, str]:
        """Every word by its key."""
        return risk_words(self.language)

    def share(self, value: float) -> str:
        """A share in per cent."""
        return share(self.language, value)

    def figure(self, value: float, decimals: int) -> str:
        """A number with fixed decimals."""
        return figure(self.language, value, decimals)

    def plain(self, value: float) -> str:
        """A number as short as it goes."""
        return plain(self.language, value)

    @property
    def per_cent(self) -> str:
        """The sign that follows a number on the scale."""
        return self.share(0)[3:]

    def unit(self, name: str) -> str:
        """A unit's name: that of a time has words."""
        return risk_words(self.language).get(f"risk.unit_name.{name}", name)

    def one_unit(self, name: str) -> str:
        """The name of one of a unit: "year" of "years"."""
        return risk_words(self.language).get(f"risk.unit_one.{name}", name)

    def outcome(self, label: str) -> str:
        """An outcome's name, where the words know it."""
        return risk_words(self.language).get(f"risk.outcome.{label}", label)

    def range(self, risk: float, interval: Interval | None) -> str:
        """A risk with its interval, short."""
        if interval is None:
            return self.share(risk)
        ends = self.say("risk.range", low=self.short(interval.low), high=self.share(interval.high))
        return f"{self.share(risk)} ({ends})"

    def scale(self, rows: Iterable[Mapping[str, object]]) -> str:
        """The scale in words: each row's name and value."""
        told = [f"{row['name']}: {row['value']}." for row in rows]
        return " ".join([self.say("risk.scale"), *told])

    def short(self, value: float) -> str:
        """A share without its sign."""
        return self.share(value).removesuffix(self.per_cent)

    def people(self, risk: float, drawn: Picture) -> str:
        """How many of 100, in a sentence that stands for the picture."""
        if drawn.has == 0 and risk > 0:
            told = self.say("risk.people_none")
        elif drawn.has == 100 and risk < 1:
            told = self.say("risk.people_all")
        else:
            told = self.say("risk.people", n=drawn.has)
        if drawn.low is None:
            return told
        return f"{told} {self.say('risk.people_interval', low=drawn.low, high=drawn.high)}"

    def term(self, term: Term, asked: Input, value: str) -> str:
        """How an answer enters the equation."""
        unit = self.unit(asked.unit)
        if term.coding == "cut":
            sign = "≥" if term.sign == ">=" else ">"
            return f"{sign} {self.plain(term.value)} {unit}".rstrip()
        if term.coding == "spline":
            return self.say("risk.curve")
        if term.coding == "category":
            return self.say("risk.against", level=value, reference=term.reference)
        if term.coding == "yes/no":
            return self.say("risk.yes_against_no")
        if term.per == 1 and unit:
            return self.say("risk.linear_one", unit=self.one_unit(asked.unit))
        return self.say("risk.linear", per=self.plain(term.per), unit=unit).rstrip()

    def odds(self, log_odds: float) -> str:
        """What the odds are multiplied by."""
        text = wording.ratio_digits(exp(log_odds)) if log_odds < 700 else ">1,000,000"
        return text.translate({44: " ", 46: ","}) if self.language == "fr" else text

    def guard(self, looked: Guarded, unit: str, kind: str = "number") -> str:
        """Why a value is refused, or what is to be known of it; empty when there is nothing."""
        if looked.state in ("missing", "within"):
            return ""
        if looked.state == "unreadable" and kind != "number":
            return self.say("risk.guard.level")
        low, high = looked.bounds or (0.0, 0.0)
        ends = {"low": self.plain(low), "high": self.plain(high), "unit": self.unit(unit)}
        return self.say(f"risk.guard.{looked.state}", **ends).replace(" )", ")").replace(" .", ".")

    def alike(self, found: Prediction, model: RiskModel) -> str:
        """How many patients of the source looked so, and how many of them had the outcome."""
        same, total = found.alike, found.n
        if same is None:
            told = self.say("risk.alike_unknown", total=total)
        elif same.n == 0 and model.patterns:
            told = self.say("risk.alike_nobody", total=total)
        elif same.n == 0:
            low = found.risk < model.bands[0].low
            told = self.say(f"risk.alike_{'lower' if low else 'higher'}", total=total)
        elif model.patterns:
            told = self.say("risk.alike_same", n=same.n, total=total)
        else:
            band = next(one for one in model.bands if found.risk <= one.high)
            ends = {"low": self.share(band.low), "high": self.share(band.high)}
            told = self.say("risk.alike_band", n=same.n, total=total, **ends)
        if same and same.n:
            had = same.events
            told += " " + (
                self.say("risk.alike_events_unknown")
                if had is None
                else self.say("risk.alike_events", n=had)
            )
        whole = self.share(found.events / found.n)
        return (
            f"{told} {self.say('risk.alike_whole', total=total, events=found.events, share=whole)}"
        )
