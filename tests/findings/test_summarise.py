"""From records to findings: what is measured, what stays unknown, and what never gets in."""

from __future__ import annotations

import numpy as np
import pytest

from saliscribe.core.records.localisation import Localisation, Placement, Structure
from saliscribe.core.records.mask import Mask, SweepStep
from saliscribe.core.records.prediction import Prediction
from saliscribe.core.records.prepared import Crop, Prepared
from saliscribe.core.records.saliency_map import SaliencyMap
from saliscribe.core.volume import Source, Volume
from saliscribe.findings.reliability import reliability
from saliscribe.findings.soft_region import soft_region_warnings
from saliscribe.findings.summarise import summarise
from saliscribe.findings.warning_codes import warning_codes

CARD = {
    "backbone": "efficientnet_lite0",
    "temperature": 1.2,
    "data": {"source": {"title": "Brain tumor dataset, figshare 1512427"}},
    "metrics": {
        "accuracy": {"value": 0.97, "low": 0.96, "high": 0.98, "n": 2432, "n_patients": 165},
        "ece": {"value": 0.010, "low": 0.011, "high": 0.02, "n": 2432, "n_patients": 165},
    },
}


def _summarise(square=slice(20, 40), spacing=(0.5, 0.5, 5.0), side="not_assessed", notes=(), **more):
    grid = np.zeros((64, 64), dtype=np.float32)
    pixels = np.zeros((64, 64), dtype=bool)
    pixels[square, square] = True
    brain = np.zeros((64, 64), dtype=bool)
    brain[4:60, 4:60] = True
    image = Volume(
        grid[None, :, :, None], Source("/data/Doe_Jane_1970.png", "png"), spacing_mm=spacing, warnings=notes
    )
    heat = np.where(pixels, 1.0, 0.0).astype(np.float32)
    own = Mask(pixels, "gradcam", 0.4, "largest gap", 93.0)
    smaller = np.zeros_like(pixels)
    smaller[22:38, 22:38] = square == slice(20, 40)
    head = Mask(pixels, "segmentation_head", 0.5, "half", sweep=(SweepStep(0.7, smaller),))
    structure = Structure("Left_Putamen", "left", 0.6, None, "stable", "a")
    place = Localisation(
        Placement("axial", "C", 3.0, (9.0, -1.0), 0.2, None, "MNI152NLin6Asym", "matched", 0.9),
        (structure, Structure("John Doe's own label", "right", 0.1, None, "fragile", "a")),
        "basal ganglia", None, side, "not_known", "image-left", "a", None,
    )  # fmt: skip
    prediction = Prediction(
        "glioma",
        {"glioma": 0.7, "meningioma": 0.2, "pituitary": 0.1},
        (1.0, 0.0, 0.0),
        1.2,
        None,
        "m",
        "0" * 64,
    )
    maps = {"gradcam": SaliencyMap("gradcam", heat, heat, 0.0, 1.0, "glioma", "x")}
    masks = {"segmentation_head": head, "gradcam": own}
    prepared = Prepared(grid, grid, brain, Crop(0, 0, 64))
    return summarise(image, prepared, prediction, maps, masks, "segmentation_head", place, CARD, **more)


def test_values_by_hand():
    findings = _summarise()
    assert findings.extent.area_px == 400
    assert findings.extent.area_mm2 == pytest.approx(100.0)
    assert findings.extent.longest_mm == pytest.approx(14.142, abs=1e-3)
    assert findings.extent.share_of_brain == pytest.approx(400 / 56**2, abs=1e-6)
    assert findings.stability.smallest_area_ratio == pytest.approx(256 / 400)
    assert findings.placement.interval_mm == (-1.0, 9.0)
    assert findings.saliency[0].overlap_dice == 1.0
    assert findings.saliency[0].peak_inside is True
    assert findings.saliency[2].state == "not_assessed"
    assert findings.tumour_class.certainty == "probable"
    assert findings.tumour_class.runner_up == "meningioma"


def test_no_word_of_the_file_gets_in():
    text = _summarise().model_dump_json()
    assert not [word for word in ("Doe", "Jane", "1970", "/data", "John") if word in text]
    assert "unlisted structure" in text


def test_unknown_stays_unknown():
    findings = _summarise(spacing=None)
    assert findings.spacing.state == "not_assessed"
    assert findings.extent.area_mm2 is None
    assert findings.extent.longest_px == pytest.approx(28.284, abs=1e-3)
    topics = [topic.topic for topic in findings.not_assessed]
    assert {"side", "oedema", "prognosis"} <= set(topics)
    assert "side" not in [topic.topic for topic in _summarise(side="left").not_assessed]


def test_a_spacing_that_is_not_trusted_gives_no_millimetres():
    doubted = _summarise(notes=("spacing not trusted: the header says 1 x 1 x 1 mm, a placeholder",))
    assert doubted.spacing.state == "not_assessed"
    assert doubted.spacing.row_mm is None
    assert doubted.extent.area_mm2 is doubted.extent.longest_mm is None
    assert doubted.extent.area_px == 400
    assert doubted.warnings.codes == ("spacing_doubtful",)
    between = _summarise(notes=("spacing not trusted between slices: 1 mm is still the header's",))
    assert between.extent.area_mm2 == pytest.approx(100.0)


def test_an_empty_mask_is_absent_and_names_no_place():
    findings = _summarise(square=slice(0, 0))
    assert findings.delineation.state == "absent"
    assert findings.extent.state == findings.location.state == findings.stability.state == "not_assessed"
    assert findings.saliency[0].peak_inside is None


def test_a_synthetic_picture_says_so():
    assert _summarise(synthetic=True).limits.synthetic_input


def test_a_card_without_figures_is_not_assessed():
    known = reliability(CARD, "0" * 64, "m")
    assert (known.accuracy.low, known.slices, known.patients) == (0.96, 2432, 165)
    assert known.calibration_error.value == 0.010
    assert known.dice is None
    assert known.population == "figshare_cheng_2017"
    bare = reliability({}, "not a hash", "/Users/x/model")
    assert (bare.state, bare.architecture, bare.weights_sha256) == ("not_assessed", "other", None)


@pytest.mark.parametrize(
    ("firm", "limit", "warned"), [(0.7, 0.8, True), (0.9, 0.8, False), (0.7, None, False)]
)
def test_a_region_softer_than_those_of_most_tumours_is_warned_of(firm, limit, warned):
    region = Mask(np.ones((4, 4), dtype=bool), "segmentation_head", 0.5, "half", firmness=firm)
    card = {"region_firmness": limit and {"share": 0.1, "value": limit, "n": 100}}
    assert (warning_codes(soft_region_warnings(region, card)) == ("unsure_region",)) is warned
    assert soft_region_warnings(None, card) == ()
    assert soft_region_warnings(Mask(region.pixels, "gradcam", 0.5, "gap"), card) == ()
