"""What a user can put right: one root, one branch per kind of trouble; the branch is the exit code.

A message says what must hold, what was there, and what to do next. It may name a
file, a table, a row and a column; it never holds a patient's value.
"""

from __future__ import annotations


class AvidityError(Exception):
    """Anything a user can put right. Shown as one sentence, without a traceback."""

    exit_code = 10
    kind = "trouble"


class StudyFileError(AvidityError):
    """study.toml (or published.toml) is missing, is no TOML, or says something impossible."""

    exit_code = 11
    kind = "study file"


class ReadError(AvidityError):
    """A table cannot be read: no such file, damaged workbook, empty file."""

    exit_code = 12
    kind = "reading"


class CheckError(AvidityError):
    """The data hold errors that stop the study; the findings say which cells."""

    exit_code = 13
    kind = "data"


class LabelError(AvidityError):
    """The outcome cannot be decided: an unknown definition, or a table it needs is not there."""

    exit_code = 14
    kind = "outcome"


class AnalysisError(AvidityError):
    """Nothing can be estimated: one group is empty, a variable never varies."""

    exit_code = 15
    kind = "analysis"


class WriteError(AvidityError):
    """A result cannot be written: no such folder, no space, a file that is open elsewhere."""

    exit_code = 16
    kind = "writing"


class PaperError(AvidityError):
    """paper.toml or evidence.toml is missing, is no TOML, or says something impossible."""

    exit_code = 17
    kind = "paper"


class RiskModelError(AvidityError):
    """A risk model cannot be read, is not known, or cannot answer what was asked of it."""

    exit_code = 18
    kind = "risk model"


class WorkbenchError(AvidityError):
    """The workbench cannot start, or a file it was given is refused."""

    exit_code = 20
    kind = "workbench"
