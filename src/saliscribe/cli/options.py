"""The options that several commands share, spelt once."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from saliscribe.core.names import CAM_METHOD_NAMES, CamMethod
from saliscribe.errors import UsageError

if TYPE_CHECKING:
    from saliscribe.reporting.chat import Parameters


class Cam(StrEnum):
    """The saliency methods, and all of them at once."""

    gradcam = "gradcam"
    gradcam_pp = "gradcam++"
    scorecam = "scorecam"
    all = "all"

    @property
    def methods(self) -> tuple[CamMethod, ...]:
        """The methods meant."""
        return tuple(name for name in CAM_METHOD_NAMES if self is Cam.all or name == self.value)


class PlaneName(StrEnum):
    """Plane of a lone slice."""

    auto = "auto"
    axial = "axial"
    coronal = "coronal"
    sagittal = "sagittal"


class OrientationName(StrEnum):
    """Display convention of a picture that has no header."""

    unknown = "unknown"
    radiological = "radiological"
    neurological = "neurological"


class Mode(StrEnum):
    """How much of the report the writer decides."""

    template = "template"
    plan = "plan"
    slots = "slots"
    free = "free"


class Device(StrEnum):
    """Where the network runs."""

    auto = "auto"
    cpu = "cpu"
    cuda = "cuda"


class Precision(StrEnum):
    """Number format of the network."""

    auto = "auto"
    float32 = "float32"
    bfloat16 = "bfloat16"


_WRITERS = "template|grok|mistral|llama|local|openai:URL#MODEL|scripted:FILE"

JsonFlag = Annotated[
    bool, typer.Option("--json", help="JSON on standard output, progress on standard error.")
]
ClusterOption = Annotated[
    str | None,
    typer.Option(
        metavar="local:N|slurm:N|pbs:N|ADDRESS|FILE",
        help="Dask workers: N processes here, N jobs of a queue, or a running scheduler.",
    ),
]
Offline = Annotated[bool, typer.Option("--offline", help="Never touch the network.")]
Config = Annotated[Path | None, typer.Option(help="TOML settings: defaults < this file < options.")]
DeviceOption = Annotated[Device | None, typer.Option(help="Where the network runs [default: auto].")]
PrecisionOption = Annotated[
    Precision | None, typer.Option(help="Number format of the network [default: auto].")
]
ModeOption = Annotated[
    Mode | None,
    typer.Option(help="How much the writer decides [default: template; free for any other writer]."),
]
WriterOption = Annotated[
    str | None, typer.Option(metavar=_WRITERS, help="Who writes the report [default: template].")
]
SpacingOption = Annotated[
    str | None, typer.Option(metavar="X[,Y]", help="Pixel size in mm of a picture that does not state it.")
]


def parse_spacing(text: str | None) -> tuple[float, float] | None:
    """``"0.98"`` or ``"0.98,1.02"`` -> (x, y) millimetres.

    Raises:
        UsageError: not one or two positive numbers.
    """
    if text is None:
        return None
    try:
        values = [float(part) for part in text.split(",")]
    except ValueError:
        values = []
    if len(values) not in (1, 2) or not all(0.0 < value < 100.0 for value in values):
        raise UsageError(
            "--spacing-mm", expected="X or X,Y in millimetres, above 0 and below 100", got=repr(text)
        )
    return values[0], values[-1]


def model_parameters(**options: float | str | None) -> Parameters:
    """How a language model is asked; ``None`` leaves the default.

    Raises:
        UsageError: a value out of its range.
    """
    from saliscribe.pipeline.resolve_settings import resolve_settings
    from saliscribe.reporting.chat import Parameters

    return resolve_settings(Parameters, "llm", None, options)
