"""Every part of a TOML text has its line, however the text is laid out."""

from __future__ import annotations

import json
import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from avidity.papers.paper_lines import lines_of

NASTY = ("", " # no comment", " [[x]]", " ] }", " = ", " it's", ' say \\"hm\\"', " a, b", " \\\\")
KEYS = ("a", "b", "c-d", "1", '"e.f"', '"g h"', "'#'", '"]"', '"q\\"q"')
plain_keys = st.lists(st.sampled_from(KEYS), min_size=1, max_size=3, unique=True)


@pytest.mark.parametrize(
    ("text", "place", "line"),
    [
        ('a = "x"\n\n[b]\nc = 1\n', ("b", "c"), 4),
        ("[[r]]\nx = 1\n\n[[r]]\nx = 2\n", ("r", 1, "x"), 5),
        ("[[r]]\nx = 1\n[[r.s]]\ny = 1\n[[r]]\n[[r.s]]\n\ny = 2\n", ("r", 1, "s", 0, "y"), 8),
        ("[[r]]\n[r.t]\nx = 1\n", ("r", 0, "t", "x"), 3),
        ("a.b.c = 1\na.b.d = 2\n", ("a", "b", "d"), 2),
        ("a = { b = { c = [1,\n 2] }, d = 3 }", ("a", "d"), 2),
        ("a = [ # one\n 1, # [2]\n\n 3,\n]\nb = 1\n", ("a", 1), 4),
        ('a = """\nb = 1\n"""\nb = 2\n', ("b",), 4),
        ("a = '''\nb = 1\n''''\nb = 2\n", ("b",), 4),
        ('a = """x \\""" y"""""\nb = 2\n', ("b",), 2),
        ('["x.y"."z"]\n"k" = 1\n', ("x.y", "z", "k"), 2),
        ("a = 1979-05-27 07:32:00\r\nb = 2\r\n", ("b",), 2),
        ("[ a . b ]\n c . d = 1", ("a", "b", "c", "d"), 2),
    ],
)
def test_the_line_is_where_the_part_begins(text, place, line):
    tomllib.loads(text)

    assert line == lines_of(text)[place]


def test_a_table_and_an_array_of_tables_stand_where_they_are_first_named():
    lines = lines_of("# top\n[a.b]\nx = 1\n[[r]]\ny = 1\n[[r]]\n[a.c]\n")

    assert [2, 2, 4, 4, 6, 7] == [
        lines[place] for place in [("a",), ("a", "b"), ("r",), ("r", 0), ("r", 1), ("a", "c")]
    ]


def test_an_empty_text_has_no_parts():
    assert {} == lines_of("# nothing\n\n")


class Writer:
    """Writes a TOML text with drawn layout; each value bears its own number."""

    def __init__(self, draw):
        self.draw, self.values, self.text = draw, 0, ""

    def blank(self):
        return self.draw(st.sampled_from(["", "\n", "  # [note] = 'x\n", '\n\n# """\n']))

    def leaf(self):
        self.values += 1
        word = f"<{self.values}>{self.draw(st.sampled_from(NASTY))}"
        form = self.draw(st.integers(0, 3))
        if form == 0 and "'" not in word:
            return f"'{word}'"
        if form == 1:
            return f'"""{word}\n[more]\nx = "y"\n"""'
        if form == 2 and "'" not in word:
            return f"'''{word}\n]] more\n'''"
        return f'"{word}"'

    def array(self, depth):
        some = [self.value(depth - 1) for _ in range(self.draw(st.integers(0, 3)))]
        gap = self.draw(st.sampled_from([" ", "\n", "\n  # ] \n"]))
        return "[" + "".join(f"{gap}{one}," for one in some) + gap + "]"

    def inline(self, depth):
        keys = self.draw(plain_keys)
        return "{ " + ", ".join(f"{key} = {self.value(depth - 1)}" for key in keys) + " }"

    def value(self, depth):
        form = self.draw(st.integers(0, 2)) if depth > 0 else 0
        return (self.leaf, lambda: self.array(depth), lambda: self.inline(depth))[form]()

    def pairs(self):
        for key in self.draw(plain_keys):
            dotted = (
                f"{key}.{self.draw(st.sampled_from(KEYS))}" if self.draw(st.booleans()) else key
            )
            self.text += f"{self.blank()}{dotted} = {self.value(2)}\n"

    def document(self):
        self.pairs()
        for number in range(self.draw(st.integers(0, 4))):
            name = f"t{number}"
            if self.draw(st.booleans()):
                self.text += f"{self.blank()}[{name}.{self.draw(st.sampled_from(KEYS))}]\n"
                self.pairs()
            else:
                for _ in range(self.draw(st.integers(1, 3))):
                    self.text += f"{self.blank()}[[{name}]] # one\n"
                    self.pairs()
                    if self.draw(st.booleans()):
                        self.text += f"[[{name}.under]]\n"
                        self.pairs()
        return self.text


@st.composite
def documents(draw):
    return Writer(draw).document()


def leaves(value, place=()):
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from leaves(inner, (*place, key))
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            yield from leaves(inner, (*place, number))
    else:
        yield place, value


@given(documents(), st.booleans())
def test_every_value_is_found_on_the_line_that_shows_it(text, windows):
    content = tomllib.loads(text)
    lines = lines_of(text.replace("\n", "\r\n") if windows else text)
    shown = text.split("\n")

    for place, value in leaves(content):
        mark = value[: value.index(">") + 1]
        assert mark in shown[lines[place] - 1], json.dumps(place)
        for end in range(1, len(place)):
            assert 1 <= lines[place[:end]] <= lines[place]
