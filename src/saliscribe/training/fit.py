"""Fit one network on one split: Lightning does the loop, the devices, the checkpoints and the resuming."""

from __future__ import annotations

import logging
import warnings
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path

import lightning.pytorch as pl
import numpy as np
import torch
from lightning.pytorch.callbacks import Callback, EarlyStopping, ModelCheckpoint, WeightAveraging
from lightning.pytorch.loggers import CSVLogger
from torch import Tensor
from torch.utils.data import DataLoader, Sampler

from saliscribe.errors import UsageError
from saliscribe.models.dual_head import DualHeadNet
from saliscribe.training.module import DualHeadModule
from saliscribe.training.settings import AugmentRanges, TrainSettings
from saliscribe.training.windows_data import Window, WindowDataset, collate

#: No change at all: what validation slices get.
NO_CHANGE = AugmentRanges(**dict.fromkeys(AugmentRanges.model_fields, 0.0))


class EpochOrder(Sampler[int]):
    """A shuffle that depends on (seed, epoch) alone, so that a resumed run sees the same order."""

    def __init__(self, dataset: WindowDataset) -> None:
        self.dataset = dataset

    def __len__(self) -> int:
        return len(self.dataset)

    def __iter__(self) -> Iterator[int]:
        rng = np.random.default_rng((self.dataset.seed, self.dataset.epoch))
        yield from (int(index) for index in rng.permutation(len(self.dataset)))


class TellEpoch(Callback):
    """Tells the dataset which epoch it is: draws and order follow from it."""

    def __init__(self, dataset: WindowDataset) -> None:
        self.dataset = dataset

    def on_train_epoch_start(self, trainer: pl.Trainer, pl_module: pl.LightningModule) -> None:
        """Before the first batch of an epoch is drawn."""
        self.dataset.epoch = trainer.current_epoch


def fit(
    net: DualHeadNet,
    train: Sequence[Window],
    validation: Sequence[Window],
    settings: TrainSettings,
    folder: Path,
    *,
    progress: bool = True,
    devices: int = 1,
) -> DualHeadNet:
    """Train ``net`` and return it with its averaged weights; resumes from ``folder/last.ckpt`` after a kill.

    Writes ``folder/last.ckpt`` each epoch and ``folder/log_<start>/metrics.csv``. ``devices`` GPUs, or processes on a
    CPU, share every batch (Lightning DDP); each has batch statistics of its own part.

    Raises:
        UsageError: a batch cannot be shared evenly.
    """
    if settings.batch_size % devices:
        raise UsageError(
            "a batch cannot be shared by the devices",
            expected=f"a batch size that {devices} divides",
            got=str(settings.batch_size),
        )
    _quieten()
    pl.seed_everything(settings.seed, verbose=False)
    dataset = WindowDataset(train, settings.augment, settings.seed)
    share = settings.batch_size // devices
    batches = DataLoader(dataset, share, sampler=EpochOrder(dataset), collate_fn=collate, drop_last=True)
    checks = DataLoader(WindowDataset(validation, NO_CHANGE, 0), share, collate_fn=collate)
    trainer = pl.Trainer(
        max_epochs=settings.epochs,
        accelerator="auto",
        devices=devices if devices > 1 else "auto",
        strategy=_strategy(devices),
        precision=settings.precision,
        # Each start has its own log, because the logger empties the folder that it is given.
        logger=CSVLogger(folder, name=None, version=f"log_{len(list(folder.glob('log_*'))) + 1}"),
        callbacks=_callbacks(dataset, bool(validation), settings, folder),
        enable_progress_bar=progress,
        enable_model_summary=False,
        num_sanity_val_steps=0,
        log_every_n_steps=20,
    )
    last = folder / "last.ckpt"
    module = DualHeadModule(net, settings)
    trainer.fit(
        module, batches, checks if validation else None, ckpt_path=str(last) if last.is_file() else None
    )
    return module.net.eval()


def _strategy(devices: int) -> str:
    """Only the fit runs in other processes; what comes before and after it stays in this one."""
    if devices == 1:
        return "auto"
    # CUDA does not survive a fork; without it a fork spares every process its own copy of the slices.
    return "ddp_spawn" if torch.cuda.is_available() else "ddp_fork"


def _callbacks(
    dataset: WindowDataset, validates: bool, settings: TrainSettings, folder: Path
) -> list[Callback]:
    callbacks: list[Callback] = [
        TellEpoch(dataset),
        # One file, written anew each epoch, is all that resuming needs.
        ModelCheckpoint(folder, filename="last", enable_version_counter=False, save_on_train_epoch_end=True),
    ]
    if settings.ema_decay:
        callbacks.append(WeightAveraging(avg_fn=partial(_moving_average, settings.ema_decay)))
    if validates and settings.patience is not None:
        callbacks.append(EarlyStopping("val_loss", patience=settings.patience))
    return callbacks


@torch.no_grad()
def _moving_average(decay: float, average: Tensor, current: Tensor, _count: Tensor | int) -> Tensor:
    """One step of the exponential average; a named function, because it goes to other processes."""
    return decay * average + (1 - decay) * current


def _quieten() -> None:
    """Lightning's advice on worker counts does not fit a data set that is already in memory."""
    logging.getLogger("lightning.pytorch").setLevel(logging.WARNING)
    warnings.filterwarnings("ignore", module="lightning")
    torch.set_float32_matmul_precision("high")
