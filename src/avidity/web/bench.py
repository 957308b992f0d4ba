"""The workbench: its settings, its store, its folders. One object, handed to every route."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from avidity.web.settings import Settings
from avidity.web.store.open import Store


@dataclass(frozen=True, slots=True)
class Bench:
    """What every route works with."""

    settings: Settings
    store: Store

    @property
    def data(self) -> Path:
        """The folder of studies."""
        return self.settings.data
