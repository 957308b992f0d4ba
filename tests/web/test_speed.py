"""A page of the example is made in less than a tenth of a second, once its tables were read."""

from __future__ import annotations

import time

from made_uploads import example_zip
from made_workbench import ran

QUICK_ENOUGH = 0.1  # seconds of work, whatever else the machine does


def test_every_page_of_the_example_is_quick(visitor, bench):
    path = visitor.new_study(example_zip())
    ran(visitor, bench, path)
    took = {}
    for page in (
        "/",
        *(f"{path}/{one}" for one in ("data", "problems", "refractory", "plan", "run", "results")),
    ):
        visitor.get(page)
        tries = []
        for _ in range(3):
            begun = time.process_time()
            assert 200 == visitor.get(page).status_code
            tries.append(time.process_time() - begun)
        took[page] = min(tries)

    assert {} == {page: seconds for page, seconds in took.items() if seconds > QUICK_ENOUGH}
