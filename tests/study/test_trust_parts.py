"""Null maps, insertion and deletion, shuffled weights, harmless changes and controls, by hand-made cases."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import torch
from tests.study.synthetic_tables import predictions
from torch import Tensor, nn

from saliscribe.core.records.labelled import LabelledSlice
from saliscribe.saliency.harmless import HARMLESS
from saliscribe.saliency.null_maps import centred_gaussian_map, edge_map, same_spectrum, uniform_noise
from saliscribe.saliency.pixel_curves import pixel_curves
from saliscribe.saliency.randomise import randomised
from saliscribe.study.control_cells import nearest_outside, shuffled_by_patient, splits
from saliscribe.study.control_statistics import control_statistics
from saliscribe.study.settings import StudyPlan
from saliscribe.study.statistics import own_predictions
from saliscribe.study.trust_cells import likeness
from saliscribe.study.trust_names import HARMLESS_NAMES, INVERTED, LABELS_SHUFFLED, NULLS, OWN
from saliscribe.study.trust_statistics import badge, trust_statistics


class TextureNet(nn.Module):
    """Class 1 is as likely as the top left quarter of the picture is rough; nothing else counts."""

    def __init__(self) -> None:
        super().__init__()
        self.gain = nn.Parameter(torch.tensor(20.0))

    def classify(self, x: Tensor) -> Tensor:
        """Logits (N, 3)."""
        half = x.shape[-1] // 2
        rough = self.gain * (x[:, 0, :half, :half].std(dim=(1, 2)) - 0.25)
        return torch.stack([-rough, rough, torch.full_like(rough, -20.0)], dim=1)


def test_insertion_and_deletion_know_the_quarter_that_counts() -> None:
    picture = np.random.default_rng(0).random((32, 32)).astype(np.float32) * 0.2
    picture[:16, :16] = np.indices((16, 16)).sum(axis=0) % 2
    right = np.zeros((32, 32), dtype=np.float32)
    right[:16, :16] = 1.0
    flat = np.zeros_like(right)
    good, bad, none = pixel_curves(TextureNet(), picture, [right, -right, flat], 1, 8)
    # A chequered quarter (standard deviation 1/2) is a fourth of the pixels. Half of it black leaves 0.43, above the
    # net's 0.25; all of it, after two of eight steps, leaves none: the area is (1 + 1 / 2) / 8. Blurred, it is grey:
    # the first eighth of its pixels brings 0.35, so the area of insertion is 1 - (1 / 2) / 8.
    assert good.deletion == pytest.approx(1.5 / 8, abs=0.03)
    assert good.insertion == pytest.approx(1 - 0.5 / 8, abs=0.03)
    assert good.insertion > none.insertion > bad.insertion
    assert good.deletion < none.deletion < bad.deletion


def test_null_maps_know_nothing_of_the_map_but_its_spectrum() -> None:
    rng = np.random.default_rng(1)
    own = rng.random((6, 6)).astype(np.float32) ** 4
    noise = same_spectrum(own, rng)
    assert np.abs(np.fft.fft2(noise)) == pytest.approx(np.abs(np.fft.fft2(own)), abs=1e-4)
    assert abs(np.corrcoef(noise.ravel(), own.ravel())[0, 1]) < 0.8
    assert uniform_noise((6, 5), rng).shape == (6, 5)
    middle = centred_gaussian_map((7, 7))
    assert np.unravel_index(middle.argmax(), middle.shape) == (3, 3)
    picture = np.zeros((64, 64), dtype=np.float32)
    picture[:, 40:] = 1.0
    assert (edge_map(picture, (8, 8)).sum(axis=0) > 0).tolist() == [False] * 4 + [True] * 2 + [False] * 2


def test_shuffled_weights_keep_their_values_and_lose_their_places() -> None:
    torch.manual_seed(0)
    net = nn.Sequential()
    net.add_module("first", nn.Linear(20, 20))
    net.add_module("last", nn.Linear(20, 3))
    net.add_module("decoder", nn.Linear(20, 20))
    half = randomised(net, 0.5)
    assert torch.equal(half.first.weight, net.first.weight)
    assert not torch.equal(half.last.weight, net.last.weight)
    assert torch.equal(half.last.weight.flatten().sort().values, net.last.weight.flatten().sort().values)
    whole = randomised(net, 1.0)
    assert not torch.equal(whole.first.weight, net.first.weight)
    assert torch.equal(whole.decoder.weight, net.decoder.weight)


def test_harmless_changes_come_back_into_place() -> None:
    assert tuple(HARMLESS) == HARMLESS_NAMES
    picture = np.random.default_rng(2).random((8, 8)).astype(np.float32)
    for one in HARMLESS.values():
        changed = one.change(picture)
        assert changed.shape == picture.shape
        assert changed.dtype == np.float32
        assert likeness(one.undo(changed), picture) > 0.95


def test_likeness_of_flat_maps_is_not_invented() -> None:
    flat, slope = np.zeros((3, 3), dtype=np.float32), np.arange(9, dtype=np.float32).reshape(3, 3)
    assert likeness(slope, 2 * slope) == pytest.approx(1.0)
    assert likeness(slope, -slope) == pytest.approx(-1.0)
    assert likeness(flat, slope) == 0.0


def test_nearest_neighbour_never_looks_into_its_own_fold() -> None:
    likeness_table = np.array([[1.0, 0.9, 0.1], [0.9, 1.0, 0.2], [0.1, 0.2, 1.0]])
    assert nearest_outside(likeness_table, np.array([1, 1, 2])).tolist() == [2, 2, 1]
    assert nearest_outside(likeness_table, np.array([1, 2, 2])).tolist() == [1, 0, 0]


def test_labels_are_shuffled_among_whole_patients() -> None:
    patients = [f"P{at // 4}" for at in range(80)]
    labels = np.array([at // 4 % 3 for at in range(80)])
    other = shuffled_by_patient(labels, patients, 0)
    assert (other != labels).any()
    assert all(len(set(other[4 * at : 4 * at + 4])) == 1 for at in range(20))
    assert sorted(other) == sorted(labels)


def test_split_by_patient_keeps_a_patient_together_and_by_slice_does_not() -> None:
    slices = [
        LabelledSlice(Path(f"{at}.png"), "glioma", f"P{at // 5}", fold=1 + at // 5 % 2) for at in range(50)
    ]
    found = splits(slices)
    for at in range(0, 50, 5):
        assert len(set(found["by patient"][at : at + 5])) == 1
    assert any(len(set(found["by slice"][at : at + 5])) > 1 for at in range(0, 50, 5))


def test_network_taught_shuffled_labels_is_a_control_and_no_contender() -> None:
    said = predictions({"own": 0.95, "control": 1 / 3}, patients=60)
    networks = pd.DataFrame({"network": ["own", "control"], "shuffled_labels": [False, True]})
    kept = own_predictions({"predictions": said, "networks": networks})
    assert set(kept["network"]) == {"own"}
    chance = pd.DataFrame({"control": "chance", "value": np.linspace(0.2, 0.45, 50)})
    neighbour = pd.DataFrame(
        {
            "control": "nearest neighbour",
            "split": "by patient",
            "labels": ["true", "shuffled"],
            "value": [0.8, 0.33],
        }
    )
    controls = pd.concat([chance, neighbour])
    found = control_statistics(controls, said[said["network"] == "control"])
    assert found["networks"][0]["at_chance"]
    assert found["neighbour"][0]["at_chance"]
    assert not control_statistics(controls, said[said["network"] == "own"])["networks"][0]["at_chance"]


def _tries(lead: float, patients: int = 40) -> pd.DataFrame:
    rng = np.random.default_rng(4)
    rows = []
    for at in range(patients):
        for name in (OWN, INVERTED, *NULLS):
            better = lead if name == OWN else 0.0
            rows.append(
                {
                    "network": "net", "method": "gradcam", "map": name, "file": f"{at}.png", "patient": f"P{at}",
                    "insertion": 0.5 + better + 0.02 * rng.normal(), "deletion": 0.3,
                    "pointing": float(rng.random() < 0.2 + 2 * better),
                }
            )  # fmt: skip
    return pd.DataFrame(rows)


def _sanity(shuffled: float, stable: float, labels: float | None = 0.1) -> pd.DataFrame:
    taught = {} if labels is None else {LABELS_SHUFFLED: labels}
    values = {"weights shuffled 1": shuffled, **taught, **dict.fromkeys(HARMLESS_NAMES, stable)}
    return pd.DataFrame(
        {
            "network": "net",
            "method": "gradcam",
            "change": name,
            "file": f"{at}",
            "patient": f"P{at}",
            "likeness": value,
        }
        for name, value in values.items()
        for at in range(5)
    )


@pytest.mark.parametrize(
    ("lead", "shuffled", "stable", "expected"),
    [
        (0.3, 0.1, 0.95, "trusted"),
        (0.0, 0.1, 0.95, "failed"),
        (-0.3, 0.1, 0.95, "failed"),
        (0.3, 0.9, 0.95, "failed"),
        (0.3, -0.9, 0.95, "failed"),
        (0.3, 0.1, 0.3, "failed"),
    ],
)
def test_badge_needs_every_check(lead: float, shuffled: float, stable: float, expected: str) -> None:
    plan = StudyPlan(resamples=1000)
    found = trust_statistics(_tries(lead), _sanity(shuffled, stable), plan)["net"]["gradcam"]
    assert found["badge"] == expected
    without = trust_statistics(_tries(lead), pd.DataFrame(), plan)["net"]["gradcam"]["badge"]
    assert without == ("failed" if lead <= 0 else "not_assessed")


@pytest.mark.parametrize(("labels", "expected"), [(0.8, "failed"), (None, "not_assessed"), (0.2, "trusted")])
def test_maps_must_be_lost_with_the_labels(labels: float | None, expected: str) -> None:
    found = trust_statistics(_tries(0.3), _sanity(0.1, 0.95, labels), StudyPlan(resamples=1000))
    assert found["net"]["gradcam"]["badge"] == expected
    check = next(one for one in found["net"]["gradcam"]["checks"] if one["code"] == "labels")
    assert check["passed"] is {"failed": False, "not_assessed": None, "trusted": True}[expected]


def test_badge_of_nothing_is_not_assessed() -> None:
    assert badge([]) == "not_assessed"
    assert badge([True, None]) == "not_assessed"
    assert badge([None, False]) == "failed"
