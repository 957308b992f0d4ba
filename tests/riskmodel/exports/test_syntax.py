"""SPSS and Stata syntax, carried out by a small interpreter of the arithmetic it uses."""

from __future__ import annotations

import math
import re

import pytest

from avidity.riskmodel.exports.syntax import to_spss, to_stata
from made_models import answer

FUNCTIONS = {"max": max, "sqrt": math.sqrt, "exp": math.exp}


def value_of(expression, known):
    """The expression in Python: None where a variable it needs is missing."""
    names = set(re.findall(r"[a-z#_][a-z0-9#_]*(?![a-z0-9_]*\()", _bare(expression))) - {
        "and",
        "or",
    }
    if any(known.get(name.replace("#", "h_")) is None for name in map(str, names)):
        return None
    return eval(expression.replace("#", "h_"), {"__builtins__": {}}, {**FUNCTIONS, **known})


def _bare(expression):
    return re.sub(r'"[^"]*"', "0", expression)


def spss(text, patient):
    """COMPUTE and DO IF, over one patient."""
    known = dict(patient)
    code = re.sub(r"/\*.*?\*/\n", "", text)
    assert code.startswith("* Encoding: UTF-8.\n")
    commands = [" ".join(one.split()) for one in re.split(r"\.\n", code)[1:] if one.strip()]
    assert ["END IF", "EXECUTE"] == commands[-2:]
    for command in commands[:-2]:
        if command.startswith("DO IF"):
            assert "DO IF (#ok = 1)" == command
            if not known["h_ok"]:
                return None
            continue
        target, expression = re.fullmatch(r"COMPUTE (\S+) = (.*)", command).groups()
        python = expression.replace("MAX.2(", "max(").replace("EXP(", "exp(")
        python = python.replace("SQRT(", "sqrt(").replace(" AND ", " and ").replace(" OR ", " or ")
        python = re.sub(r"NOT MISSING\((\w+)\)", r"(\1 == \1)", python)
        python = re.sub(r"(?<![<>=]) = ", " == ", python)
        known[target.replace("#", "h_")] = value_of(python, known)
    return [known[f"avidity_{name}"] for name in ("logodds", "risk", "low", "high")]


def stata(text, patient):
    """generate, over one patient; a missing number is larger than any other, as in Stata."""
    known = {
        name: (math.inf if value is None else value) if name != "histology" else value
        for name, value in patient.items()
    }
    code = re.sub(r"^\*.*\n", "", text.removeprefix("version 13\n"), flags=re.MULTILINE)
    code = re.sub(r" ///\n\s*", " ", code)
    first, *commands = code.strip().splitlines()
    assert first.startswith("tempvar ok half x1")
    for command in commands:
        form = r"generate (?:byte|double) (\S+) = (.*?)( if `ok')?"
        target, expression, when = re.fullmatch(form, command).groups()
        if when and not known["ok"]:
            return None
        python = re.sub(r"`\"([^\"]*)\"'", r'"\1"', expression)
        python = re.sub(r"`(\w+)'", r"\1", python).replace("^", "**")
        python = re.sub(r"!missing\((\w+)\)", rf"(\1 < {math.inf!r}0)", python).replace(
            "inf0", "huge"
        )
        python = python.replace(" & ", " and ").replace(" | ", " or ")
        name = target.strip("`'")
        known[name] = eval(python, {"__builtins__": {}}, {**FUNCTIONS, "huge": math.inf, **known})
    return [known[f"avidity_{name}"] for name in ("logodds", "risk", "low", "high")]


@pytest.mark.parametrize(("write", "run"), [(to_spss, spss), (to_stata, stata)])
def test_the_syntax_gives_the_model_s_own_answers(model, patients, write, run):
    text = write(model)

    for patient in patients:
        expected, found = answer(model, patient), run(text, patient)
        assert (expected is None) == (found is None), patient
        assert expected is None or pytest.approx(expected, rel=1e-12) == found


@pytest.mark.parametrize("write", [to_spss, to_stata])
def test_no_line_is_too_long_for_an_old_program(model, write):
    assert max(len(line) for line in write(model).splitlines()) < 250


@pytest.mark.parametrize("write", [to_spss, to_stata])
def test_words_of_the_model_cannot_end_a_comment(model, write):
    named = model.model_copy(update={"title": "Ends */ here /* \n COMPUTE x = 1."})

    lines = write(named).splitlines()

    assert not any(line.startswith("COMPUTE x") for line in lines)
    assert all(
        line.count("*/") == (1 if write is to_spss else 0) for line in lines if "here" in line
    )
