"""``saliscribe evaluate``: score a network on labelled data."""

from __future__ import annotations

import json as json_format
from pathlib import Path
from typing import Annotated

import typer

import saliscribe
from saliscribe.cli.options import Cam, Device, DeviceOption, JsonFlag, Precision, PrecisionOption
from saliscribe.cli.save_text import make_folder, save_text
from saliscribe.errors import UsageError


def evaluate(
    data: Annotated[
        Path | None, typer.Argument(metavar="DATA", help="Labelled slices: a folder in any known layout.")
    ] = None,
    reports: Annotated[
        Path | None, typer.Option(help="Score written reports instead: a folder of result folders.")
    ] = None,
    model: Annotated[
        str, typer.Option(help="Name of an installed network, its folder, or a cross-validation folder.")
    ] = "default",
    out: Annotated[
        Path | None, typer.Option("-o", "--out", help="Folder for evaluation.json and slices.csv.")
    ] = None,
    out_of_fold: Annotated[
        Path | None, typer.Option(help="Table of out-of-fold predictions, scored as it is; no network runs.")
    ] = None,
    cam: Annotated[Cam | None, typer.Option(help="Also score the masks of a saliency method.")] = None,
    fold: Annotated[list[int] | None, typer.Option(help="Only these folds (repeat the option).")] = None,
    limit: Annotated[int | None, typer.Option(min=1, help="Only so many slices, evenly spread.")] = None,
    allow_seen: Annotated[
        bool, typer.Option("--allow-seen", help="Also score patients that the network has seen in training.")
    ] = False,
    layout: Annotated[str, typer.Option(help="Layout of the data.")] = "auto",
    device: DeviceOption = Device.auto,
    precision: PrecisionOption = Precision.auto,
    json: JsonFlag = False,
) -> None:
    """Score a network on labelled slices: every figure with its n and its 95 % interval by patient."""
    if out is not None:
        make_folder(out)
    if reports is not None:
        _evaluate_reports(reports, out, json)
        return
    if data is None:
        raise UsageError("nothing to evaluate", expected="labelled slices (DATA), or --reports FOLDER")
    from saliscribe.batch.evaluation_report import print_evaluation, save_evaluation

    result = saliscribe.evaluate(
        data,
        model=model,
        out_of_fold=out_of_fold,
        methods=() if cam is None else cam.methods,
        folds=fold or (),
        limit=limit,
        allow_seen=allow_seen,
        layout=layout,
        device=device or "auto",
        precision=precision or "auto",
        progress=True,
    )
    if out is not None:
        save_evaluation(result, out)
    if json:
        typer.echo(json_format.dumps(result.as_dict(), indent=2, allow_nan=False))
    else:
        print_evaluation(result)


def _evaluate_reports(folder: Path, out: Path | None, json: bool) -> None:
    """Diversity, coherence, readability and faithfulness per writer."""
    from saliscribe.faithfulness.evaluate_reports import evaluate_reports, print_reports, reports_csv

    result = evaluate_reports(folder)
    if out is not None:
        save_text(out / "reports.csv", reports_csv(result))
    if json:
        typer.echo(json_format.dumps(result.as_dict(), indent=2, allow_nan=False))
    else:
        print_reports(result)
