"""The deformable match that follows the affine one, by greedy."""

from __future__ import annotations

from importlib.util import find_spec

import numpy as np
from numpy.typing import NDArray

from saliscribe.anatomy.itk_image import itk_image
from saliscribe.anatomy.match_affine import coarse
from saliscribe.anatomy.registration_template import RegistrationTemplate, sample
from saliscribe.core.axes import LPS_TO_RAS
from saliscribe.core.records.volume_placement import WarpField

#: Grid of the match in mm, and greedy's own settings: window of the correlation, iterations per level, smoothing.
#: Greedy adds random noise to both images unless told not to; without it the same volume always gives the same bytes.
STEP_MM = 3.0
#: The coarse level halves the grid and needs four steps in every direction.
LEAST_STEPS = 8
SETTINGS = "-V 0 -noise 0 -m WNCC 2x2x2 -n 40x20 -s 2.0vox 0.8vox -e 0.5"


def can_deform() -> bool:
    """True where greedy is installed (``pip install 'saliscribe[register]'``)."""
    return find_spec("picsl_greedy") is not None


def too_thin(shape: tuple[int, ...], affine: NDArray[np.float64]) -> bool:
    """True for a slab with an extent that greedy's coarse level cannot smooth: below 24 mm in some direction."""
    extents_mm = np.linalg.norm(affine[:3, :3], axis=0) * shape
    return bool(extents_mm.min() < LEAST_STEPS * STEP_MM)


def match_deformable(
    grey: NDArray[np.float32],
    affine: NDArray[np.float64],
    to_template: NDArray[np.float64],
    left_out: NDArray[np.bool_],
    template: RegistrationTemplate,
) -> WarpField:
    """What a smooth deformation adds to the affine ``to_template`` (world mm to template mm, both RAS+).

    Greedy diffeomorphic registration with a weighted local correlation; ``left_out`` voxels (tumour) do not count.
    Yushkevich et al., Alzheimers Dement 2016;12(7S):P126-P127. The volume is the fixed image, so the field says
    for each of its points where in the template it belongs.

    Args: as for ``match_affine``.
    """
    from picsl_greedy import Greedy3D
    from SimpleITK import GetArrayFromImage

    head, place = coarse(grey, affine, STEP_MM)
    kept = coarse((~left_out).astype(np.float32), affine, STEP_MM)[0] > 0.5
    voxels = np.indices(head.shape).reshape(3, -1).T
    carried = to_template @ place
    start = sample(template.head, template.affine, voxels @ carried[:3, :3].T + carried[:3, 3]).reshape(
        head.shape
    )
    engine = Greedy3D()
    engine.execute(
        f"-i fixed moving -gm mask -o warp {SETTINGS}",
        fixed=itk_image(head, place),
        moving=itk_image(start, place),
        mask=itk_image(kept, place),
        warp=None,
    )
    moved = GetArrayFromImage(engine["warp"]).transpose(2, 1, 0, 3).astype(np.float64)
    # Greedy moves a point within the volume's own space (LPS); the affine then carries it over.
    shift = moved @ LPS_TO_RAS[:3, :3].T @ to_template[:3, :3].T
    return WarpField(shift.astype(np.float32), np.linalg.inv(place) @ affine)
