"""The saliency of a volume: one map per slice with a region, for one class, on one scale."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from saliscribe.core.names import CamMethod, Plane, TumourClass
from saliscribe.core.slices import put_slice, take_slice
from saliscribe.core.volume import Volume
from saliscribe.pipeline.components import Components

#: Methods that cost one backward pass per slice; ScoreCAM costs hundreds of forward ones: only the shown slice has it.
AFFORDABLE: tuple[CamMethod, ...] = ("gradcam++", "gradcam")


def volume_heat(
    volume: Volume, plane: Plane, slices: list[int], target: TumourClass, parts: Components
) -> tuple[CamMethod, NDArray[np.float32]] | None:
    """(method, (I, J, K) raw activation for ``target``) over ``slices``, 0 elsewhere; ``None`` without a method.

    The maps are not scaled to [0, 1] one by one: a faint map stays faint beside a strong one.
    """
    method = next((name for name in AFFORDABLE if name in parts.settings.cam_methods), None)
    if method is None or not slices:
        return None
    heat = np.zeros(volume.data.shape[1:], np.float32)
    for index in slices:
        prepared = parts.prepare(take_slice(volume, plane, index))
        one = parts.attribute_by(prepared, target, (method,))[method]
        raw = one.raw_min + one.heat * (one.raw_max - one.raw_min)
        put_slice(heat, volume.affine, plane, index, np.where(one.heat > 0, raw, 0.0))
    return method, heat
