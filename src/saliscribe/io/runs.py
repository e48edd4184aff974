"""The only writer of result folders: a temporary folder beside, the files, the manifest last, one rename."""

from __future__ import annotations

import errno
import hashlib
import json
import os
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path, PurePosixPath
from typing import Any

from saliscribe.errors import UsageError
from saliscribe.io.cannot_write import cannot_write
from saliscribe.io.encode import json_bytes
from saliscribe.io.partial_folders import claim_partial, clean_partials, release_partial

MANIFEST = "manifest.json"
MANIFEST_FORMAT = "saliscribe-result"
MANIFEST_VERSION = 1
_TRIES = 20
_SYNC_THREADS = 8


def run_key(parts: Mapping[str, Any]) -> str:
    """One hash over everything that decides a result: input hash, settings, weights, versions (any JSON data)."""
    text = json.dumps(
        json.loads(json_bytes(dict(parts))), sort_keys=True, separators=(",", ":"), ensure_ascii=False
    )
    return hashlib.sha256(text.encode("utf-8", "backslashreplace")).hexdigest()


def write_run(out_dir: Path, files: Mapping[str, bytes | str], manifest: Mapping[str, Any]) -> Path:
    """Write one complete result folder ``out_dir``, or nothing.

    ``files`` maps names (``/`` for subfolders) to contents. ``manifest`` should hold ``key`` (``run_key``), which
    ``is_complete`` compares; format, version and the size and sha256 of every file are added. Whenever
    the program is stopped, ``out_dir`` is complete or absent; an older result there is replaced. Writers of
    the same folder do not disturb each other: the last complete one stays.

    Raises:
        UsageError: ``out_dir`` cannot be written, or holds something that is not a result folder.
        MissingError: the disk is full.
    """
    out_dir = Path(os.path.abspath(out_dir))
    content = {name: text.encode("utf-8") if isinstance(text, str) else text for name, text in files.items()}
    for name in content:
        _check_name(name)
    listed = {
        name: {"bytes": len(data), "sha256": hashlib.sha256(data).hexdigest()}
        for name, data in sorted(content.items())
    }
    head = {"format": MANIFEST_FORMAT, "manifest_version": MANIFEST_VERSION}
    content[MANIFEST] = json_bytes({**head, **dict(manifest), "files": listed})
    try:
        _refuse_foreign(out_dir)
        out_dir.parent.mkdir(parents=True, exist_ok=True)
        clean_partials(out_dir.parent)
        partial = claim_partial(out_dir)
        try:
            _fill(partial.path, content)
            _move_into_place(partial.path, out_dir)
        finally:
            release_partial(partial)
    except OSError as error:
        raise cannot_write(error, out_dir) from error
    return out_dir


def read_manifest(run_dir: Path) -> dict[str, Any] | None:
    """The manifest of a result folder, or None where there is no readable one."""
    try:
        manifest = json.loads((Path(run_dir) / MANIFEST).read_bytes())
    except (OSError, ValueError):
        return None
    known = isinstance(manifest, dict) and manifest.get("format") == MANIFEST_FORMAT
    return manifest if known and isinstance(manifest.get("files"), dict) else None


def is_complete(run_dir: Path, key: str, *, verify: bool = False) -> bool:
    """True when ``run_dir`` holds a finished result for exactly ``key``, with all its files in full size.

    ``verify`` also compares every file's sha256.
    """
    manifest = read_manifest(run_dir)
    return (
        manifest is not None
        and manifest.get("key") == key
        and has_all_files(run_dir, manifest, verify=verify)
    )


def has_all_files(run_dir: Path, manifest: Mapping[str, Any], *, verify: bool = False) -> bool:
    """True when every file that ``manifest`` lists is in ``run_dir`` in full size, with ``verify`` also in content."""
    try:
        return all(_intact(Path(run_dir) / name, facts, verify) for name, facts in manifest["files"].items())
    except (OSError, KeyError, TypeError):
        return False


def _intact(path: Path, facts: Mapping[str, Any], verify: bool) -> bool:
    if path.stat().st_size != facts["bytes"]:
        return False
    return not verify or hashlib.sha256(path.read_bytes()).hexdigest() == facts["sha256"]


def _check_name(name: str) -> None:
    path = PurePosixPath(name)
    if not name or path.is_absolute() or ".." in path.parts or "\\" in name or name == MANIFEST:
        raise ValueError(f"write_run: {name!r} is not a name for a result file")


def _refuse_foreign(out_dir: Path) -> None:
    """Never replace a folder that this program did not write.

    A rival may put another result in the folder's place while it is looked at: only what stays is judged.
    """
    for _ in range(_TRIES):
        seen = _identity(out_dir)
        if seen is None:
            return
        if not out_dir.is_dir() or out_dir.is_symlink():
            problem, do = "cannot write the result folder: a file has its name", "choose another -o"
        elif _holds_something_else(out_dir):
            problem = "the folder exists and is not a result folder of this program"
            do = "choose another -o or move it"
        else:
            return
        if _identity(out_dir) == seen:
            raise UsageError(problem, where=str(out_dir), do=do)


def _holds_something_else(folder: Path) -> bool:
    try:
        return any(folder.iterdir()) and read_manifest(folder) is None
    except FileNotFoundError:
        return True


def _identity(path: Path) -> tuple[int, int] | None:
    try:
        facts = path.lstat()
    except FileNotFoundError:
        return None
    return facts.st_dev, facts.st_ino


def _fill(folder: Path, content: Mapping[str, bytes]) -> None:
    """Write all files, the manifest after the others, and make sure that they are on the disk.

    The files are synced side by side: a journalling file system then commits them together, several
    times faster than one by one.
    """
    folders = {folder}
    for name in content:
        for parent in (folder / name).relative_to(folder).parents:
            (folder / parent).mkdir(exist_ok=True, parents=True)
            folders.add(folder / parent)
    with ThreadPoolExecutor(_SYNC_THREADS) as pool:
        list(
            pool.map(
                lambda name: _write_file(folder / name, content[name]),
                [name for name in content if name != MANIFEST],
            )
        )
    _write_file(folder / MANIFEST, content[MANIFEST])
    for each in sorted(folders, reverse=True):
        _sync_folder(each)


def _write_file(path: Path, data: bytes) -> None:
    with path.open("wb") as stream:
        stream.write(data)
        stream.flush()
        os.fsync(stream.fileno())


def _move_into_place(partial: Path, out_dir: Path) -> None:
    """Rename onto ``out_dir``; an older result is first renamed away, as folders cannot be overwritten."""
    for attempt in range(_TRIES):
        try:
            os.rename(partial, out_dir)
            return
        except OSError as error:
            # A folder was in the way at that moment, even if a rival has taken it away since.
            occupied = error.errno in (errno.ENOTEMPTY, errno.EEXIST)
            refused = error.errno == errno.ENOTDIR or isinstance(error, PermissionError)
            if not (occupied or (refused and out_dir.is_dir())) or attempt == _TRIES - 1:
                raise
        _refuse_foreign(out_dir)
        old = claim_partial(out_dir)
        try:
            os.rename(out_dir, old.path / "old")
        except FileNotFoundError:
            pass  # another writer was faster; the name is free again
        finally:
            release_partial(old)


def _sync_folder(folder: Path) -> None:
    if os.name != "posix":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
