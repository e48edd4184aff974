"""Make a virtual environment and install saliscribe into it. Standard library only: it runs before anything is there.

python3 scripts/install.py --venv .venv --torch cpu [--extra dev]
"""

from __future__ import annotations

import argparse
import hashlib
import json
import platform
import subprocess
import sys
import tempfile
import urllib.request
from pathlib import Path
from urllib.parse import urljoin

ROOT = Path(__file__).resolve().parent.parent
CONSTRAINTS = ROOT / "constraints-cpu.txt"
CPU_INDEX = "https://download.pytorch.org/whl/cpu"
PIP_PAGE = "https://pypi.org/pypi/pip/json"


def main() -> None:
    """Make the environment, choose where PyTorch comes from, install."""
    options = _options()
    if tuple(map(int, platform.python_version_tuple()[:2])) < (3, 11):
        sys.exit(
            f"error: Python 3.11 or newer is needed, this is {platform.python_version()}; try make PYTHON=python3.12"
        )
    python = options.venv / "bin" / "python"
    if not python.exists():
        _make_venv(options.venv, python)
    pip = [str(python), "-m", "pip", "--disable-pip-version-check"]
    source = [] if options.torch == "gpu" else _cpu_source(pip)
    target = f"{ROOT}[{options.extra}]" if options.extra else str(ROOT)
    print(
        f"installing saliscribe and what it needs into {options.venv} (a few minutes the first time)",
        flush=True,
    )
    _run([*pip, "install", "-qq", *source, "-e", target])


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--venv", type=Path, default=ROOT / ".venv")
    parser.add_argument("--torch", choices=("cpu", "gpu"), default="cpu")
    parser.add_argument("--extra", default="")
    return parser.parse_args()


def _make_venv(folder: Path, python: Path) -> None:
    """``python3 -m venv``; where Debian's python3-venv is missing, without pip, which is then fetched from PyPI."""
    try:
        import ensurepip
        import venv
    except ImportError as error:
        if error.name == "venv":
            sys.exit("error: this Python has no venv module; on Debian: apt-get install python3-venv")
        with_pip = False
    else:
        with_pip = bool(ensurepip.version())
    import venv

    venv.create(folder, with_pip=with_pip, symlinks=True)
    if not with_pip:
        _fetch_pip(python)


def _fetch_pip(python: Path) -> None:
    try:
        with urllib.request.urlopen(PIP_PAGE, timeout=60) as page:
            files = json.load(page)["urls"]
        wheel = next(file for file in files if file["packagetype"] == "bdist_wheel")
        with urllib.request.urlopen(urljoin(PIP_PAGE, wheel["url"]), timeout=60) as stream:
            data = stream.read()
    except OSError as error:
        sys.exit(
            f"error: pip is missing and cannot be fetched ({error}); on Debian: apt-get install python3-venv"
        )
    if hashlib.sha256(data).hexdigest() != wheel["digests"]["sha256"]:
        sys.exit("error: the pip wheel from PyPI does not match its checksum")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / wheel["filename"]
        path.write_bytes(data)
        _run([str(python), f"{path}/pip", "install", "--quiet", "--no-index", str(path)])


def _cpu_source(pip: list[str]) -> list[str]:
    """pip arguments that lead to a CPU-only PyTorch, or an end with a clear line where none can be reached."""
    arguments = ["-c", str(CONSTRAINTS)]
    if sys.platform != "linux" or platform.machine() != "x86_64":
        return arguments  # there PyPI's own wheels carry no CUDA packages
    if _installed_torch(pip).endswith("+cpu"):
        return arguments
    if _reachable(f"{CPU_INDEX}/torch/"):
        arguments += ["--extra-index-url", CPU_INDEX]
    if not _chosen_torch(pip, arguments).endswith("+cpu"):
        sys.exit(
            "error: no CPU-only PyTorch can be reached; expected it at "
            f"{CPU_INDEX} or in a folder named by PIP_FIND_LINKS. "
            "To do: connect, or accept PyPI's CUDA build (about 3 GB more) with make TORCH=gpu"
        )
    return arguments


def _reachable(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=5):
            return True
    except (OSError, ValueError):
        return False


def _installed_torch(pip: list[str]) -> str:
    shown = subprocess.run([*pip, "show", "torch"], capture_output=True, text=True, check=False).stdout
    return next((line.split()[-1] for line in shown.splitlines() if line.startswith("Version:")), "")


def _chosen_torch(pip: list[str], arguments: list[str]) -> str:
    """The version of PyTorch that pip would take; nothing is installed."""
    command = [
        *pip,
        "install",
        "--quiet",
        "--dry-run",
        "--no-deps",
        "--ignore-installed",
        "--report",
        "-",
        *arguments,
    ]
    done = subprocess.run([*command, "torch"], capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"error: pip cannot find PyTorch: {done.stderr.strip()[-400:]}")
    report = json.loads(done.stdout[done.stdout.index("{") :])
    return str(report["install"][0]["metadata"]["version"])


def _run(command: list[str]) -> None:
    done = subprocess.run(command, check=False)
    if done.returncode:
        sys.exit(f"error: this failed: {' '.join(command)}")


if __name__ == "__main__":
    main()
