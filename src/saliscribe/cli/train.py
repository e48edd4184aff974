"""``saliscribe train``: fit a dual-head network."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from typing import Annotated

import typer

from saliscribe.cli.options import Config, Offline
from saliscribe.errors import MissingError


def train(
    data: Annotated[
        Path, typer.Argument(metavar="DATA", help="Labelled slices: a folder in any known layout.")
    ],
    out: Annotated[Path, typer.Option("-o", "--out", help="Folder for the network, its card and its log.")],
    backbone: Annotated[str | None, typer.Option(help="A backbone of 'saliscribe models'.")] = None,
    weights: Annotated[
        str | None, typer.Option(metavar="imagenet|none|FOLDER", help="Where training starts.")
    ] = None,
    start_from: Annotated[
        str | None, typer.Option(metavar="NAME|FOLDER", help="A trained network to go on from.")
    ] = None,
    mask_head: Annotated[
        bool | None, typer.Option("--mask-head/--no-mask-head", help="With or without the segmentation head.")
    ] = None,
    size: Annotated[int | None, typer.Option(help="Side of the network's window in pixels.")] = None,
    epochs: Annotated[int | None, typer.Option(help="Passes over the data.")] = None,
    batch_size: Annotated[int | None, typer.Option(help="Slices per step.")] = None,
    seed: Annotated[int | None, typer.Option(help="Seed of every random draw.")] = None,
    test_fold: Annotated[
        int | None, typer.Option(help="Fold that is left out and scored at the end.")
    ] = None,
    cross_validation: Annotated[
        bool, typer.Option("--cross-validate", help="One network per fold, then one on all patients.")
    ] = False,
    devices: Annotated[
        int, typer.Option(min=1, help="GPUs of this machine, or processes on its CPU, that share each batch.")
    ] = 1,
    layout: Annotated[str, typer.Option(help="Layout of the data.")] = "auto",
    name: Annotated[str | None, typer.Option(help="Name of the network [default: the folder's].")] = None,
    config: Config = None,
    offline: Offline = False,
) -> None:
    """Fit a dual-head network on labelled slices, split by patient; run again after a kill, it goes on."""
    if importlib.util.find_spec("lightning") is None:
        raise MissingError("training needs Lightning", do="pip install 'saliscribe[train]'")
    from saliscribe.pipeline.offline import forbid_network
    from saliscribe.pipeline.resolve_settings import resolve_settings
    from saliscribe.training.settings import TrainSettings
    from saliscribe.training.train import cross_validate
    from saliscribe.training.train import train as train_one

    options = {
        "backbone": backbone,
        "weights": weights,
        "start_from": start_from,
        "mask_head": mask_head,
        "size": size,
        "epochs": epochs,
        "batch_size": batch_size,
        "seed": seed,
        "test_fold": test_fold,
    }
    settings = resolve_settings(TrainSettings, "train", config, options)
    if offline:
        forbid_network()
    fit = cross_validate if cross_validation else train_one
    trained = fit(data, out, settings, layout=layout, name=name, devices=devices)
    typer.echo(f"network: {trained.folder}")
