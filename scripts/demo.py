"""Explain one example and say where the report is: a real slice where the shared data is there, else a painted one."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import saliscribe

ROOT = Path(__file__).resolve().parent.parent
OUT = ROOT / "demo-out"
#: A slice that shows its tumour well: number in the shared figshare data.
EXAMPLE = "images/1150.png"


def main() -> None:
    """Run the main job once."""
    example, kind = _real_slice() or _painted_slice()
    print(f"explaining {example} ({kind})", flush=True)
    [outcome] = saliscribe.explain(example, OUT, cam="all", overwrite=True)
    if outcome.status == "error":
        sys.exit(f"error: {outcome.error}")
    print(f"result:  {outcome.human_line()}")
    print(f"stages:  {', '.join(f'{name} {seconds:.2f} s' for name, seconds in outcome.seconds.items())}")
    print(f"report:  {outcome.html}")
    print("Research use only. Not a medical device.")


def _real_slice() -> tuple[Path, str] | None:
    shared = Path(os.environ.get("SALISCRIBE_SHARED") or ROOT.parent / "shared")
    path = shared / "data" / "figshare" / EXAMPLE
    return (path, "a real contrast-enhanced T1 slice") if path.is_file() else None


def _painted_slice() -> tuple[Path, str]:
    saliscribe.phantom(OUT / "phantom", 1)
    return (
        OUT / "phantom" / "synthetic_phantom_00000.png",
        "SYNTHETIC: painted into a template, not a patient",
    )


if __name__ == "__main__":
    main()
