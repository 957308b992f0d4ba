"""Text in a table that no spreadsheet will run.

A spreadsheet takes a cell of a text table for a formula when it begins with one of a few signs. An
apostrophe before them makes it text. Workbooks need none of this: their cells are stored as text.
"""

from __future__ import annotations

import re

SIGNS = "=+-@|%\t\r\n＝＋－＠"  # the wide forms count too in some languages
_NUMBER = re.compile(r"[+-]?\d+(?:[.,]\d+)?(?:[eE][+-]?\d+)?")


def inert(cell: str) -> str:
    """The cell with an apostrophe where a spreadsheet would run it; a number stays one.

    >>> inert("=1+1"), inert("-0.5"), inert(" @SUM(A1)"), inert("age")
    ("'=1+1", '-0.5', "' @SUM(A1)", 'age')
    """
    begins = cell.startswith(tuple(SIGNS)) or cell.lstrip().startswith(tuple(SIGNS))
    return f"'{cell}" if begins and not _NUMBER.fullmatch(cell) else cell


def plain(cell: str) -> str:
    """What `inert` was given.

    >>> plain("'=1+1"), plain("'tis")
    ('=1+1', "'tis")
    """
    return cell[1:] if cell.startswith("'") and inert(cell[1:]) == cell else cell
