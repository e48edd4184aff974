"""The capability query: what this installation can do, as plain data, without torch."""

from __future__ import annotations

import importlib.util
import os
import platform
import sys
from functools import cache
from importlib import metadata
from typing import Any

import saliscribe
from saliscribe.models.catalogue import models
from saliscribe.registry import Registry


def info() -> dict[str, Any]:
    """Versions, networks, saliency methods, atlases, readers, writers and the machine; never imports torch."""
    from saliscribe.anatomy.atlas import ATLASES
    from saliscribe.io.readers import READERS
    from saliscribe.reporting.providers import PROVIDERS
    from saliscribe.saliency.methods import CAM_METHODS

    listing = models()
    return {
        "saliscribe": {"version": saliscribe.__version__, "research_use_only": True},
        "networks": [_brief(one) for one in listing["installed"]],
        "backbones": [one["name"] for one in listing["backbones"]],
        "cam_methods": _table(CAM_METHODS),
        "atlases": _table(ATLASES),
        "readers": _table(READERS),
        "writers": _table(PROVIDERS),
        "versions": library_versions(),
        "machine": machine_facts(),
    }


@cache
def library_versions() -> dict[str, str | None]:
    """Installed versions of the libraries that decide a result; ``None`` for one that is not installed."""
    names = (
        "torch",
        "torchvision",
        "timm",
        "numpy",
        "scipy",
        "pillow",
        "pydicom",
        "nibabel",
        "SimpleITK",
        "lightning",
    )
    return {"python": platform.python_version(), **{name: _version(name) for name in names}}


def machine_facts() -> dict[str, Any]:
    """The processor, and whether the installed torch could use a GPU at all (``None`` where that is not known)."""
    torch_version = _version("torch")
    return {
        "platform": platform.platform(),
        "processors": len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count(),
        "cpu_features": _cpu_features(),
        "torch_build": None if torch_version is None else _torch_build(torch_version),
        "nvidia_driver": os.path.exists("/proc/driver/nvidia/version") if sys.platform == "linux" else None,
    }


def _brief(network: dict[str, Any]) -> dict[str, Any]:
    return {key: network[key] for key in ("name", "summary", "weights_mib")}


def _table(registry: Registry) -> dict[str, dict[str, Any]]:
    return {
        name: {"summary": registry[name].summary, "available": _available(registry, name)}
        for name in registry
    }


def _available(registry: Registry, name: str) -> bool:
    return all(importlib.util.find_spec(need) is not None for need in registry[name].needs)


def _version(name: str) -> str | None:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return None


def _torch_build(version: str) -> str:
    return "cpu" if version.endswith("+cpu") else "gpu or unmarked"


def _cpu_features() -> list[str] | None:
    """The instruction sets that speed bfloat16 up; ``None`` where the system does not tell."""
    try:
        with open("/proc/cpuinfo", encoding="utf-8") as lines:
            flags = next(
                (set(line.split()) for line in lines if line.startswith(("flags", "Features"))), set()
            )
    except OSError:
        return None
    return sorted(flags & {"avx2", "avx512f", "avx512_bf16", "amx_bf16", "amx_tile", "bf16"})
