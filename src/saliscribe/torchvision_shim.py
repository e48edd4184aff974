"""Let torchvision import beside a CPU-only torch.

The torchvision wheel on PyPI is built for CUDA; beside CPU torch its import fails because the compiled
operators are absent ("operator torchvision::nms does not exist"), and takes timm, Lightning and
torchmetrics down with it. Declaring the two schemas is enough: transforms and models then work (box
operators and image codecs do not, and we use neither). Harmless where torchvision is whole.
"""

from __future__ import annotations

import importlib
import sys

import torch

_SCHEMAS = (
    "nms(Tensor dets, Tensor scores, float iou_threshold) -> Tensor",
    "qnms(Tensor dets, Tensor scores, float iou_threshold) -> Tensor",
)
_library: torch.library.Library | None = None


def mend_torchvision() -> None:
    """Import torchvision, declaring its missing operators first if that is what fails."""
    global _library
    try:
        importlib.import_module("torchvision")
        return
    except ImportError:
        return
    except RuntimeError as error:
        if "torchvision::" not in str(error) or _library is not None:
            raise
    for name in [name for name in sys.modules if name.split(".")[0] == "torchvision"]:
        del sys.modules[name]
    _library = torch.library.Library("torchvision", "DEF")
    for schema in _SCHEMAS:
        _library.define(schema)
    importlib.import_module("torchvision")
