"""Result folders to look at, made of random findings: quick to make, and valid like any other."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from saliscribe.core.records.findings import Findings
from saliscribe.findings.random_findings import random_findings
from saliscribe.io.encode import json_bytes
from saliscribe.io.runs import write_run

PAGE = "<!DOCTYPE html><title>a report</title><p>report of {}</p>"


def write_result(out: Path, name: str, findings: Findings, audit: str = "pass") -> Path:
    """A result folder as ``explain`` leaves it, as far as the viewer reads it."""
    picture = io.BytesIO()
    Image.fromarray(np.full((40, 64, 3), 90, np.uint8)).save(picture, format="PNG")
    files = {
        "findings.json": json_bytes(findings),
        "report.html": PAGE.format(name),
        "overlay.png": picture.getvalue(),
    }
    manifest = {"kind": "slice", "key": name, "input": {"name": f"{name}.png"}, "result": {"audit": audit}}
    return write_run(out / name, files, manifest)


@pytest.fixture
def results(tmp_path: Path) -> Path:
    """Four finished results, one of them in a subfolder and one with a name that needs quoting."""
    out = tmp_path / "out"
    for seed, name in enumerate(("a2", "a10", "Größe & <b> #1?", "later/x")):
        write_result(out, name, random_findings(seed), "blocked" if name == "a10" else "pass")
    return out
