"""Inside the worker process: the fields of a figshare ``cjdata`` struct, MATLAB v5 or v7.3."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import h5py
import numpy as np
from numpy.typing import NDArray

from saliscribe.errors import InputError
from saliscribe.io.isolation import Decoded
from saliscribe.io.pixels import check_shape

_FIELDS = ("label", "PID", "image", "tumorBorder", "tumorMask")


def decode_mat(path: Path) -> Decoded:
    """``image``, ``mask``, ``border`` in MATLAB's (rows, columns), with facts ``label`` and ``pid``.

    Raises:
        InputError: there is no cjdata struct with a two-dimensional image.
    """
    with path.open("rb") as stream:
        start = stream.read(520)
    modern = start.startswith((b"MATLAB 7.3", b"\x89HDF"))
    fields = _modern_fields(path) if modern else _classic_fields(path)
    if "image" not in fields:
        raise InputError("no brain image in this MATLAB file", expected="a struct cjdata with a field image")
    image = _numeric(fields["image"], "image")
    arrays = {"image": image}
    if "tumorMask" in fields:
        mask = _numeric(fields["tumorMask"], "tumorMask")
        if mask.shape != image.shape:
            raise InputError("image and tumorMask differ in size", got=f"{image.shape} and {mask.shape}")
        arrays["mask"] = (mask != 0).astype(np.uint8)
    if "tumorBorder" in fields:
        arrays["border"] = np.asarray(fields["tumorBorder"], dtype=np.float64).reshape(-1)
    return Decoded(arrays, {"label": _label(fields.get("label")), "pid": _text(fields.get("PID"))})


def _modern_fields(path: Path) -> dict[str, Any]:
    """HDF5 keeps MATLAB's column-major arrays, so every array comes transposed and is turned back."""
    with h5py.File(path, "r") as file:
        group = file.get("cjdata", file)
        fields = {}
        for name in _FIELDS:
            item = group.get(name) if isinstance(group, h5py.Group) else None
            if isinstance(item, h5py.Dataset):
                if item.size is None or item.size > 2**27:
                    raise InputError("an array of absurd size", got=f"{name}: {item.shape}")
                if name in ("image", "tumorMask"):
                    check_shape(item.shape[::-1] if item.ndim == 2 else (0, 0), str(path))
                fields[name] = item[()].T
        return fields


def _classic_fields(path: Path) -> dict[str, Any]:
    from scipy.io import loadmat

    content = loadmat(path, squeeze_me=False, struct_as_record=True, variable_names=["cjdata", *_FIELDS])
    struct = content.get("cjdata")
    if struct is None:
        return {name: content[name] for name in _FIELDS if name in content}
    if struct.dtype.names is None or struct.size != 1:
        raise InputError("cjdata is not one struct", got=f"{struct.size} elements")
    return {name: struct[name].reshape(-1)[0] for name in _FIELDS if name in struct.dtype.names}


def _numeric(value: Any, name: str) -> NDArray:
    array = np.asarray(value)
    if array.ndim != 2 or array.dtype.kind not in "iufb":
        raise InputError(
            f"{name} is not a grey picture",
            expected="two dimensions of numbers",
            got=f"{array.shape} {array.dtype}",
        )
    check_shape(array.shape, name)
    return array


def _label(value: Any) -> int | None:
    numbers = np.asarray(value if value is not None else [], dtype=np.float64).reshape(-1)
    return int(numbers[0]) if numbers.size == 1 and numbers[0] in (1, 2, 3) else None


def _text(value: Any) -> str | None:
    array = np.asarray(value if value is not None else [])
    if array.dtype.kind == "u" and 0 < array.size <= 256:
        return "".join(chr(int(code)) for code in array.reshape(-1, order="F"))
    if array.dtype.kind in "US" and array.size:
        return str(array.reshape(-1)[0]).strip()
    if array.dtype.kind in "if" and array.size == 1:
        return f"{float(array.reshape(-1)[0]):g}"
    return None
