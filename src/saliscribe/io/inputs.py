"""What the user names -> the image files meant: files, folders to any depth, globs; masks and strangers left out."""

from __future__ import annotations

import glob
import os
import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from saliscribe.errors import InputError
from saliscribe.io.readers import READERS
from saliscribe.io.runs import MANIFEST, read_manifest
from saliscribe.io.sniff import format_of_name

_MASK_NAME = re.compile(
    r"(?i)^(?P<stem>.*?)[_\-. ](mask|seg|segmentation|label|labels|tumor_?mask|tumour_?mask)$"
)
_MASK_FOLDERS = frozenset(
    ("mask", "masks", "label", "labels", "segmentation", "segmentations", "annotations")
)
_IMAGE_FOLDERS = ("images", "image", "imgs", "img", "scans", "")
_IGNORED_FOLDERS = frozenset(("__MACOSX", "__pycache__", "node_modules"))
#: Trees deeper or larger than this are a mistake (a whole disk), not a set of images.
_MAX_FILES = 2_000_000


@dataclass(frozen=True)
class FoundInputs:
    """The files in natural order, one line for each kind of thing that was left out, and what came to nothing.

    ``missing`` has each folder or glob behind which there is no image file, with the error that says so.
    """

    paths: tuple[Path, ...]
    notes: tuple[str, ...] = ()
    missing: tuple[tuple[str, InputError], ...] = ()


def expand_inputs(inputs: Iterable[str | Path]) -> list[Path]:
    """The image files that ``inputs`` mean; see ``find_inputs``, which also says what was left out.

    Raises:
        InputError: nothing at all was found.
    """
    patterns = [os.fspath(item) for item in inputs]
    found = find_inputs(patterns)
    if any(os.path.lexists(path) for path in found.paths):
        return list(found.paths)
    if found.paths:
        raise _no_such(found.paths)
    raise found.missing[0][1] if len(found.missing) == 1 else _no_image(", ".join(patterns), 0)


def find_inputs(inputs: Iterable[str | Path]) -> FoundInputs:
    """Expand files, folders (to any depth) and globs (``**`` too), in natural order, each file once.

    A file named outright is kept whatever it is, also where there is none, so that reading it gives its own error. From
    folders and globs only supported formats are taken; hidden files and finished result folders are passed over.
    A mask beside its image (``x_mask.png`` with ``x.png``, ``masks/x.png`` with ``images/x.png``) is left out,
    unless it was asked for by name without the image.
    """
    named: list[Path] = []
    walked: list[Path] = []
    missing: list[tuple[str, InputError]] = []
    strangers = 0
    for item in inputs:
        pattern = os.fspath(item)
        before = len(named) + len(walked), strangers
        try:
            for path, outright in _matches(pattern):
                if outright:
                    named.append(path)
                elif _supported(path):
                    walked.append(path)
                else:
                    strangers += 1
        except InputError as error:
            missing.append((pattern, error))
            continue
        if len(named) + len(walked) == before[0]:
            missing.append((pattern, _no_image(pattern, strangers - before[1])))
    kept, masks = _without_masks(_once([*named, *walked]))
    return FoundInputs(tuple(kept), tuple(_notes(masks, strangers)), tuple(missing))


def natural_key(path: Path) -> tuple[tuple[tuple[int, int, str], ...], ...]:
    """Sort key with numbers by value: ``slice2`` before ``slice10``; folder by folder."""
    return tuple(
        tuple(
            (0, int(part), "") if part.isdigit() and part.isascii() else (1, 0, part.lower())
            for part in re.split(r"([0-9]+)", step)
        )
        for step in path.parts
    )


def _matches(pattern: str) -> Iterator[tuple[Path, bool]]:
    """Files behind one argument, each with whether it was named outright."""
    if not pattern.strip():  # an unset variable of a shell, not the folder that one is in
        raise InputError("an empty name", expected="an image, volume, folder or glob", got=repr(pattern))
    path = Path(pattern).expanduser()
    if path.is_dir():
        yield from ((each, False) for each in sorted(_walk(path), key=natural_key))
    elif os.path.lexists(path) or not glob.has_magic(pattern):
        yield path, True
    else:
        found = glob.glob(str(path), recursive=True)
        for each in sorted((Path(item) for item in found), key=natural_key):
            if each.is_dir() and "**" not in pattern:
                yield from ((inner, False) for inner in sorted(_walk(each), key=natural_key))
            elif not each.is_dir():
                yield each, False


def _walk(folder: Path) -> Iterator[Path]:
    """Visible files below ``folder``; links are followed, but no folder is entered twice."""
    seen: set[str] = set()
    count = 0
    for root, folders, files in os.walk(folder, followlinks=True):
        real = os.path.realpath(root)
        if real in seen or (MANIFEST in files and read_manifest(Path(root)) is not None):
            folders.clear()
            continue
        seen.add(real)
        folders[:] = [name for name in folders if not name.startswith(".") and name not in _IGNORED_FOLDERS]
        for name in files:
            if not name.startswith("."):
                yield Path(root, name)
        count += len(files)
        if count > _MAX_FILES:
            raise InputError(f"more than {_MAX_FILES:,} files", where=str(folder), do="name a smaller folder")


def _supported(path: Path) -> bool:
    return format_of_name(path) is not None or is_dicom(path)


def is_dicom(path: Path) -> bool:
    """A DICOM file by its ending, or, since scanners export files without one (or named by numbers and dots), by its
    signature."""
    if format_of_name(path) is not None or path.name == "DICOMDIR":
        return format_of_name(path) == "dicom"
    return (not path.suffix or path.suffix[1:].isdigit()) and _has_signature(path)


def _has_signature(path: Path) -> bool:
    try:
        if not path.is_file():
            return False
        with path.open("rb") as stream:
            return stream.read(132)[128:] == b"DICM"
    except OSError:
        return False


def _once(paths: list[Path]) -> list[Path]:
    seen: dict[str, Path] = {}
    for path in paths:
        seen.setdefault(os.path.realpath(path), path)
    return list(seen.values())


def _without_masks(paths: list[Path]) -> tuple[list[Path], list[Path]]:
    present: dict[Path, list[str]] = {}
    for path in paths:
        present.setdefault(path.parent, []).append(_stem(path).lower())
    for stems in present.values():
        stems.sort()
    kept: list[Path] = []
    masks: list[Path] = []
    for path in paths:
        (masks if _is_mask(path, present) else kept).append(path)
    return kept, masks


def _is_mask(path: Path, present: dict[Path, list[str]]) -> bool:
    """A mask by its name or folder, and the image that it belongs to is among the inputs."""
    stem = _stem(path)
    match = _MASK_NAME.match(stem)
    if match:
        image = match["stem"].lower()
        stems = present[path.parent]
        for other in stems[bisect_left(stems, image) :]:
            if not other.startswith(image):
                break
            if other == image or (other[len(image)] in "_-. " and not _MASK_NAME.match(other)):
                return True
    if path.parent.name.lower() not in _MASK_FOLDERS:
        return False
    beside = path.parent.parent
    return any(_holds(present.get(beside / name, []), stem.lower()) for name in _IMAGE_FOLDERS)


def _holds(stems: list[str], stem: str) -> bool:
    place = bisect_left(stems, stem)
    return place < len(stems) and stems[place] == stem


def _stem(path: Path) -> str:
    for entry in READERS.values():
        for suffix in sorted(entry.facts["extensions"], key=len, reverse=True):
            if path.name.lower().endswith(suffix):
                return path.name[: -len(suffix)]
    return path.name


def _notes(masks: list[Path], strangers: int) -> Iterator[str]:
    if masks:
        yield f"{len(masks)} mask{'s' if len(masks) > 1 else ''} beside their images left out, such as {masks[0].name}"
    if strangers:
        yield f"{strangers} file{'s' if strangers > 1 else ''} of other kinds left out"


def _no_such(paths: Sequence[Path]) -> InputError:
    shown = ", ".join(map(str, paths[:3])) + (f" and {len(paths) - 3} more" if len(paths) > 3 else "")
    return InputError("no such file or folder", where=shown, do="check the path")


def _no_image(pattern: str, strangers: int) -> InputError:
    known = ", ".join(suffix for entry in READERS.values() for suffix in entry.facts["extensions"])
    got = f"{strangers} file{'s' if strangers > 1 else ''} of other kinds" if strangers else "nothing"
    return InputError(
        "no image file found", expected=f"files ending in {known}", got=got, where=pattern or "no input given"
    )
