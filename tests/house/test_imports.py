"""What importing and asking costs, in a fresh interpreter each time."""

from __future__ import annotations

import json
import resource
import subprocess
import sys

import pytest

import saliscribe

HEAVY = (
    "torch",
    "torchvision",
    "timm",
    "lightning",
    "pydicom",
    "pandas",
    "sklearn",
    "skimage",
    "matplotlib",
    "nibabel",
)
#: Seconds of processor time that a question about the installation may take (waiting for a busy machine not counted).
PATIENCE_S = 1.0


def _fresh(code: str) -> str:
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_import_saliscribe_brings_nothing_heavy() -> None:
    code = f"import sys, saliscribe; print([name for name in {(*HEAVY, 'numpy', 'pydantic')!r} if name in sys.modules])"
    assert _fresh(code).strip() == "[]"


@pytest.mark.parametrize(
    "arguments", [["--help"], ["models"], ["info", "--json"], ["schema"], ["explain", "--help"]]
)
def test_questions_never_import_torch_and_are_quick(arguments: list[str]) -> None:
    code = (
        "import sys, resource\n"
        "from saliscribe.cli.main import run\n"
        f"code = run({arguments!r})\n"
        f"heavy = [name for name in {HEAVY!r} if name in sys.modules]\n"
        "print(code, heavy, file=sys.stderr)\n"
    )
    before = _child_seconds()
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.stderr.splitlines()[-1] == "0 []", done.stderr
    assert _child_seconds() - before < PATIENCE_S


def _child_seconds() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def test_planning_an_explain_needs_no_torch() -> None:
    assert _fresh(
        "import sys, saliscribe; print(callable(saliscribe.explain), 'torch' in sys.modules)"
    ).split() == [
        "True",
        "False",
    ]


@pytest.mark.parametrize(
    "first",
    [
        "import saliscribe.models.places, saliscribe.audit.verify",
        "saliscribe.models; saliscribe.audit",
        "pass",
    ],
)
def test_verbs_that_are_packages_can_be_called_whatever_was_imported_before(first: str) -> None:
    ask = "print(json.dumps(sorted(saliscribe.models())), callable(saliscribe.audit))"
    code = f"import json, saliscribe\n{first}\n{ask}"
    listing, audit = _fresh(code).rsplit(" ", 1)
    assert json.loads(listing) == ["backbones", "installed"]
    assert audit.strip() == "True"


def test_every_public_name_is_listed_and_an_unknown_one_is_refused() -> None:
    assert set(saliscribe.__all__) <= set(dir(saliscribe))
    with pytest.raises(AttributeError, match="no attribute 'explian'"):
        _ = saliscribe.explian
