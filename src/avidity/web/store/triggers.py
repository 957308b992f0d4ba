"""The triggers that write the trail: a change from any program is recorded, raw SQL included."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import Connection, Table

from avidity.web.store.tables import ACTIONS, AUDITED, HIDDEN

_INTO = "INSERT INTO trail (about, change, old, new)"
CHANGES = ("INSERT", "UPDATE", "DELETE")


def set_triggers(connection: Connection) -> None:
    """Make the triggers anew, for the tables as they are now."""
    if connection.dialect.name == "sqlite":
        found = connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'trigger'")
        old = [f'DROP TRIGGER "{name}"' for (name,) in found]
        new = _sqlite()
    else:
        old = [f"DROP FUNCTION IF EXISTS {name} CASCADE" for name in ("write_trail", "keep")]
        new = _postgresql()
    for statement in (*old, *new):
        connection.exec_driver_sql(statement)


def _shown(table: Table) -> list[str]:
    return [column.name for column in table.columns if column.name not in HIDDEN]


def _sqlite() -> Iterator[str]:
    for table in AUDITED:
        for change in CHANGES:
            old = _json_of(table, "OLD") if change != "INSERT" else "NULL"
            new = _json_of(table, "NEW") if change != "DELETE" else "NULL"
            kept = f"'{table.name}', '{change.lower()}', {old}, {new}"
            yield (
                f"CREATE TRIGGER trail_{table.name}_{change.lower()} AFTER {change} ON {table.name}"
                f" BEGIN {_INTO} VALUES ({kept}); END"
            )
    for change in ("UPDATE", "DELETE"):
        for name, when in (("trail", _sealed(change)), (ACTIONS.name, "")):
            yield (
                f"CREATE TRIGGER keep_{name}_{change.lower()} BEFORE {change} ON {name} {when}"
                f" BEGIN SELECT RAISE(ABORT, '{name} is append-only'); END"
            )


def _sealed(change: str) -> str:
    """A row of the trail may be changed once: when its hash is written."""
    return "WHEN OLD.hash IS NOT NULL" if change == "UPDATE" else ""


def _json_of(table: Table, row: str) -> str:
    pairs = ", ".join(f"'{name}', {row}.\"{name}\"" for name in _shown(table))
    return f"json_object({pairs})"


def _postgresql() -> Iterator[str]:
    hidden = " ".join(f"- '{name}'" for name in HIDDEN)
    yield f"""
        CREATE FUNCTION write_trail() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
          INSERT INTO trail (about, change, old, new) VALUES (
            TG_TABLE_NAME, lower(TG_OP),
            CASE WHEN TG_OP = 'INSERT' THEN NULL ELSE (to_jsonb(OLD) {hidden})::text END,
            CASE WHEN TG_OP = 'DELETE' THEN NULL ELSE (to_jsonb(NEW) {hidden})::text END);
          RETURN NULL;
        END $$"""  # noqa: S608  # our own names
    yield """
        CREATE FUNCTION keep() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
          RAISE EXCEPTION '%% is append-only', TG_TABLE_NAME;
        END $$"""
    for table in AUDITED:
        yield (
            f"CREATE TRIGGER trail_of AFTER INSERT OR UPDATE OR DELETE ON {table.name}"
            " FOR EACH ROW EXECUTE FUNCTION write_trail()"
        )
    yield (
        f"CREATE TRIGGER keep_all BEFORE UPDATE OR DELETE OR TRUNCATE ON {ACTIONS.name}"
        " FOR EACH STATEMENT EXECUTE FUNCTION keep()"
    )
    yield (
        "CREATE TRIGGER keep_sealed BEFORE UPDATE ON trail FOR EACH ROW"
        " WHEN (OLD.hash IS NOT NULL) EXECUTE FUNCTION keep()"
    )
    yield (
        "CREATE TRIGGER keep_all BEFORE DELETE OR TRUNCATE ON trail"
        " FOR EACH STATEMENT EXECUTE FUNCTION keep()"
    )
