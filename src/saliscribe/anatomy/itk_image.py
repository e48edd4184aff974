"""Between arrays with a RAS+ affine and SimpleITK images, which count in LPS."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from saliscribe.core.axes import LPS_TO_RAS


def itk_image(data: NDArray, affine: NDArray[np.float64]) -> Any:
    """A SimpleITK image of an (I, J, K) array; shear in ``affine`` is not allowed (ITK has no place for it)."""
    import SimpleITK as sitk

    turned = LPS_TO_RAS @ affine
    spacing = np.linalg.norm(turned[:3, :3], axis=0)
    image = sitk.GetImageFromArray(
        np.ascontiguousarray(np.asarray(data, dtype=np.float32).transpose(2, 1, 0))
    )
    image.SetSpacing(spacing.tolist())
    image.SetOrigin(turned[:3, 3].tolist())
    image.SetDirection((turned[:3, :3] / spacing).ravel().tolist())
    return image


def unsheared(affine: NDArray[np.float64]) -> NDArray[np.float64]:
    """The nearest affine with the same voxel sizes and middle directions whose axes are at right angles."""
    spacing = np.linalg.norm(affine[:3, :3], axis=0)
    u, _, v = np.linalg.svd(affine[:3, :3] / spacing)
    out = affine.copy()
    out[:3, :3] = (u @ v) * spacing
    return out
