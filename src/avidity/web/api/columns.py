"""What each column was taken for or may be; and a person's own choice, kept and remembered."""

from __future__ import annotations

from fastapi import APIRouter

from avidity.errors import WorkbenchError
from avidity.web.api import shapes
from avidity.web.bench import Bench
from avidity.web.cohorts import Looked, look
from avidity.web.keep_matches import keep_matches
from avidity.web.matches import IGNORE, OWN, Typed, memory_of
from avidity.web.pages.data import ColumnSeen, DataPage, data_page
from avidity.web.security.people import Analyst, OwnStudy, TheBench
from avidity.web.store.studies import KeptStudy, find_study

router = APIRouter(tags=["studies"])


@router.get("/studies/{study_id}/columns")
def show_columns(bench: TheBench, study: OwnStudy) -> shapes.ColumnsRead:
    """Every column: the field it is read as, or the one it may stand for, and why."""
    return _told(study, _page(bench, study, look(bench, study)))


@router.post("/studies/{study_id}/columns")
def match_columns(
    bench: TheBench, study: OwnStudy, who: Analyst, asked: shapes.MatchesAsked
) -> shapes.ColumnsRead:
    """Write matches into study.toml, and remember them for your next table.

    Refused as a whole where a column is not there, a field is none of its table's, or a column
    would be in trouble that was not before.
    """
    looked = look(bench, study)
    typed = _typed(asked, _page(bench, study, looked))
    keep_matches(bench, study, who.account, looked, typed, asked.snapshot or study.snapshot)
    with bench.store.reading() as connection:
        changed = find_study(connection, study.id) or study
    return _told(changed, _page(bench, changed, look(bench, changed)))


def _page(bench: Bench, study: KeptStudy, looked: Looked) -> DataPage:
    with bench.store.reading() as connection:
        memory = memory_of(connection, study.owner)
    return data_page(looked, "", study.snapshot, memory)


def _typed(asked: shapes.MatchesAsked, page: DataPage) -> Typed:
    """The matches as the page's form would send them: by table and place of the column."""
    places = {
        (table.name, column.header): (at, column)
        for table in page.tables
        for at, column in enumerate(table.columns)
    }
    typed: dict[tuple[str, int], tuple[str, str]] = {}
    for at, one in enumerate(asked.matches):
        found = places.get((one.table, one.header))
        if found is None:
            raise WorkbenchError(
                f"matches[{at}] must name a column as it stands in the file; there is no such one"
            )
        place, column = found
        if (one.table, place) in typed or (one.ignore and one.field):
            raise WorkbenchError(
                f"matches[{at}] must say one thing of a column, once: a field, or to leave it out"
            )
        unit = column.unit if one.unit is None else one.unit
        typed[one.table, place] = (IGNORE if one.ignore else one.field or OWN, unit)
    return typed


def _told(study: KeptStudy, page: DataPage) -> shapes.ColumnsRead:
    tables = [
        shapes.TableColumns(
            table=table.name,
            columns=[_column(table.name, one) for one in table.columns],
            fields=dict(table.fields),
        )
        for table in page.tables
    ]
    return shapes.ColumnsRead(snapshot=study.snapshot, tables=tables, trouble=page.trouble)


def _column(table: str, one: ColumnSeen) -> shapes.ColumnRead:
    offered = None
    if one.state == "suggested":
        offered = shapes.Match(
            table=table,
            header=one.header,
            field="" if one.choice in (OWN, IGNORE) else one.choice,
            ignore=one.choice == IGNORE,
            unit=one.unit,
        )
    return shapes.ColumnRead(
        header=one.header,
        state=one.state,
        field=one.field,
        unit=one.unit,
        type=one.type,
        reasons=[str(reason) for reason in one.reasons],
        offered=offered,
    )
