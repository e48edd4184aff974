"""The words and numbers of the study's pages."""

from __future__ import annotations

NAMES = {
    "segmentation_head": "segmentation head",
    "gaussian_prior": "centred Gaussian",
    "otsu": "Otsu on the image",
    "gradcam": "Grad-CAM",
    "gradcam++": "Grad-CAM++",
    "scorecam": "ScoreCAM",
    "macro_f1": "macro F1",
    "macro_auroc": "macro AUROC",
    "ece": "ECE",
    "brier": "Brier score",
    "dice": "Dice",
    "iou": "IoU",
    "hd95_mm": "Hausdorff 95, mm",
}


def name_of(word: str) -> str:
    """How the page calls a column, a mask source or a method."""
    return NAMES.get(word, word.replace("_", " "))


def short(value: float) -> str:
    """A measure of a text: three digits after the point below 10, one above."""
    return f"{value:.3f}" if abs(value) < 10 else f"{value:,.1f}"


def number(value: float | None, digits: int = 3) -> str:
    """A number with so many digits; "not assessed" for an unknown one."""
    return "not assessed" if value is None else f"{value:.{digits}f}"
