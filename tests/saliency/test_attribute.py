"""Maps on the input grid: range, place, sharing of passes, batches, the table of methods."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest

from saliscribe.core.names import CAM_METHOD_NAMES
from saliscribe.core.records.prepared import Crop
from saliscribe.errors import UsageError
from saliscribe.saliency.attribute import AttributeSettings, Picture, attribute, attribute_batch
from saliscribe.saliency.methods import CAM_METHODS
from saliscribe.saliency.scorecam import ScoreCamSettings

CROP = Crop(top=-4, left=10, size=60)
SHAPE = (70, 64)


def test_the_table_lists_the_agreed_names_without_torch():
    assert tuple(CAM_METHODS) == CAM_METHOD_NAMES
    code = "import sys; from saliscribe.saliency.methods import CAM_METHODS; sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


@pytest.mark.parametrize("method", CAM_METHODS)
def test_every_method_keeps_the_contract(tiny, picture, method):
    window = picture[0, 0].numpy()
    found = attribute(tiny, window, CROP, SHAPE, "meningioma", [method])[method]
    assert found.method == method
    assert found.target == "meningioma"
    assert found.layer == "cam_point"
    assert found.heat.shape == SHAPE
    assert found.heat.dtype == np.float32
    assert float(found.heat.min()) >= 0.0
    assert float(found.heat.max()) <= 1.0
    assert not found.heat[:, :10].any()
    assert not found.heat[56:].any()
    assert found.coarse.shape == (6, 6)
    assert (found.raw_min, found.raw_max) == (found.coarse.min(), found.coarse.max())
    assert found.evaluated_fraction == 1.0


def test_one_pass_serves_all_methods(tiny, picture, monkeypatch):
    calls = []
    original = type(tiny).classify
    monkeypatch.setattr(type(tiny), "classify", lambda self, x: calls.append(len(x)) or original(self, x))
    attribute(tiny, picture[0, 0].numpy(), CROP, SHAPE, "glioma", ["gradcam", "gradcam++"])
    assert calls == [1]


@pytest.mark.parametrize("method", CAM_METHODS)
def test_a_batch_equals_its_singles(tiny, picture, method):
    targets = ("glioma", "pituitary")
    batch = [Picture(x[0].numpy(), CROP, SHAPE, target) for x, target in zip(picture, targets, strict=True)]
    together = attribute_batch(tiny, batch, [method])
    for one, found in zip(batch, together, strict=True):
        alone = attribute(tiny, one.network_input, CROP, SHAPE, one.target, [method])[method]
        np.testing.assert_allclose(found[method].coarse, alone.coarse, rtol=1e-4, atol=1e-6)


def test_the_hottest_cell_lands_where_it_belongs(tiny, picture):
    found = attribute(tiny, picture[0, 0].numpy(), Crop(0, 0, 48), (48, 48), "glioma", ["gradcam"])["gradcam"]
    row, column = np.unravel_index(found.coarse.argmax(), found.coarse.shape)
    top, left = np.unravel_index(found.heat.argmax(), found.heat.shape)
    assert abs(top - (row * 8 + 3.5)) <= 4
    assert abs(left - (column * 8 + 3.5)) <= 4


def test_an_anytime_run_says_how_much_it_used(tiny, picture):
    settings = AttributeSettings(scorecam=ScoreCamSettings(batch_size=2, correlation=0.5))
    found = attribute(tiny, picture[0, 0].numpy(), CROP, SHAPE, "glioma", ["scorecam"], settings=settings)[
        "scorecam"
    ]
    assert 0.0 < found.evaluated_fraction < 1.0


def test_unknown_names_are_refused(tiny, picture):
    window = picture[0, 0].numpy()
    with pytest.raises(UsageError, match="gradcam"):
        attribute(tiny, window, CROP, SHAPE, "glioma", ["grad-cam"])
    with pytest.raises(UsageError, match="class"):
        attribute(tiny, window, CROP, SHAPE, "healthy", ["gradcam"])
