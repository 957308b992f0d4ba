"""One printed paper, frozen, as read from paper.toml: figures as printed, nothing recomputed.

Every number is a ``stats.rounded.Rounded``: what is printed and every number that prints so.
``None``, an empty text or an empty mapping means that the paper does not print it. Groups are
called by their names, "all" stands for everybody.

======================  ==========================================================================
``Paper``               ``about`` ``groups`` ``flow`` ``variables`` ``rows`` ``crosses`` ``rocs``
                        ``models`` ``statements`` ``methods``; ``folder`` ``sha256`` ``lines``;
                        ``group(name)`` ``variable(name)`` ``row(variable)`` ``line(place)``
                        ``event``
``About``               ``title`` ``citation`` ``doi`` ``licence`` ``outcome`` ``made_up``
``Group``               ``name`` ``label`` ``n`` ``event`` ``where``
``Flow``, ``Left``      ``screened`` ``left`` (``reason`` ``n``) ``included`` ``where``
``Variable``            ``name`` ``label`` ``kind`` ("number", "yes/no", "category") ``unit``
                        ``step`` ``levels`` ``ordered`` ``from_`` ``at_least`` ``above``
                        ``at_most`` ``below`` ``one_of`` ``among``; ``cut`` ``answers``
``Row``                 ``variable`` ``where`` ``n`` ``missing`` ``count[answer][group]``
                        ``percent[answer][group]`` ``percent_of``; by group: ``mean`` ``sd`` ``se``
                        ``median`` ``q1`` ``q3`` ``iqr`` ``minimum`` ``maximum``; ``p`` ``test``
                        ``statistic`` ``df`` ``note``
``Cross``               ``name`` ``rows`` ``columns`` ``group`` ``where`` ``count[row][column]``
                        ``p`` ``test``
``Roc``                 ``name`` ``variable`` ``where`` ``positive`` ``auc`` ``low`` ``high``
                        ``confidence`` ``se`` ``p`` ``cutoff`` ``comparison`` ``scale``
                        ``sensitivity`` ``specificity`` ``ppv`` ``npv`` ``accuracy`` ``youden``
                        ``note``; ``key``
``Model``               ``name`` ``kind`` ``where`` ``method`` ``entry`` ``confidence`` ``n``
                        ``events`` ``intercept`` ``intercept_se`` ``term`` ``auc`` ``auc_low``
                        ``auc_high`` ``nagelkerke`` ``cox_snell`` ``minus_2ll`` ``lr_chi2``
                        ``lr_df`` ``lr_p`` ``aic`` ``brier`` ``hosmer_lemeshow``
                        ``hosmer_lemeshow_df`` ``hosmer_lemeshow_p`` ``accuracy`` ``note``
``Term``                ``variable`` ``level`` ``reference`` ``per`` ``odds_ratio`` ``low``
                        ``high`` ``p`` ``beta`` ``se`` ``wald`` ``n`` ``note``; ``key``
``Statement``           ``fact`` ``printed`` ``where`` ``note``
``Methods``             ``numbers`` ``counts`` ``alpha`` ``screen_p`` ``candidates`` ``cutoffs``
                        ``cutoffs_by`` ``software`` ``missing`` ``validation`` ``calibration``
                        ``follow_up`` ``outcome`` ``outcome_uses`` ``design`` ``note``
======================  ==========================================================================

``paper_file.read_paper`` reads it; ``facts.facts`` lists every printed figure by its path.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

from pydantic import Field

from avidity.papers.paper_models import Methods, Model, Term
from avidity.papers.paper_numbers import Count, Name, Number, PaperPart
from avidity.papers.paper_rows import Cross, Roc, Row, Variable

__all__ = [
    "About",
    "Cross",
    "Flow",
    "Group",
    "Left",
    "Methods",
    "Model",
    "Paper",
    "Roc",
    "Row",
    "Statement",
    "Term",
    "Variable",
]


class About(PaperPart):
    """[paper]: which paper this is."""

    title: str = Field(min_length=1)
    """Its title."""
    citation: str = ""
    """Authors, journal, year."""
    doi: str = ""
    """Its DOI."""
    licence: str = ""
    """Under which licence its text may be used."""
    outcome: str = "radioiodine-refractory"
    """What the group with event = true has."""
    made_up: str = ""
    """A sentence that says so, when nobody published this paper."""


class Group(PaperPart):
    """[[group]]: one column of the tables."""

    name: Name
    """What the rest of the file calls it; "all" is kept for everybody."""
    label: str = ""
    """As the paper writes it."""
    n: Count
    """How many patients."""
    event: bool = False
    """Whether this is the group with the outcome; of one group at most."""
    where: str = ""
    """Where the number is printed."""


class Left(PaperPart):
    """[[flow.left]]: who was left out, in the order printed."""

    reason: str = Field(min_length=1)
    """Why."""
    n: Count
    """How many."""


class Flow(PaperPart):
    """[flow]: from those screened to those analysed."""

    screened: Count | None = None
    """How many were looked at."""
    left: tuple[Left, ...] = ()
    """Who was left out, each reason one [[flow.left]]."""
    included: Count | None = None
    """How many were analysed."""
    where: str = "Methods"
    """Where it is printed."""


class Statement(PaperPart):
    """[[statement]]: a figure printed once more, in another place."""

    fact: str
    """The path of the figure, such as row.age.mean.rair or roc.age.specificity."""
    printed: Number
    """As printed there."""
    where: str = Field(min_length=1)
    """Where: Abstract, Methods, Results, Table 2, Fig. 1, Discussion."""
    note: str = ""
    """Anything worth remembering."""


class Paper(PaperPart):
    """A paper file, checked.

    lines  path in the file (keys and places) -> line number; ``line`` looks one up
    """

    about: Annotated[About, Field(alias="paper")]
    groups: Annotated[tuple[Group, ...], Field(alias="group")]
    flow: Flow = Field(default_factory=Flow)
    variables: Annotated[tuple[Variable, ...], Field(alias="variable")] = ()
    rows: Annotated[tuple[Row, ...], Field(alias="row")] = ()
    crosses: Annotated[tuple[Cross, ...], Field(alias="cross")] = ()
    rocs: Annotated[tuple[Roc, ...], Field(alias="roc")] = ()
    models: Annotated[tuple[Model, ...], Field(alias="model")] = ()
    statements: Annotated[tuple[Statement, ...], Field(alias="statement")] = ()
    methods: Methods = Field(default_factory=Methods)
    folder: Path = Path()
    sha256: str = ""
    lines: Mapping[tuple[str | int, ...], int] = Field(default_factory=dict, repr=False)

    def group(self, name: str) -> Group:
        """The group of that name. Raises KeyError."""
        return {group.name: group for group in self.groups}[name]

    def variable(self, name: str) -> Variable:
        """The variable of that name. Raises KeyError."""
        return {variable.name: variable for variable in self.variables}[name]

    def row(self, variable: str) -> Row | None:
        """The row of a variable, if the paper prints one."""
        return next((row for row in self.rows if row.variable == variable), None)

    @property
    def event(self) -> Group | None:
        """The group that has the outcome."""
        return next((group for group in self.groups if group.event), None)

    def line(self, place: tuple[str | int, ...]) -> int:
        """The line of the file where a path stands, or the nearest part above it; 1 if unknown."""
        while place and place not in self.lines:
            place = place[:-1]
        return self.lines.get(place, 1)
