"""The words that the whole project agrees on: classes, planes, methods, states, sides."""

from __future__ import annotations

from typing import Literal, get_args

TumourClass = Literal["glioma", "meningioma", "pituitary"]
Plane = Literal["axial", "coronal", "sagittal"]
CamMethod = Literal["gradcam", "gradcam++", "scorecam"]
MaskSource = Literal["segmentation_head", "gradcam", "gradcam++", "scorecam"]
Orientation = Literal["unknown", "radiological", "neurological"]
Side = Literal["left", "right", "midline", "not_assessed"]
Stability = Literal["stable", "fragile"]
Grade = Literal["A", "B", "C", "D"]
State = Literal["present", "absent", "not_assessed"]

CLASSES: tuple[TumourClass, ...] = get_args(TumourClass)
PLANES: tuple[Plane, ...] = get_args(Plane)
CAM_METHOD_NAMES: tuple[CamMethod, ...] = get_args(CamMethod)
#: Which heat map is laid over a picture where there are several.
SHOWN_FIRST: tuple[CamMethod, ...] = ("gradcam++", "gradcam", "scorecam")
