"""``saliscribe evaluate``: score a network on labelled data."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from saliscribe.cli.options import DeviceOption, JsonFlag, PrecisionOption


def evaluate(
    data: Annotated[
        Path,
        typer.Argument(metavar="DATA", help="Labelled data: a folder in any supported layout, or a CSV."),
    ],
    model: Annotated[str, typer.Option(help="Name of an installed network, or a folder.")] = "default",
    device: DeviceOption = None,
    precision: PrecisionOption = None,
    json: JsonFlag = False,
) -> None:
    """Score a network on labelled slices: accuracy, F1, Dice, calibration, each with n and its interval by patient."""
    raise NotImplementedError
