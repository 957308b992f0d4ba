"""Fields no definition reads and that are yet all but decided: predicting from them is a circle."""

from __future__ import annotations

METASTASIS = dict.fromkeys(
    (
        "patients.nodal_metastasis",
        "patients.distant_metastasis",
        "patients.n_category",
        "patients.m_category",
    ),
    "the structural criteria need a known lesion, and outside the thyroid bed it is a metastasis",
)
ACTIVITY = {"patients.cumulative_activity": "the activity criterion is a limit on it"}
RESPONSE = {"follow_up.response": "structural progression and remission decide it as well"}
