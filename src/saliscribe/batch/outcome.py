"""What became of one input: the JSON line of the contract."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Literal

BUG = 70


@dataclass(frozen=True)
class OutcomeStructure:
    """One named structure under the mask."""

    name: str
    side: str
    share_of_lesion: float
    stability: str


@dataclass(frozen=True)
class Outcome:
    """The result of one input, as printed by ``explain --json``.

    ``error`` is the one line for people when ``status`` is ``error``; everything that is not known is ``None``.
    ``resumed`` is true when the folder was already complete and nothing was computed. ``error_code`` is the
    exit code that this error asks for. ``support`` tells of a volume whether its output is evidence of a tumour at all.
    """

    input: str
    status: Literal["ok", "error"]
    error: str | None = None
    out: str | None = None
    label: str | None = None
    probabilities: Mapping[str, float] | None = None
    mask: str | None = None
    mask_source: str | None = None
    structures: tuple[OutcomeStructure, ...] = ()
    report: str | None = None
    html: str | None = None
    findings: str | None = None
    audit: str | None = None
    seconds: Mapping[str, float] = field(default_factory=dict)
    resumed: bool = False
    warnings: tuple[str, ...] = ()
    error_code: int | None = None
    support: Literal["consistent", "doubtful"] | None = None

    def json_line(self) -> str:
        """One JSON object on one line."""
        return json.dumps(asdict(self), ensure_ascii=False, allow_nan=False)

    def human_line(self) -> str:
        """One line for a person."""
        name = " ".join(self.input.splitlines())
        if self.status == "error":
            return f"{name}: error: {(self.error or '').removeprefix(f'{name}: ')}"
        share = (self.probabilities or {}).get(self.label or "")
        said = f"{self.label}" + ("" if share is None else f" ({100 * share:.0f} %)")
        if self.support == "doubtful":
            said = "no class suggested, no reliable evidence for or against a tumour"
        note = ", already complete" if self.resumed else ""
        blocked = ", report BLOCKED by the audit" if self.audit == "blocked" else ""
        return f"{name}: {said} -> {self.html}{note}{blocked}"


def exit_code(outcomes: Iterable[Outcome]) -> int:
    """0, or the code of the worst outcome.

    A bug (70) comes first, then bad input (3), missing parts (4), wrong usage (2), a blocked report (5).
    """
    codes = {code for outcome in outcomes if (code := _code(outcome))}
    return next((code for code in (BUG, 3, 4, 2, 5) if code in codes), 0)


def _code(outcome: Outcome) -> int:
    if outcome.status == "error":
        return outcome.error_code or BUG
    return 5 if outcome.audit == "blocked" else 0


def failed(source: Path | str, line: str, code: int) -> Outcome:
    """The outcome of an input that could not be processed."""
    return Outcome(input=str(source), status="error", error=line, error_code=code)


def finished(source: Path | str, out: Path, manifest: Mapping[str, Any], *, resumed: bool) -> Outcome:
    """The outcome of a complete result folder, from what its manifest says."""
    summary = manifest["result"]
    structures = tuple(OutcomeStructure(**one) for one in summary["structures"])
    return Outcome(
        input=str(source),
        status="ok",
        out=str(out),
        label=summary["label"],
        probabilities=summary["probabilities"],
        mask=str(out / "mask.png"),
        mask_source=summary["mask_source"],
        structures=structures,
        report=str(out / "report.md"),
        html=str(out / "report.html"),
        findings=str(out / "findings.json"),
        audit=summary["audit"],
        seconds=manifest["timings"],
        resumed=resumed,
        warnings=tuple(summary["warnings"]),
        support=summary.get("support"),
    )
