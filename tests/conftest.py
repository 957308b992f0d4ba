"""What several tests need."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import settings

from made_browser import chromium

# The same examples every time, so that a red run means a change; HYPOTHESIS_PROFILE=search looks
# for new ones. No deadline: how long one example takes depends on what else the machine does.
settings.register_profile("same", derandomize=True, deadline=None)
settings.register_profile("search", derandomize=False, deadline=None)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "same"))

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of reference data beside the checkout; the test is skipped where it is absent."""
    folder = ROOT.parent / "shared"
    if not (folder / "data").is_dir():
        pytest.skip("the reference data are not beside this checkout")
    return folder


@pytest.fixture(scope="session")
def browser():
    """The system's browser, one for all tests: a second beside it could not be driven."""
    with chromium() as one:
        yield one
