"""Masks from heat and probability: thresholds against scikit-image, criteria on pictures with a known answer."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from scipy import ndimage

from saliscribe.core.records.saliency_map import SaliencyMap
from saliscribe.errors import UsageError
from saliscribe.masking.baselines import best_gaussian_percentile, centred_gaussian, gaussian_mask, otsu_mask
from saliscribe.masking.candidates import make_candidates
from saliscribe.masking.clean import clean, fill_holes
from saliscribe.masking.criteria import CRITERIA
from saliscribe.masking.make_mask import mask_from_heat, mask_from_probability
from saliscribe.masking.settings import DEFAULT_MASK_SETTINGS, MaskSettings
from saliscribe.masking.thresholds import kapur_threshold, otsu_threshold
from saliscribe.metrics.overlap import dice

SIDE = 160
ROWS, COLUMNS = np.mgrid[:SIDE, :SIDE]
BRAIN = (ROWS - 80) ** 2 + (COLUMNS - 80) ** 2 < 70**2
TUMOUR = (ROWS - 60) ** 2 + (COLUMNS - 95) ** 2 < 14**2
GREY = np.where(TUMOUR, 0.8, np.where(BRAIN, 0.4, 0.0)).astype(np.float32)
HEAT = np.exp(-((ROWS - 60) ** 2 + (COLUMNS - 95) ** 2) / (2 * 18.0**2)).astype(np.float32)
SETTINGS = dataclasses.replace(DEFAULT_MASK_SETTINGS, class_percentiles={"glioma": 96.0})


def _map(heat: np.ndarray) -> SaliencyMap:
    return SaliencyMap(
        "gradcam", heat.astype(np.float32), heat.astype(np.float32), 0.0, 1.0, "glioma", "layer"
    )


def test_otsu_agrees_with_scikit_image() -> None:
    filters = pytest.importorskip("skimage.filters")
    rng = np.random.default_rng(0)
    for _ in range(5):
        values = np.concatenate([rng.normal(0.3, 0.1, 4000), rng.normal(0.8, 0.05, 900)])
        assert otsu_threshold(values) == pytest.approx(filters.threshold_otsu(values), abs=1e-9)


def test_kapur_agrees_with_a_direct_sum() -> None:
    values = np.random.default_rng(1).gamma(2.0, size=3000)
    counts, edges = np.histogram(values, bins=64)
    share, middles = counts / counts.sum(), (edges[:-1] + edges[1:]) / 2

    def entropy(part: np.ndarray) -> float:
        part = part[part > 0] / part.sum()
        return float(-(part * np.log(part)).sum())

    best = max(range(63), key=lambda at: entropy(share[: at + 1]) + entropy(share[at + 1 :]))
    assert kapur_threshold(values, bins=64) == pytest.approx(middles[best])


@pytest.mark.parametrize("name", list(CRITERIA))
def test_every_criterion_gives_a_candidate_inside_the_brain(name: str) -> None:
    mask = mask_from_heat(_map(HEAT), BRAIN, GREY, dataclasses.replace(SETTINGS, criterion=name))
    assert mask.criterion == name
    assert mask.area_px > 0
    assert not (mask.pixels & ~BRAIN).any()
    assert mask.threshold_percentile in {*SETTINGS.percentiles, 95.0, 96.0}
    assert np.array_equal(mask.pixels, next(s.mask for s in mask.sweep if s.threshold == mask.threshold))
    assert mask.heat_outside_brain == pytest.approx(HEAT[~BRAIN].sum() / HEAT.sum(), rel=1e-4)


@pytest.mark.parametrize("name", ["contrast", "edge", "chan-vese"])
def test_grey_criteria_find_the_right_size(name: str) -> None:
    """The heat is much wider than the tumour; only the picture tells where the tumour ends."""
    mask = mask_from_heat(_map(HEAT), BRAIN, GREY, dataclasses.replace(SETTINGS, criterion=name))
    assert dice(mask.pixels, TUMOUR) > 0.85


def test_sweep_is_nested_and_the_orientation_is_right() -> None:
    mask = mask_from_heat(_map(HEAT), BRAIN, GREY, SETTINGS)
    areas = [step.mask.sum() for step in mask.sweep]
    assert areas == sorted(areas, reverse=True)
    assert areas[0] > areas[-1]
    for low, high in zip(mask.sweep, mask.sweep[1:], strict=False):
        assert not (high.mask & ~low.mask).any()
    assert mask.pixels[60, 95], "the hottest pixel is inside: the mask is not inside out"


@pytest.mark.parametrize(
    "heat", [np.zeros((SIDE, SIDE)), np.full((SIDE, SIDE), 0.7), np.where(BRAIN, 0.0, 1.0)]
)
def test_nothing_to_find_is_an_empty_mask(heat: np.ndarray) -> None:
    mask = mask_from_heat(_map(heat), BRAIN, GREY, dataclasses.replace(SETTINGS, smoothing=0.0))
    assert mask.area_px == 0
    assert mask.threshold_percentile is None
    assert "flat" in mask.criterion


def test_heat_outside_the_brain_moves_nothing() -> None:
    """Less the part that smoothing carries over the border."""
    settings = dataclasses.replace(SETTINGS, smoothing=0.0)
    hot_air = np.where(BRAIN, HEAT, 1.0)
    first, second = (
        mask_from_heat(_map(HEAT), BRAIN, GREY, settings),
        mask_from_heat(_map(hot_air), BRAIN, GREY, settings),
    )
    assert np.array_equal(first.pixels, second.pixels)
    assert second.heat_outside_brain is not None
    assert second.heat_outside_brain > 0.8


def test_without_a_brain_the_whole_picture_serves() -> None:
    assert mask_from_heat(_map(HEAT), np.zeros_like(BRAIN), GREY, SETTINGS).pixels[60, 95]


def test_fixed_percentile_keeps_its_share_of_the_brain() -> None:
    heat = np.random.default_rng(2).random((SIDE, SIDE)).astype(np.float32)
    bare = dataclasses.replace(
        SETTINGS, smoothing=0.0, min_area=0.0, component_share=0.0, criterion="fixed", fixed_percentile=97.0
    )
    candidates = make_candidates(np.where(BRAIN, heat, 0), BRAIN, GREY, "glioma", bare, (97.0,))
    above = (heat > candidates.thresholds[0]) & BRAIN
    assert above.sum() / BRAIN.sum() == pytest.approx(0.03, abs=1e-3)


def test_fill_holes_agrees_with_scipy() -> None:
    rng = np.random.default_rng(3)
    for _ in range(30):
        pixels = rng.random((30, 41)) > 0.45
        assert np.array_equal(fill_holes(pixels), ndimage.binary_fill_holes(pixels))


def test_clean_drops_small_parts() -> None:
    pixels = np.zeros((50, 50), dtype=bool)
    pixels[5:15, 5:15], pixels[8:11, 8:11] = True, False
    pixels[30:36, 30:36], pixels[45, 45] = True, True
    kept = clean(pixels, min_area=2 / 2500, component_share=0.25)
    assert kept[5:15, 5:15].all()
    assert kept[30:36, 30:36].all()
    assert kept.sum() == 136
    assert clean(pixels, min_area=0.0, component_share=0.5).sum() == 100


def test_probability_mask_and_its_sweep() -> None:
    probability = np.where(TUMOUR, 0.9, 0.02).astype(np.float32)
    probability[ROWS > 150] = 0.0
    mask = mask_from_probability(probability, BRAIN)
    assert np.array_equal(mask.pixels, TUMOUR)
    assert mask.source == "segmentation_head"
    assert mask.threshold == 0.5
    assert [step.threshold for step in mask.sweep] == list(DEFAULT_MASK_SETTINGS.sweep_thresholds)
    assert all(np.array_equal(step.mask, TUMOUR) for step in mask.sweep)
    outside = probability[~BRAIN].sum() / probability.sum()
    assert mask.heat_outside_brain == pytest.approx(outside, rel=1e-4)
    empty = mask_from_probability(np.zeros_like(probability), BRAIN)
    assert empty.area_px == 0
    assert empty.heat_outside_brain is None
    assert mask.firmness == pytest.approx(0.9)
    assert empty.firmness is None


def test_probability_at_the_skull_base_is_not_cut() -> None:
    probability = np.where((ROWS - 158) ** 2 + (COLUMNS - 80) ** 2 < 100, 0.9, 0.0)
    assert mask_from_probability(probability, BRAIN).area_px > 0


def test_baselines() -> None:
    prior = centred_gaussian(BRAIN)
    assert np.unravel_index(prior.argmax(), prior.shape) == (80, 80)
    assert gaussian_mask(BRAIN, 90.0).sum() == pytest.approx(0.1 * BRAIN.sum(), rel=0.05)
    assert dice(otsu_mask(GREY, BRAIN), TUMOUR) > 0.9
    assert not otsu_mask(GREY, np.zeros_like(BRAIN)).any()
    truth = gaussian_mask(BRAIN, 93.0)
    assert best_gaussian_percentile([(BRAIN, truth)]) == 93.0


@pytest.mark.parametrize(
    "wrong", [{"fixed_percentile": 100.0}, {"percentiles": (90.0, 80.0)}, {"threshold": 0.0}]
)
def test_impossible_settings_are_refused(wrong: dict) -> None:
    with pytest.raises(UsageError):
        MaskSettings(**wrong)


def test_a_class_without_a_tuned_percentile_is_said() -> None:
    with pytest.raises(UsageError, match="no percentile tuned"):
        mask_from_heat(_map(HEAT), BRAIN, GREY, MaskSettings(criterion="class-tuned"))
