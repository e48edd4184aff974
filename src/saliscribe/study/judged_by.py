"""What judges and writes reports, as one word: a cell of reports is computed anew when that changes."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

import saliscribe

#: The packages whose code and data files decide what a report says and how it is scored.
PACKAGES = ("audit", "reporting", "metrics", "faithfulness")


@cache
def judged_by() -> str:
    """The first 16 digits of the SHA-256 of every file of ``PACKAGES``, names included."""
    root = Path(saliscribe.__file__).parent
    digest = hashlib.sha256()
    for package in PACKAGES:
        for path in sorted((root / package).rglob("*")):
            if path.is_file() and path.suffix != ".pyc":
                digest.update(path.relative_to(root).as_posix().encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:16]
