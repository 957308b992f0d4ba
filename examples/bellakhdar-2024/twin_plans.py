"""The courses the twin's patients take: one row per kind of story, so many patients each.

Each of the paper's five criteria is met by some of the 32 and decides alone for some. The other
definitions find something to disagree with. The 58 are decided *no* by what is recorded of them,
not by what is missing.
"""

from __future__ import annotations

from dataclasses import dataclass

AVID, NOT_AVID, DECLINED = "avid", "not avid", "declined"
LETTERS = {"a": AVID, "n": NOT_AVID, "d": DECLINED}


@dataclass(frozen=True)
class Plan:
    """One story.

    n          how many patients live it
    sites      "nodes", "distant", "bed" (local disease only) or "none" (no lesion ever)
    why        what it is there for
    courses    activities in MBq
    uptake     per lesion one letter per course: a avid, n not avid, d declined,
               "." not known yet at that course
    looks      months after the last course, and the verdict (RECIST 1.1); a lesion-free neck is CR
    between    the verdict between two courses
    remission  None: not recorded
    apart      months between two courses
    oddity     one thing out of the ordinary, about the first course if it names no other
    """

    n: int
    sites: str
    why: str
    courses: tuple[int, ...]
    uptake: tuple[str, ...] = ()
    looks: str = "6 SD, 12 SD, 17 SD"
    between: str = "SD"
    remission: bool | None = False
    apart: int = 7
    oddity: str = ""

    def months(self) -> int:
        """From the first course to the last look."""
        last = max((month for month, _ in self.seen()), default=1)
        return self.apart * (len(self.courses) - 1) + last

    def seen(self) -> list[tuple[int, str]]:
        """The looks after the last course: (months, verdict)."""
        pairs = [look.split() for look in self.looks.split(",") if look.strip()]
        return [(int(month), verdict) for month, verdict in pairs]


REFRACTORY = (
    # 18 with metastasis
    Plan(3, "nodes", "A: never took up", (3700,), ("n",)),
    Plan(1, "distant", "A: never took up, in two places", (5550,), ("n", "n")),
    Plan(1, "nodes", "A, but the TSH is not recorded", (3700,), ("n",), oddity="TSH missing"),
    Plan(1, "nodes", "A, but the TSH was too low", (3700,), ("n",), oddity="TSH too low"),
    Plan(1, "nodes", "C and A: one of two is cold", (3700, 5550), ("aa", "nn")),
    Plan(1, "nodes", "C and A: a lesion seen later is cold", (3700, 5550), ("aa", ".n")),
    Plan(1, "distant", "C and A: three lesions, one cold", (5550, 7400), ("aa", "aa", ".n")),
    Plan(1, "nodes", "C and B: one of two loses its uptake", (3700, 5550), ("aa", "an")),
    Plan(1, "distant", "C, A and E", (7400, 7400, 7400), ("aaa", "..n"), "6 SD, 12 SD, 18 SD"),
    Plan(1, "nodes", "B: took up once, then no more", (3700, 5550), ("an",)),
    Plan(1, "distant", "B: took up once, then no more", (5550, 7400), ("an",)),
    Plan(1, "nodes", "B: only declined", (3700, 5550), ("ad",)),
    Plan(1, "distant", "D: progressed by month 5", (5550,), ("a",), "5 PD"),
    Plan(1, "nodes", "D: progressed by month 9", (3700,), ("a",), "4 SD, 9 PD"),
    Plan(1, "distant", "D: progressed by month 14", (7400,), ("a",), "6 SD, 10 SD, 14 PD"),
    Plan(1, "distant", "E: exactly 22,200 MBq, stable", (7400, 7400, 7400), ("aaa",)),
    # 14 without: local disease
    Plan(2, "bed", "B: took up once, then no more", (3700, 3700), ("an",)),
    Plan(1, "bed", "B: lost at the third course", (3700, 3700, 5550), ("aan",)),
    Plan(2, "bed", "B: only declined", (3700, 3700), ("ad",)),
    Plan(1, "bed", "B and D", (3700, 3700), ("ad",), "5 SD, 10 PD"),
    Plan(1, "bed", "D: progressed by month 5", (3700,), ("a",), "5 PD"),
    Plan(1, "bed", "D: progressed by month 8", (3700,), ("a",), "4 SD, 8 PD"),
    Plan(1, "bed", "D: progressed by month 13", (3700,), ("a",), "6 SD, 9 SD, 13 PD"),
    Plan(1, "bed", "D: progressed by month 14", (5550,), ("a",), "6 SD, 10 SD, 14 PD"),
    Plan(1, "bed", "D: progressed by month 15", (3700,), ("a",), "6 SD, 11 SD, 15 PD"),
    Plan(1, "bed", "E: exactly 22,200 MBq in six", (3700,) * 6, ("aaaaaa",), apart=6),
    Plan(
        1,
        "bed",
        "E: exactly 22,200 MBq in four, the second without a scan",
        (5550,) * 4,
        ("aaaa",),
        oddity="no scan of course 2",
    ),
    Plan(
        1,
        "bed",
        "E: above 22,200 MBq, and progression after month 16",
        (7400, 7400, 5550, 5550),
        ("aaaa",),
        "6 SD, 12 SD, 17 SD, 20 PD",
    ),
)

CLEAN = "6 CR, 12 CR, 18 CR"
NOT_REFRACTORY = (
    # 4 with metastasis, which took up and answered
    Plan(2, "nodes", "avid and gone", (3700,), ("a",), "6 PR, 12 CR, 18 CR", remission=True),
    Plan(1, "nodes", "avid, two courses", (3700, 5550), ("aa",), CLEAN, "PR", remission=True),
    Plan(
        1,
        "distant",
        "exactly 22,200 MBq, and in remission",
        (7400, 7400, 7400),
        ("aaa",),
        CLEAN,
        "PR",
        remission=True,
    ),
    # 54 without
    Plan(4, "bed", "avid and gone", (3700,), ("a",), "6 PR, 12 CR, 18 CR", remission=True),
    Plan(2, "bed", "avid and stable", (3700,), ("a",), "6 SD, 12 SD, 18 SD"),
    Plan(2, "bed", "progressed, but after month 16", (3700,), ("a",), "6 SD, 12 SD, 17 SD, 22 PD"),
    Plan(
        2,
        "bed",
        "cold before the course, avid after it",
        (3700,),
        ("a",),
        "6 PR, 12 CR, 18 CR",
        remission=True,
        oddity="diagnostic scan negative",
    ),
    Plan(9, "none", "ablation with a low activity", (1110,), (), CLEAN, remission=True),
    Plan(20, "none", "ablation", (3700,), (), CLEAN, remission=True),
    Plan(3, "none", "adjuvant", (5550,), (), CLEAN, remission=True),
    Plan(3, "none", "a second course for Tg", (3700, 3700), (), CLEAN, "CR", remission=True),
    Plan(7, "none", "Tg does not quite go", (3700,), (), CLEAN),
    Plan(
        2,
        "none",
        "post-therapy scan missing",
        (3700,),
        (),
        CLEAN,
        remission=True,
        oddity="no scan of course 1",
    ),
)
