"""A real, tiny training run: it learns, and a killed run goes on where it was and ends with the same weights."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import torch

from saliscribe.core.names import CLASSES
from saliscribe.core.records.labelled import LabelledSlice
from saliscribe.core.records.prepared import Crop
from saliscribe.errors import UsageError
from saliscribe.models.dual_head import DualHeadNet
from saliscribe.models.network import save_network
from saliscribe.training.curves import draw_curves, read_log
from saliscribe.training.fit import fit
from saliscribe.training.module import DualHeadModule
from saliscribe.training.settings import TrainSettings
from saliscribe.training.train import start_of_fold, starting_net
from saliscribe.training.windows_data import STORED_SIZE, Window

SETTINGS = TrainSettings(
    weights="none", size=64, warm_size=None, epochs=2, batch_size=4, ema_decay=0.5, validation_share=0
)


def window(number: int) -> Window:
    """A disc whose place tells its class."""
    label = number % 3
    rows, columns = np.mgrid[:STORED_SIZE, :STORED_SIZE]
    disc = (rows - 128) ** 2 + (columns - 60 - 64 * label) ** 2 < 30**2
    rng = np.random.default_rng(number)
    image = np.where(disc, 220, 60) + rng.integers(0, 30, disc.shape)
    item = LabelledSlice(Path(f"{number}.png"), CLASSES[label], f"P{number}")
    return Window(item, image.astype(np.uint8), disc.astype(np.uint8) * 255, Crop(0, 0, 256), (256, 256))


def net() -> DualHeadNet:
    torch.manual_seed(3)
    torch.set_num_threads(1)
    return DualHeadNet("efficientnet_lite0", dropout=0.0)


#: Killed by the system in the middle of the second of two epochs, after the third step of four.
DIES = """
import os, runpy, signal, sys
from pathlib import Path
here = runpy.run_path(sys.argv[1])
from saliscribe.training import fit, module
real, calls = module.combined_loss, []
def dies_in_the_second_epoch(*given):
    calls.append(1)
    if len(calls) == 4:
        os.kill(os.getpid(), signal.SIGKILL)
    return real(*given)
module.combined_loss = dies_in_the_second_epoch
windows = [here["window"](number) for number in range(8)]
fit.fit(here["net"](), windows, [], here["SETTINGS"], Path(sys.argv[2]), progress=False)
"""


def test_a_killed_run_resumes_to_the_same_weights(tmp_path: Path) -> None:
    windows = [window(number) for number in range(8)]
    whole = fit(net(), windows, [], SETTINGS, tmp_path / "whole", progress=False)
    killed = subprocess.run([sys.executable, "-c", DIES, __file__, str(tmp_path / "killed")], check=False)
    assert killed.returncode == -signal.SIGKILL
    assert list(read_log(tmp_path / "killed").index) == [0]
    resumed = fit(net(), windows, [], SETTINGS, tmp_path / "killed", progress=False)
    for (name, one), other in zip(whole.state_dict().items(), resumed.state_dict().values(), strict=True):
        torch.testing.assert_close(one, other, rtol=0, atol=0, msg=name)
    assert list(read_log(tmp_path / "killed").index) == [0, 1]


def test_two_processes_that_share_every_batch_make_the_weights_of_one(tmp_path: Path) -> None:
    # With still norms, and all slices in one batch, the gradients' mean does not depend on who has which slice.
    settings = SETTINGS.model_copy(update={"batch_size": 8, "freeze_norms": True})
    windows = [window(number) for number in range(8)]
    start = net().state_dict()
    alone = fit(net(), windows, [], settings, tmp_path / "alone", progress=False).state_dict()
    shared = fit(net(), windows, [], settings, tmp_path / "shared", progress=False, devices=2).state_dict()
    assert any(not torch.equal(value, start[name]) for name, value in alone.items())
    for name, value in alone.items():
        torch.testing.assert_close(shared[name], value, rtol=1e-3, atol=1e-5, msg=name)
    with pytest.raises(UsageError, match="a batch size that 3 divides"):
        fit(net(), windows, [], settings, tmp_path / "odd", progress=False, devices=3)


def test_validation_figures_are_logged(tmp_path: Path) -> None:
    fit(
        net(),
        [window(n) for n in range(4)],
        [window(n) for n in range(4, 7)],
        SETTINGS,
        tmp_path,
        progress=False,
    )
    log = read_log(tmp_path)
    assert list(log.index) == [0, 1]
    assert log[["train_loss", "train_overlap", "val_loss", "val_accuracy", "val_dice"]].notna().all().all()
    assert draw_curves(tmp_path, tmp_path / "curves.png").stat().st_size > 10_000


def test_going_on_from_a_network_keeps_its_weights_and_refuses_another_kind(tmp_path: Path) -> None:
    card = {"name": "start", "input_size": 64, "temperature": 1.0}
    first = net()
    save_network(first, tmp_path, card)
    again = starting_net(SETTINGS.model_copy(update={"start_from": str(tmp_path), "dropout": 0.1}))
    torch.testing.assert_close(again.classifier.weight, first.classifier.weight)
    assert all(parameter.requires_grad for parameter in again.parameters())
    assert again.dropout.p == 0.1
    # It comes in evaluation mode; Lightning would keep it so, without dropout and with still norms.
    assert DualHeadModule(again, SETTINGS).net.training
    with pytest.raises(UsageError, match="another one"):
        starting_net(SETTINGS.model_copy(update={"start_from": str(tmp_path), "backbone": "resnet50"}))


def test_what_is_frozen_stays_and_the_rest_learns(tmp_path: Path) -> None:
    start = {name: value.clone() for name, value in net().state_dict().items()}
    settings = SETTINGS.model_copy(
        update={"frozen": ("encoder.features.conv_stem",), "freeze_norms": True, "epochs": 1}
    )
    fitted = fit(net(), [window(n) for n in range(8)], [], settings, tmp_path, progress=False).state_dict()
    changed = {name for name, value in fitted.items() if not torch.equal(value, start[name])}
    norms = {
        name
        for part, module in net().named_modules()
        if isinstance(module, torch.nn.BatchNorm2d)
        for name in (f"{part}.{key}" for key in module.state_dict())
    }
    assert not changed & (norms | {"encoder.features.conv_stem.weight"})
    assert {"classifier.weight", "encoder.features.blocks.0.0.conv_dw.weight"} <= changed


def test_a_part_that_is_not_there_cannot_be_frozen(tmp_path: Path) -> None:
    settings = SETTINGS.model_copy(update={"frozen": ("encoder.nowhere",)})
    with pytest.raises(UsageError, match="no such part"):
        fit(net(), [window(n) for n in range(4)], [], settings, tmp_path, progress=False)


def test_a_cross_validation_goes_on_fold_by_fold_or_not_at_all(tmp_path: Path) -> None:
    (tmp_path / "fold_2").mkdir()
    assert start_of_fold(None, 2) is None
    assert start_of_fold(str(tmp_path), 2) == str(tmp_path / "fold_2")
    with pytest.raises(UsageError, match="has seen the patients"):
        start_of_fold(str(tmp_path), 3)
