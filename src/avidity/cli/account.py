"""The commands of accounts: who may come into a workbench that others can reach."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from avidity.cli.serve import see_that_it_is_installed
from avidity.cli.speak import FOLDER, emit, json_option

ROLES = ("reader", "analyst", "administrator")


def kept_at(command: Callable[..., Any]) -> Callable[..., Any]:
    """The options that say which store is meant."""
    for option in (
        click.option(
            "--store", default="", help="A PostgreSQL address. [SQLite in the data folder]"
        ),
        click.option("--data", type=FOLDER, help="Where studies are kept. [your own data folder]"),
    ):
        command = option(command)
    return command


def _password() -> str:
    """Typed twice by a person, or the first line of the standard input."""
    if sys.stdin.isatty():
        return str(click.prompt("Password", hide_input=True, confirmation_prompt=True))
    return sys.stdin.readline().rstrip("\n")


@click.group()
def account() -> None:
    """Make and close accounts of a workbench that others can reach."""


@account.command(epilog="\b\nExample\n  avidity account add amina --role administrator")
@click.argument("name")
@click.option("--role", type=click.Choice(ROLES), default="analyst", show_default=True)
@kept_at
@json_option
def add(name: str, role: str, data: Path | None, store: str, as_json: bool) -> None:
    """Make an account; the password is asked for, or read from the standard input."""
    see_that_it_is_installed()
    from avidity.web.keeping import change
    from avidity.web.store.accounts import add_account

    typed = _password()
    change(data, store, lambda kept: add_account(kept, name, role, typed))
    emit(as_json, {"name": name, "role": role}, lambda: [f"made {name}, {role}"])


@account.command(epilog="\b\nExample\n  avidity account password amina")
@click.argument("name")
@kept_at
@json_option
def password(name: str, data: Path | None, store: str, as_json: bool) -> None:
    """Give an account another password, and let it out everywhere."""
    see_that_it_is_installed()
    from avidity.web.keeping import change
    from avidity.web.store.accounts import set_password

    typed = _password()
    change(data, store, lambda kept: set_password(kept, name, typed))
    emit(as_json, {"name": name}, lambda: [f"{name} has another password"])


@account.command(epilog="\b\nExample\n  avidity account close amina")
@click.argument("name")
@kept_at
@json_option
def close(name: str, data: Path | None, store: str, as_json: bool) -> None:
    """Close an account; what the person did stays in the trail."""
    see_that_it_is_installed()
    from avidity.web.keeping import change
    from avidity.web.store.accounts import close_account

    change(data, store, lambda kept: close_account(kept, name))
    emit(as_json, {"name": name}, lambda: [f"{name} is closed"])


@account.command("list", epilog="\b\nExample\n  avidity account list")
@kept_at
@json_option
def list_(data: Path | None, store: str, as_json: bool) -> None:
    """List the accounts."""
    see_that_it_is_installed()
    from avidity.web.keeping import change
    from avidity.web.store.accounts import accounts

    known = change(data, store, accounts)
    emit(
        as_json,
        {"accounts": known},
        lambda: [f"{one.name}  {one.role}{'  closed' if one.closed else ''}" for one in known],
    )
