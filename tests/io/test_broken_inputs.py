"""Damaged, lying and impossible files: one line each, in bounded time and memory, and nothing else."""

from __future__ import annotations

import gzip
import os
import resource
import struct
import time
import zlib
from collections.abc import Iterator
from pathlib import Path

import h5py
import nibabel
import numpy as np
import pytest
from scipy.io import savemat

from saliscribe.core.volume import Volume
from saliscribe.errors import InputError
from saliscribe.io import isolation
from saliscribe.io.read import read_volume

LABELS = ["png", "jpeg", "tiff", "tiff-lzw", "bmp", "mat-v7", "mat-v5", "dicom", "dicom-rle"]
LABELS += ["nifti", "nifti-gz", "nrrd", "nrrd-gz"]
MAGIC = {
    "png": b"\x89PNG\r\n\x1a\n", "jpeg": b"\xff\xd8\xff\xe0", "tiff": b"II*\x00", "bmp": b"BM\0\0\0\0\0\0\0\0",
    "dicom": b"\0" * 128 + b"DICM", "nrrd": b"NRRD0005\n", "hdf": b"\x89HDF\r\n\x1a\n",
    "mat-v5": b"MATLAB 5.0 MAT-file".ljust(124) + b"\x00\x01IM",
    "mat-v7": b"MATLAB 7.3 MAT-file".ljust(512) + b"\x89HDF\r\n\x1a\n",
    "gzip": b"\x1f\x8b\x08\0\0\0\0\0\0\3", "nifti": struct.pack("<i", 348).ljust(344, b"\0") + b"n+1\0",
}  # fmt: skip
SECONDS = 20.0
MEGABYTES = 600


def refused(path: Path) -> str:
    """Read ``path``: it must fail with one InputError line, soon, and without taking memory."""
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    start = time.monotonic()
    with pytest.raises(InputError) as caught:
        read_volume(path)
    line = str(caught.value)
    assert "\n" not in line
    assert str(path) in line
    assert len(line) < 900
    assert time.monotonic() - start < SECONDS
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < MEGABYTES * 1024
    return line


@pytest.mark.parametrize("label", LABELS)
@pytest.mark.parametrize("seed", range(10))
def test_cut_off_anywhere(label, seed, samples, tmp_path):
    """130 files: cut at random within the part that holds the image, always refused."""
    whole = samples[label].read_bytes()
    path = tmp_path / samples[label].name
    cut = int(np.random.default_rng([seed, len(label)]).integers(1, int(len(whole) * 0.85)))
    path.write_bytes(whole[:cut])
    refused(path)


@pytest.mark.parametrize("label", LABELS)
@pytest.mark.parametrize("seed", range(8))
def test_bytes_overwritten_anywhere(label, seed, samples, tmp_path):
    """104 files with damage that may or may not matter: refused in one line, or read to a valid volume."""
    random = np.random.default_rng([seed, 7, len(label)])
    content = bytearray(samples[label].read_bytes())
    header = min(len(content), 800)
    for _ in range(int(random.integers(1, 30))):
        place = int(random.integers(8, header if random.random() < 0.7 else len(content)))
        content[place] = int(random.integers(0, 256))
    path = tmp_path / samples[label].name
    path.write_bytes(bytes(content))
    start = time.monotonic()
    try:
        outcome: object = read_volume(path)
    except InputError as error:
        outcome = str(error)
    assert isinstance(outcome, Volume) or (isinstance(outcome, str) and "\n" not in outcome)
    assert time.monotonic() - start < SECONDS


@pytest.mark.parametrize("magic", MAGIC)
@pytest.mark.parametrize("seed", range(5))
def test_random_bytes_behind_the_right_signature(magic, seed, tmp_path):
    """55 files."""
    random = np.random.default_rng(seed)
    path = tmp_path / "x.bin"
    path.write_bytes(MAGIC[magic] + random.bytes(int(random.integers(0, 20_000))))
    refused(path)


@pytest.mark.parametrize(
    "name",
    ["a.png", "a.jpg", "a.tif", "a.bmp", "a.mat", "a.dcm", "a.nii", "a.nii.gz", "a.nrrd", "a.txt", "a"],
)
@pytest.mark.parametrize("content", [b"", b"\0" * 5000, b"this is a text, not an image\n" * 40, b"\xff"])
def test_contents_of_another_kind(name, content, tmp_path):
    """44 files: empty, zeros, text, one byte."""
    path = tmp_path / name
    path.write_bytes(content)
    line = refused(path)
    if not content:
        assert "empty" in line


def _png(width: int, height: int) -> bytes:
    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return (
        MAGIC["png"]
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(bytes(100_000)))
        + chunk(b"IEND", b"")
    )


def _tiff(width: int, height: int) -> bytes:
    tags = [
        (256, 4, width),
        (257, 4, height),
        (258, 3, 8),
        (259, 3, 1),
        (262, 3, 1),
        (273, 4, 8),
        (278, 4, height),
        (279, 4, 100),
    ]
    entries = b"".join(struct.pack("<HHII", tag, kind, 1, value) for tag, kind, value in tags)
    return b"II*\0" + struct.pack("<I", 200) + bytes(192) + struct.pack("<H", len(tags)) + entries + bytes(4)


def _nifti(*sides: int, kind: int = 16, offset: float = 352.0) -> bytes:
    header = bytearray(352)
    struct.pack_into("<i", header, 0, 348)
    struct.pack_into("<8h", header, 40, len(sides), *sides, *[1] * (7 - len(sides)))
    struct.pack_into("<hh", header, 70, kind, 32)
    struct.pack_into("<8f", header, 76, *[1.0] * 8)
    struct.pack_into("<f", header, 108, offset)
    header[344:348] = b"n+1\0"
    return bytes(header)


def _nrrd(sizes: str, encoding: str = "raw") -> bytes:
    dimension = len(sizes.split())
    head = f"NRRD0004\ntype: double\ndimension: {dimension}\nsizes: {sizes}\n"
    return f"{head}encoding: {encoding}\nendian: little\n\n".encode()


def _bmp(width: int, height: int) -> bytes:
    return (
        b"BM"
        + struct.pack("<IHHI", 100, 0, 0, 54)
        + struct.pack("<IiiHHIIiiII", 40, width, height, 1, 24, 0, 0, 0, 0, 0, 0)
    )


HUGE = {
    "png-wide": ("x.png", _png(2_000_000_000, 2_000_000_000)),
    "png-bomb": ("x.png", _png(20_000, 20_000)),
    "png-promise": ("x.png", _png(9_000, 9_000)),
    "tiff": ("x.tif", _tiff(4_000_000_000, 4_000_000_000)),
    "tiff-promise": ("x.tif", _tiff(9_000, 9_000)),
    "bmp": ("x.bmp", _bmp(2_000_000_000, 2_000_000_000)),
    "bmp-negative": ("x.bmp", _bmp(-5, 60)),
    "nifti": ("x.nii", _nifti(32767, 32767, 32767)),
    "nifti-promise": ("x.nii", _nifti(2000, 2000, 60)),
    "nifti-gz-promise": ("x.nii.gz", gzip.compress(_nifti(2000, 2000, 60))),
    "nifti-negative": ("x.nii", _nifti(-256, 256, 24)),
    "nifti-zero": ("x.nii", _nifti(0, 256, 24)),
    "nifti-dims": ("x.nii", _nifti(64, 64, 64, 64, 64, 64, 64)),
    "nifti-type": ("x.nii", _nifti(64, 64, 5, kind=9999)),
    "nifti-colour": ("x.nii", _nifti(64, 64, 5, kind=128)),
    "nifti-offset": ("x.nii.gz", gzip.compress(_nifti(64, 64, 5, offset=3e9) + bytes(1_000_000))),
    "nifti-nan-offset": ("x.nii", _nifti(64, 64, 5, offset=float("nan"))),
    "nrrd": ("x.nrrd", _nrrd("1000000 1000000 1000000")),
    "nrrd-promise": ("x.nrrd", _nrrd("2000 2000 60")),
    "nrrd-gz-promise": ("x.nrrd", _nrrd("2000 2000 60", "gzip") + gzip.compress(b"123")),
    "nrrd-negative": ("x.nrrd", _nrrd("-64 64")),
    "nrrd-axes": ("x.nrrd", _nrrd(" ".join(["2"] * 40))),
    "nrrd-word": ("x.nrrd", _nrrd("many more")),
    "nrrd-overflow": ("x.nrrd", _nrrd("9" * 4000 + " 64")),
}


@pytest.mark.parametrize("case", HUGE)
def test_declared_sizes_are_not_believed(case, tmp_path):
    name, content = HUGE[case]
    path = tmp_path / name
    path.write_bytes(content)
    refused(path)


def test_a_compressed_bomb_stops_at_the_declared_size(tmp_path):
    """80,000 voxels promised, 400 MB of zeros inside: only what was promised is unpacked, then found empty."""
    packer = zlib.compressobj(1, wbits=31)
    body = packer.compress(_nifti(64, 64, 20))
    block = bytes(1 << 24)
    body += b"".join(packer.compress(block) for _ in range(24)) + packer.flush()
    path = tmp_path / "x.nii.gz"
    path.write_bytes(body)
    start = time.process_time()
    assert "same value" in refused(path)
    assert time.process_time() - start < 0.5


def test_dicom_that_lies_about_its_size(tmp_path, make_dicom, to_bytes, picture):
    for rows, columns, frames in (
        (65535, 65535, 1),
        (9000, 9000, 1),
        (96, 80, 99999),
        (96, 80, 50),
        (0, 0, 1),
        (500, 500, 1),
    ):
        path = tmp_path / "x.dcm"
        path.write_bytes(to_bytes(make_dicom(picture, Rows=rows, Columns=columns, NumberOfFrames=frames)))
        refused(path)


def test_dicom_element_that_claims_four_gigabytes(tmp_path, make_dicom, to_bytes, picture):
    content = bytearray(to_bytes(make_dicom(picture)))
    place = content.index(b"\xe0\x7f\x10\x00")
    struct.pack_into("<I", content, place + 8, 0xFFFFFFF0)
    (tmp_path / "x.dcm").write_bytes(bytes(content))
    refused(tmp_path / "x.dcm")


def test_mat_files_that_lie(tmp_path):
    with h5py.File(tmp_path / "a.mat", "w") as file:
        file["cjdata"] = 5.0
    with h5py.File(tmp_path / "b.mat", "w") as file:
        file.create_group("cjdata")["image"] = np.ones((40, 40, 40))
    with h5py.File(tmp_path / "c.mat", "w") as file:
        file.create_group("cjdata")["image"] = np.array([b"text"])
    savemat(tmp_path / "d.mat", {"cjdata": np.ones((3, 3))})
    savemat(tmp_path / "e.mat", {"cjdata": {"image": "words"}})
    for name in "abcde":
        refused(tmp_path / f"{name}.mat")


def _places(tmp_path: Path) -> Iterator[Path]:
    yield tmp_path
    yield tmp_path / "missing.png"
    yield tmp_path / "missing" / "x.png"
    yield tmp_path / ("long" * 80 + ".png")
    yield tmp_path / "nul\0byte.png"
    (tmp_path / "loop.png").symlink_to(tmp_path / "loop.png")
    yield tmp_path / "loop.png"
    (tmp_path / "dangling.png").symlink_to(tmp_path / "nowhere")
    yield tmp_path / "dangling.png"
    os.mkfifo(tmp_path / "pipe.png")
    yield tmp_path / "pipe.png"
    yield Path("/dev/zero")


def test_paths_that_are_no_files(tmp_path):
    """Folders, missing names, loops, pipes and devices; none of them blocks."""
    for path in _places(tmp_path):
        start = time.monotonic()
        with pytest.raises(InputError) as caught:
            read_volume(path)
        assert "\n" not in str(caught.value)
        assert time.monotonic() - start < 1.0


def test_no_permission(tmp_path, samples):
    path = tmp_path / "x.png"
    path.write_bytes(samples["png"].read_bytes())
    path.chmod(0)
    if os.access(path, os.R_OK):
        pytest.skip("the tests run as a user for whom every file is readable")
    assert "permission" in refused(path)


def test_a_read_that_fails_midway(tmp_path, samples, monkeypatch):
    def fail(self: Path) -> bytes:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "read_bytes", fail)
    with pytest.raises(InputError, match="permission"):
        read_volume(samples["png"])


class TestIsolation:
    """The worker process dies, hangs or starves, and the program goes on."""

    HERE = "import time, os, pathlib\nfrom saliscribe.io.isolation import Decoded\n"

    @pytest.fixture
    def decoder(self, tmp_path, monkeypatch):
        def make(body: str) -> str:
            (tmp_path / "odd_decoder.py").write_text(f"{self.HERE}def decode(path):\n    {body}\n")
            monkeypatch.syspath_prepend(str(tmp_path))
            monkeypatch.setattr(isolation, "_WORKERS", [])
            return "odd_decoder:decode"

        return make

    def test_crash(self, decoder, samples, tmp_path):
        target = decoder("os.kill(os.getpid(), 11)")
        for _ in range(2):
            with pytest.raises(InputError, match="crashed"):
                isolation.decode_isolated(target, samples["png"])
        assert read_volume(samples["mat-v5"]).is_slice

    def test_hang(self, decoder, samples):
        target = decoder("time.sleep(60)")
        start = time.monotonic()
        with pytest.raises(InputError, match="longer than 3 s"):
            isolation.decode_isolated(target, samples["png"], timeout_s=3.0)
        assert time.monotonic() - start < 10

    def test_memory(self, decoder, samples):
        target = decoder("bytearray(64 * 1024**3)")
        with pytest.raises(InputError, match="memory"):
            isolation.decode_isolated(target, samples["png"])

    def test_chatter_does_not_disturb_the_answer(self, decoder, samples):
        target = decoder("print('noise'); os.write(1, b'noise'); return Decoded({}, {'ok': 1})")
        assert isolation.decode_isolated(target, samples["png"]).facts == {"ok": 1}

    def test_a_forked_child_gets_its_own_worker(self, samples):
        first = read_volume(samples["mat-v7"])
        child = os.fork()
        if child == 0:
            same = np.array_equal(read_volume(samples["mat-v7"]).data, first.data)
            os._exit(0 if same else 1)
        assert os.waitpid(child, 0)[1] == 0
        assert np.array_equal(read_volume(samples["mat-v7"]).data, first.data)


def test_voxels_beyond_float32_are_refused(tmp_path):
    values = np.full((64, 64, 3), 1e300)
    values[0] = 1.0
    nibabel.save(nibabel.Nifti1Image(values, np.diag([3.0, 3.0, 5.0, 1.0])), tmp_path / "x.nii")
    assert "absurd" in refused(tmp_path / "x.nii")


def test_native_complaints_stay_off_the_terminal(samples, tmp_path, capfd):
    content = bytearray(samples["tiff-lzw"].read_bytes())
    content[20:400] = b"\xa5" * 380
    (tmp_path / "x.tif").write_bytes(bytes(content))
    refused(tmp_path / "x.tif")
    assert capfd.readouterr() == ("", "")
