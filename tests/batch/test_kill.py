"""Killed at any moment and run again: complete or absent folders, and the bytes of an undisturbed run."""

from __future__ import annotations

import contextlib
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from saliscribe.io.runs import is_complete, read_manifest

KILLS = 5

#: Imports everything once, then forks one worker per line of standard input; each explains the inputs that remain.
DRIVER = """
import os, sys
os.environ["OMP_NUM_THREADS"] = "1"
import saliscribe.pipeline.components, saliscribe.pipeline.explain_volume, saliscribe.pipeline.result_files
import saliscribe
out, model, *inputs = sys.argv[1:]
print("ready", flush=True)
for line in sys.stdin:
    worker = os.fork()
    if worker == 0:
        os.setpgid(0, 0)
        failed = [one.error for one in saliscribe.explain(inputs, out, model=model) if one.status == "error"]
        os._exit(1 if failed else 0)
    print(worker, flush=True)
    _, status = os.waitpid(worker, 0)
    print("killed" if os.WIFSIGNALED(status) else f"exit {os.WEXITSTATUS(status)}", flush=True)
"""


def _contents(folder: Path) -> dict[str, Any]:
    found: dict[str, Any] = {path.name: path.read_bytes() for path in folder.iterdir()}
    manifest = json.loads(found["manifest.json"])
    del manifest["timings"]
    return found | {"manifest.json": manifest}


def _complete_or_absent(out: Path) -> int:
    """How many results there are; anything else that can be seen is a failure."""
    visible = [path for path in out.iterdir() if not path.name.startswith(".")] if out.exists() else []
    for folder in visible:
        manifest = read_manifest(folder)
        assert manifest is not None, f"{folder.name} has no manifest"
        assert is_complete(folder, manifest["key"], verify=True), f"{folder.name} is not complete"
    return len(visible)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_killed_at_random_points_and_run_again(
    phantoms: list[Path], random_network: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    arguments = [str(out), str(random_network), *map(str, phantoms)]
    with subprocess.Popen(
        [sys.executable, "-c", DRIVER, *arguments], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as driver:
        assert driver.stdin is not None
        assert driver.stdout is not None

        def say() -> int:
            driver.stdin.write("go\n")
            driver.stdin.flush()
            return int(driver.stdout.readline())

        def hear() -> str:
            return driver.stdout.readline().strip()

        assert hear() == "ready"
        start = time.perf_counter()
        say()
        assert hear() == "exit 0"
        whole = time.perf_counter() - start
        assert _complete_or_absent(out) == len(phantoms)
        wanted = {folder.name: _contents(folder) for folder in out.iterdir()}
        shutil.rmtree(out)

        draw = random.Random(20260101)
        killed = 0
        for _ in range(KILLS):
            worker = say()
            time.sleep(draw.uniform(0.1, 0.9) * whole)
            with contextlib.suppress(ProcessLookupError):
                os.kill(worker, signal.SIGKILL)
            killed += hear() == "killed"
            _complete_or_absent(out)
        assert killed, "no run was killed: the test has not tested anything"
        say()
        assert hear() == "exit 0"
        driver.stdin.close()
    assert {
        folder.name: _contents(folder) for folder in out.iterdir() if not folder.name.startswith(".")
    } == wanted
