"""Pictures that lie upside down or on their side: placed as the upright one is and told of, or refused."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from saliscribe.anatomy.phantom import paint_phantom
from saliscribe.anatomy.placement import place
from saliscribe.anatomy.turn_odds import turn_odds
from saliscribe.anatomy.turns import QUARTER_TURNS, UPRIGHT
from saliscribe.core.names import PLANES
from saliscribe.findings.warning_codes import warning_codes

WAYS = {
    "half turn": lambda picture: picture[::-1, ::-1],
    "top to bottom": lambda picture: picture[::-1],
    "quarter turn": lambda picture: np.rot90(picture),
    "quarter turn back": lambda picture: np.rot90(picture, 3),
}


def _middle_mm(placed, mask):
    rows, columns = np.nonzero(mask)
    return (placed.affine @ np.array([rows.mean(), columns.mean(), 0.0, 1.0]))[:3]


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("plane", PLANES)
def test_a_turned_picture_is_placed_where_the_upright_one_is(plane, way):
    volume, mask, _ = paint_phantom(11, "glioma", plane)
    upright, turned = place(volume.picture, mask), place(WAYS[way](volume.picture), WAYS[way](mask))
    assert upright.notes == ()
    assert turned.plane == plane
    one, other = _middle_mm(upright, mask), _middle_mm(turned, WAYS[way](mask))
    one[0], other[0] = abs(one[0]), abs(other[0])  # sides are not known
    assert np.linalg.norm(one - other) < 6.0
    assert warning_codes(turned.notes) == ("orientation_doubtful",)


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("orientation", ["radiological", "neurological"])
def test_a_stated_orientation_is_not_believed_of_a_turned_picture(orientation, way):
    volume, mask, _ = paint_phantom(11, "glioma", "axial")
    found = place(WAYS[way](volume.picture), WAYS[way](mask), orientation=orientation)
    assert (found.grade, found.affine) == ("D", None)
    assert any("turn the picture upright" in note for note in found.notes)


def test_a_stated_orientation_of_an_upright_picture_is_believed():
    volume, mask, _ = paint_phantom(11, "glioma", "axial")
    for orientation in ("radiological", "neurological"):
        found = place(volume.picture, mask, orientation=orientation)
        assert (found.grade, found.notes) == ("C", ())


def test_the_odds_follow_the_turn():
    picture = paint_phantom(12, "meningioma", "coronal")[0].picture
    for turn in (UPRIGHT, *QUARTER_TURNS):
        odds = turn_odds(picture if turn == UPRIGHT else _undone(picture, turn))
        assert max(odds, key=lambda one: odds[one]) == turn
        assert odds[UPRIGHT] == 0.0


def _undone(picture, turn):
    """The picture that ``turn`` makes upright."""
    return next(
        way for way in (np.rot90(picture, k) for k in (1, 2, 3)) if np.array_equal(turn.apply(way), picture)
    )


def test_a_left_frontal_glioma_stays_frontal_when_flipped():
    folder = (
        Path(os.environ.get("SALISCRIBE_SHARED", Path(__file__).parents[3] / "shared")) / "data" / "figshare"
    )
    if not folder.is_dir():
        pytest.skip("needs the shared figshare slices: set SALISCRIBE_SHARED")
    picture, mask = (
        np.asarray(Image.open(folder / part / "2000.png").convert("L")) for part in ("images", "masks")
    )
    for way in WAYS.values():
        found = place(way(picture).astype(np.float32), way(mask) > 0)
        assert found.plane == "axial"
        assert _middle_mm(found, way(mask) > 0)[1] > 0.0
