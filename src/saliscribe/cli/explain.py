"""``saliscribe explain``: the main job."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

import saliscribe
from saliscribe.batch.outcome import Outcome, exit_code
from saliscribe.cli.options import (
    Cam,
    ClusterOption,
    Config,
    DeviceOption,
    JsonFlag,
    ModeOption,
    Offline,
    OrientationName,
    PlaneName,
    PrecisionOption,
    SpacingOption,
    WriterOption,
    parse_spacing,
)


def explain(
    inputs: Annotated[
        list[str],
        typer.Argument(metavar="INPUT...", help="Images, volumes, folders, globs or CSV tables of paths."),
    ],
    out: Annotated[Path, typer.Option("-o", "--out", help="Folder for the results: one folder per input.")],
    model: Annotated[str | None, typer.Option(help="Name of an installed network, or a folder.")] = None,
    cam: Annotated[Cam | None, typer.Option(help="Saliency method [default: gradcam++].")] = None,
    plane: Annotated[PlaneName | None, typer.Option(help="Plane of a lone slice [default: auto].")] = None,
    orientation: Annotated[
        OrientationName | None, typer.Option(help="Display convention of a bare picture [default: unknown].")
    ] = None,
    spacing_mm: SpacingOption = None,
    level_mm: Annotated[
        float | None, typer.Option(help="MNI coordinate of the slice along its normal, if you know it.")
    ] = None,
    atlas: Annotated[
        str | None,
        typer.Option(help="Atlas that names structures, or FILE.nii.gz[:TABLE] [default: harvard-oxford]."),
    ] = None,
    writer: WriterOption = None,
    mode: ModeOption = None,
    device: DeviceOption = None,
    precision: PrecisionOption = None,
    config: Config = None,
    jobs: Annotated[int, typer.Option(min=1, help="Worker processes.")] = 1,
    cluster: ClusterOption = None,
    overwrite: Annotated[
        bool, typer.Option("--overwrite", help="Make again what is already complete.")
    ] = False,
    offline: Offline = False,
    json: JsonFlag = False,
) -> None:
    """The main job: image(s), volume(s) or folder(s) -> one result folder each."""
    options = {
        "model": model,
        "cam": cam,
        "plane": plane,
        "orientation": orientation,
        "spacing_mm": parse_spacing(spacing_mm),
        "level_mm": level_mm,
        "atlas": atlas,
        "writer": writer,
        "mode": mode,
        "device": device,
        "precision": precision,
        "offline": offline or None,
    }

    def show(outcome: Outcome) -> None:
        sys.stdout.write((outcome.json_line() if json else outcome.human_line()) + "\n")
        sys.stdout.flush()
        for line in () if json else outcome.warnings:
            _note(f"{outcome.input}: {line}")

    outcomes = saliscribe.explain(
        inputs,
        out,
        config=config,
        jobs=jobs,
        cluster=cluster,
        overwrite=overwrite,
        on_outcome=show,
        on_note=_note,
        progress=True,
        **options,
    )
    raise typer.Exit(exit_code(outcomes))


def _note(line: str) -> None:
    typer.echo(f"note: {line}", err=True)
