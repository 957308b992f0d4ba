"""``NAME=VALUE`` as people type it."""

from __future__ import annotations

from collections.abc import Sequence

import click


def pairs(words: Sequence[str], where: str = "PATIENT") -> dict[str, str]:
    """``age=61`` as name and value; each name once.

    where   the argument or option, for the message
    raises  click.BadParameter
    """
    told: dict[str, str] = {}
    for word in words:
        name, sign, value = word.partition("=")
        if not sign or not name or not value:
            raise click.BadParameter(
                "write each thing as NAME=VALUE, such as age=61 or diameter=35mm",
                param_hint=where,
            )
        if name in told:
            raise click.BadParameter(f"{name} stands twice; give it once", param_hint=where)
        told[name] = value
    return told
