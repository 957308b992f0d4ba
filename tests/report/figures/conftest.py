"""Look at a drawing before it becomes a file: where its words stand, and how large."""

from __future__ import annotations

from itertools import combinations

import pytest
from matplotlib.text import Text

from avidity.report.figures import ink as ink_module


@pytest.fixture
def words_of(monkeypatch):
    """Draw, and give back the sheet's size and its words as (text, size, box), in dots."""

    def draw(module, function, plan):
        seen = []
        monkeypatch.setattr(
            module, "ink", lambda figure: seen.append(figure) or ink_module.ink(figure)
        )
        function(plan)
        figure = seen[0]
        with ink_module.style():
            figure.draw_without_rendering()
            found = [t for t in figure.findobj(Text) if t.get_visible() and t.get_text().strip()]
            words = [(t.get_text(), t.get_fontsize(), t.get_window_extent()) for t in found]
        return figure.bbox, words

    return draw


@pytest.fixture
def check_words():
    """No word leaves the sheet, none covers another, none is too small to read."""

    def check(sheet, words, slack=0.6):
        for text, size, box in words:
            assert size >= 7, text
            assert box.x0 >= sheet.x0 - slack, text
            assert box.y0 >= sheet.y0 - slack, text
            assert box.x1 <= sheet.x1 + slack, text
            assert box.y1 <= sheet.y1 + slack, text
        for (one, _, a), (other, _, b) in combinations(words, 2):
            across = min(a.x1, b.x1) - max(a.x0, b.x0)
            along = min(a.y1, b.y1) - max(a.y0, b.y0)
            assert across <= slack or along <= 2.0, (one, other)

    return check
