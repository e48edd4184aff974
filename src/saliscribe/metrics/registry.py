"""The table of metrics; listing it imports nothing."""

from __future__ import annotations

from saliscribe.registry import Entry, Registry

_HERE = "saliscribe.metrics"
METRICS = Registry(
    "metric",
    {
        "dice": Entry(
            f"{_HERE}.overlap:dice", "overlap of two masks", facts={"takes": "masks", "better": "higher"}
        ),
        "iou": Entry(
            f"{_HERE}.overlap:iou", "intersection over union", facts={"takes": "masks", "better": "higher"}
        ),
        "sensitivity": Entry(
            f"{_HERE}.overlap:sensitivity", "true pixels found", facts={"takes": "masks", "better": "higher"}
        ),
        "precision": Entry(
            f"{_HERE}.overlap:precision", "found pixels true", facts={"takes": "masks", "better": "higher"}
        ),
        "hausdorff95": Entry(
            f"{_HERE}.surface_distance:hausdorff95",
            "95th percentile outline distance, mm or px",
            facts={"takes": "masks", "better": "lower"},
        ),
        "hausdorff": Entry(
            f"{_HERE}.surface_distance:hausdorff",
            "largest outline distance, mm or px",
            facts={"takes": "masks", "better": "lower"},
        ),
        "pointing": Entry(
            f"{_HERE}.pointing:pointing_game",
            "heat's maximum on the tumour",
            facts={"takes": "heat", "better": "higher"},
        ),
        "energy": Entry(
            f"{_HERE}.pointing:energy_inside",
            "share of heat on the tumour",
            facts={"takes": "heat", "better": "higher"},
        ),
        "ece": Entry(
            f"{_HERE}.calibration:ece",
            "calibration error, 15 equal-mass bins",
            facts={"takes": "probabilities", "better": "lower"},
        ),
        "brier": Entry(
            f"{_HERE}.calibration:brier",
            "squared error of probabilities",
            facts={"takes": "probabilities", "better": "lower"},
        ),
        "macro_auroc": Entry(
            f"{_HERE}.classification:macro_auroc",
            "mean one-against-rest AUROC",
            facts={"takes": "probabilities", "better": "higher"},
        ),
    },
)
