"""A pixel size that the user states is believed only where a head could have it."""

from __future__ import annotations

import numpy as np
import pytest

from saliscribe.core.volume import DOUBTFUL_SPACING, Source, Volume
from saliscribe.io.spacing import with_spacing


def _picture(rows: int = 430, columns: int = 512) -> Volume:
    return Volume(np.zeros((1, rows, columns, 1), np.float32), Source("slice.png", "png"))


def _scan() -> Volume:
    return Volume(
        np.zeros((1, 256, 256, 25), np.float32),
        Source("scan.nii.gz", "nifti"),
        affine=np.diag([0.9, 0.9, 6.0, 1.0]),
    )


@pytest.mark.parametrize(
    ("stated", "size"), [(20.0, "8600 x 10240"), (0.01, "4.3 x 5.1"), (5.0, "2150 x 2560")]
)
def test_a_picture_of_no_head_s_size_is_not_measured(stated: float, size: str) -> None:
    read = with_spacing(_picture(), stated)
    assert read.trusted_pixel_mm is None
    assert read.warnings == (
        f"{DOUBTFUL_SPACING}: with the stated spacing the image would measure {size} mm, which is not a head",
    )


@pytest.mark.parametrize("stated", [0.4, (0.98, 0.5), 1.0])
def test_a_head_s_size_is_believed(stated: float) -> None:
    read = with_spacing(_picture(), stated)
    assert read.trusted_pixel_mm is not None
    assert not read.warnings


def test_a_volume_stated_too_large_is_doubted_like_a_header() -> None:
    read = with_spacing(_scan(), 20.0)
    assert read.trusted_pixel_mm is None
    assert any("5120 x 5120 x 150 mm" in line for line in read.warnings)


def test_what_the_user_states_well_clears_the_doubt_in_the_header() -> None:
    doubted = _scan().with_warning(f"{DOUBTFUL_SPACING}: by its header the image would measure 1 x 1 mm")
    read = with_spacing(doubted, (0.9, 0.9, 6.0))
    assert read.trusted_pixel_mm == pytest.approx((0.9, 0.9))
    assert not read.warnings
