"""Who is refractory: every patient under every definition, filtered, and how far these agree."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode

from avidity.steps.agreement import Agreement
from avidity.steps.judged import JudgedPatient
from avidity.steps.overrides import SPOKEN
from avidity.web.judgements import Judgements

ANSWERS = ("yes", "no", "cannot-say")
APART = ("disagree", "own", "overridden")
ON_A_PAGE = 50


@dataclass(frozen=True, slots=True)
class Wish:
    """What the reader asks for.

    by      the definition whose answer is asked; "" for what counts in the study
    answer  one of ANSWERS, or ""
    apart   "disagree": two definitions differ; "own": ``by`` differs from the study's own;
            "overridden": a physician answered
    """

    by: str = ""
    answer: str = ""
    apart: str = ""
    page: int = 1

    def query(self, page: int) -> str:
        """The query of another page of the same wish."""
        values = {"by": self.by, "answer": self.answer, "apart": self.apart, "page": page}
        return urlencode({name: value for name, value in values.items() if value})


@dataclass(frozen=True, slots=True)
class PatientLine:
    """One patient: what counts, and what each definition says, as the keys of the answers."""

    number: int
    patient_id: str
    answer: str
    overridden: bool
    said: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RefractoryPage:
    """The patients that fit the wish; or why there are none to show."""

    wish: Wish
    definitions: tuple[str, ...] = ()
    own: str = ""
    by: str = ""
    shown: tuple[PatientLine, ...] = ()
    total: int = 0
    fitting: int = 0
    pages: int = 1
    counts: tuple[int, int, int] = (0, 0, 0)
    disagreed: int = 0
    overridden: int = 0
    agreement: Agreement | None = None
    skipped: tuple[tuple[str, str], ...] = ()
    trouble: str = ""
    errors: int = 0


def key_of(answer: bool | None) -> str:
    """The key of an answer in addresses and catalogues."""
    return SPOKEN[answer].replace(" ", "-")


def refractory_page(found: Judgements, wish: Wish) -> RefractoryPage:
    """The page of everybody."""
    judged = found.judged
    if judged is None:
        return RefractoryPage(wish, trouble=found.trouble, errors=found.errors)
    names = tuple(judged.definitions)
    wish = Wish(wish.by if wish.by in names else "", wish.answer, wish.apart, wish.page)
    fitting = [one for one in judged.patients if _fits(one, wish)]
    pages = max(1, -(-len(fitting) // ON_A_PAGE))
    page = min(max(wish.page, 1), pages)
    answers = [one.answer for one in judged.patients]
    return RefractoryPage(
        wish=Wish(wish.by, wish.answer, wish.apart, page),
        definitions=names,
        own=judged.own,
        by=judged.by,
        shown=tuple(_line(one) for one in fitting[(page - 1) * ON_A_PAGE : page * ON_A_PAGE]),
        total=len(judged.patients),
        fitting=len(fitting),
        pages=pages,
        counts=(answers.count(True), answers.count(False), answers.count(None)),
        disagreed=sum(one.disagreed for one in judged.patients),
        overridden=sum(one.override is not None for one in judged.patients),
        agreement=judged.agreement,
        skipped=tuple(judged.skipped.items()),
    )


def _fits(one: JudgedPatient, wish: Wish) -> bool:
    answer = one.verdicts[wish.by].answer if wish.by else one.answer
    if wish.answer and key_of(answer) != wish.answer:
        return False
    if wish.apart == "disagree":
        return one.disagreed
    if wish.apart == "own":
        return answer is not one.computed
    return wish.apart != "overridden" or one.override is not None


def _line(one: JudgedPatient) -> PatientLine:
    said = tuple(key_of(verdict.answer) for verdict in one.verdicts.values())
    return PatientLine(
        one.number, one.patient_id, key_of(one.answer), one.override is not None, said
    )
