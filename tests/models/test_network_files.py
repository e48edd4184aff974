"""Model folders: damaged, foreign and missing files give one clear line."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import torch

from saliscribe.core.records.prepared import Crop, Prepared
from saliscribe.errors import InputError, MissingError, SaliscribeError, UsageError
from saliscribe.metrics.temperature import fit_temperature
from saliscribe.models.dual_head import DualHeadNet
from saliscribe.models.network import load_network, save_network
from saliscribe.models.predict import predict, predict_batch

CARD = {"name": "test", "input_size": 64, "temperature": 2.0, "mirror_average": True}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    torch.manual_seed(0)
    save_network(DualHeadNet("efficientnet_lite0").eval(), tmp_path / "model", CARD)
    return tmp_path / "model"


def prepared(seed: int, shape: tuple[int, int] = (80, 70)) -> Prepared:
    rng = np.random.default_rng(seed)
    grey = rng.random(shape, dtype=np.float32)
    crop = Crop(5, 3, 60)
    from saliscribe.core.windows import cut_window

    return Prepared(grey, cut_window(grey, crop, 64), np.ones(shape, dtype=bool), crop)


def test_changed_weights_are_noticed(folder: Path) -> None:
    weights = folder / "weights.safetensors"
    data = bytearray(weights.read_bytes())
    data[-1] ^= 1
    weights.write_bytes(data)
    with pytest.raises(InputError, match="do not match their card"):
        load_network(folder)


def test_weights_of_another_network_are_refused(folder: Path) -> None:
    card = json.loads((folder / "metadata.json").read_text())
    (folder / "metadata.json").write_text(json.dumps({**card, "backbone": "efficientnet_b0"}))
    with pytest.raises(InputError, match="do not fit the network"):
        load_network(folder)


def test_missing_model_and_wrong_device(folder: Path, tmp_path: Path) -> None:
    with pytest.raises(MissingError, match="no such model"):
        load_network(tmp_path / "nothing")
    with pytest.raises(UsageError, match="unknown device"):
        load_network(folder, device="abacus")
    with pytest.raises(UsageError, match="unknown precision"):
        load_network(folder, precision="float8")
    with pytest.raises(SaliscribeError):
        load_network(folder, device="cuda" if not torch.cuda.is_available() else "abacus")


def test_half_precision_storage_halves_the_file_and_keeps_the_answer(folder: Path, tmp_path: Path) -> None:
    network = load_network(folder, device="cpu")
    save_network(network.net, tmp_path / "half", CARD, half=True)
    sizes = [(place / "weights.safetensors").stat().st_size for place in (folder, tmp_path / "half")]
    assert sizes[1] < 0.52 * sizes[0]
    full, half = (
        predict(network, prepared(0)),
        predict(load_network(tmp_path / "half", device="cpu"), prepared(0)),
    )
    assert half.probabilities == pytest.approx(full.probabilities, abs=2e-3)


def test_a_batch_is_its_singles(folder: Path) -> None:
    network = load_network(folder, device="cpu")
    batch = [prepared(1), prepared(2, (64, 90))]
    for together, one in zip(predict_batch(network, batch), batch, strict=True):
        alone = predict(network, one)
        assert together.probabilities == pytest.approx(alone.probabilities, abs=1e-5)
        np.testing.assert_allclose(together.tumour_probability, alone.tumour_probability, atol=1e-5)
        assert together.tumour_probability.shape == one.grey.shape


def test_mirror_average_makes_the_answer_mirror_symmetric(folder: Path) -> None:
    network = load_network(folder, device="cpu")
    one = prepared(3, (64, 64))
    one = Prepared(one.grey, one.grey, one.brain, Crop(0, 0, 64))
    flipped = Prepared(one.grey[:, ::-1].copy(), one.grey[:, ::-1].copy(), one.brain, Crop(0, 0, 64))
    here, there = predict(network, one), predict(network, flipped)
    assert here.logits == pytest.approx(there.logits, abs=1e-5)
    np.testing.assert_allclose(here.tumour_probability, there.tumour_probability[:, ::-1], atol=1e-5)


def test_bfloat16_stays_close_to_float32(folder: Path) -> None:
    exact = predict(load_network(folder, device="cpu"), prepared(4))
    fast = predict(load_network(folder, device="cpu", precision="bfloat16"), prepared(4))
    assert fast.probabilities == pytest.approx(exact.probabilities, abs=0.03)


def test_temperature_recovers_a_known_one() -> None:
    rng = np.random.default_rng(0)
    logits = rng.normal(0, 2, (20_000, 3))
    chances = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    labels = (chances.cumsum(axis=1) > rng.random((20_000, 1))).argmax(axis=1)
    assert fit_temperature(logits * 3.0, labels) == pytest.approx(3.0, rel=0.05)
    with pytest.raises(ValueError, match="at least one"):
        fit_temperature(np.zeros((0, 3)), np.zeros(0, dtype=int))


@pytest.mark.parametrize("text", ["", "{", "{}", "[]", '{"name": "x"}'])
def test_a_broken_card_is_one_clear_line(folder: Path, text: str) -> None:
    (folder / "metadata.json").write_text(text)
    with pytest.raises(InputError, match="model card"):
        load_network(folder)
