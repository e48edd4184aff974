"""Pictures of every mode, and the colours that are refused."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageDraw, ImageFont
from skimage.io import imread

from saliscribe.errors import InputError
from saliscribe.io.colour import grey_from_colour
from saliscribe.io.read import read_volume


def _save(image: Image.Image, path: Path, **options: object) -> Path:
    image.save(path, **options)
    return path


def test_sixteen_bit_png_keeps_every_value(tmp_path, picture):
    deep = picture.astype(np.uint16) * np.uint16(257) - np.uint16(3) * (picture > 9).astype(np.uint16)
    path = _save(Image.fromarray(deep), tmp_path / "deep.png")
    assert np.array_equal(read_volume(path).picture, deep)
    assert np.array_equal(imread(path), deep)


@pytest.mark.parametrize("mode", ["RGB", "RGBA", "LA", "P"])
def test_colour_modes_that_hold_grey_lose_nothing(mode, tmp_path, picture):
    path = _save(Image.fromarray(picture).convert(mode), tmp_path / "x.png")
    volume = read_volume(path)
    assert np.array_equal(volume.picture, picture)
    assert volume.warnings == ()


@pytest.mark.parametrize("mode", ["RGB", "CMYK"])
def test_colour_jpegs_that_hold_grey(mode, tmp_path, picture):
    path = _save(Image.fromarray(picture).convert(mode), tmp_path / "x.jpg", quality=95)
    assert np.abs(read_volume(path).picture - picture).mean() < 2.0


def test_transparency_counts_as_black(tmp_path, picture):
    alpha = np.full(picture.shape, 255, np.uint8)
    alpha[:10] = 0
    alpha[10:20] = 128
    path = _save(Image.fromarray(np.dstack([picture, picture, picture, alpha])), tmp_path / "x.png")
    volume = read_volume(path)
    assert (volume.picture[:10] == 0).all()
    assert np.allclose(volume.picture[10:20], picture[10:20] * (128 / 255.0), atol=1e-4)
    assert np.array_equal(volume.picture[20:], picture[20:])
    assert volume.warnings == (
        "of the picture 10.4% is transparent and counts as black and 10.4% is half transparent and was darkened",
    )  # ten rows of 96 each


def test_a_picture_that_is_half_opaque_everywhere_is_not_called_black(tmp_path, picture):
    alpha = np.full_like(picture, 128)
    path = _save(Image.fromarray(np.dstack([picture, picture, picture, alpha])), tmp_path / "x.png")
    volume = read_volume(path)
    assert np.allclose(volume.picture, picture * (128 / 255.0), atol=1e-4)
    assert volume.warnings == ("the whole picture is 50% opaque; it was darkened evenly",)


def test_a_wholly_transparent_picture_is_still_read(tmp_path, picture):
    alpha = np.zeros_like(picture)
    path = _save(Image.fromarray(np.dstack([picture, picture, picture, alpha])), tmp_path / "x.png")
    assert np.array_equal(read_volume(path).picture, picture)


@pytest.mark.parametrize("ending", ["png", "tif"])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_exif_orientation_is_undone(orientation, ending, tmp_path, picture):
    undo = {
        1: lambda a: a, 2: lambda a: a[:, ::-1], 3: lambda a: a[::-1, ::-1], 4: lambda a: a[::-1],
        5: lambda a: a.T, 6: lambda a: np.rot90(a, -1), 7: lambda a: a[::-1, ::-1].T, 8: np.rot90,
    }  # fmt: skip
    exif = Image.Exif()
    exif[0x0112] = orientation
    path = _save(Image.fromarray(picture), tmp_path / f"x.{ending}", exif=exif)
    volume = read_volume(path)
    assert np.array_equal(volume.picture, undo[orientation](picture))
    assert any("EXIF" in line for line in volume.warnings) is (orientation != 1)


def test_a_tint_is_dropped_and_said(tmp_path, picture):
    sepia = (picture[..., None] * np.array([1.0, 0.92, 0.8])).astype(np.uint8)
    volume = read_volume(_save(Image.fromarray(sepia), tmp_path / "x.png"))
    assert any("tint" in line for line in volume.warnings)
    assert np.corrcoef(volume.picture.ravel(), picture.ravel())[0, 1] > 0.9999


def test_few_coloured_marks_are_reported(tmp_path, picture):
    rgb = np.dstack([picture] * 3)
    rgb[40:44, 30:36] = (255, 0, 0)
    volume = read_volume(_save(Image.fromarray(rgb), tmp_path / "x.png"))
    assert any("coloured marks" in line for line in volume.warnings)


def test_a_coloured_overlay_is_refused(tmp_path, picture):
    rgb = np.dstack([picture] * 3).astype(float)
    rgb[30:50, 30:50] = 0.7 * rgb[30:50, 30:50] + 0.3 * np.array([255.0, 40.0, 0.0])
    with pytest.raises(InputError, match="colour picture"):
        read_volume(_save(Image.fromarray(rgb.astype(np.uint8)), tmp_path / "x.png"))


def test_photographs_and_colour_maps_are_refused(tmp_path, picture):
    import matplotlib
    from skimage import data

    for name, rgb in {
        "photo": data.astronaut(),
        "jet": (matplotlib.colormaps["jet"](picture)[..., :3] * 255).astype(np.uint8),
        "hot": (matplotlib.colormaps["hot"](picture)[..., :3] * 255).astype(np.uint8),
        "viridis": (matplotlib.colormaps["viridis"](picture)[..., :3] * 255).astype(np.uint8),
    }.items():
        with pytest.raises(InputError, match="colour"):
            read_volume(_save(Image.fromarray(rgb), tmp_path / f"{name}.png"))


@settings(max_examples=30, deadline=None)
@given(seed=st.integers(0, 2**31), noise=st.integers(0, 6))
def test_chroma_noise_never_refuses_a_grey_picture(seed, noise):
    random = np.random.default_rng(seed)
    grey = random.integers(0, 250, (64, 64, 1))
    rgb = np.clip(grey + random.integers(-noise, noise + 1, (64, 64, 3)), 0, 255).astype(np.uint8)
    out, _ = grey_from_colour(rgb, "x")
    assert np.abs(out - grey[..., 0]).max() <= noise + 1


def test_one_bit_pictures_are_masks(tmp_path, picture):
    with pytest.raises(InputError, match="mask"):
        read_volume(_save(Image.fromarray(picture > 100), tmp_path / "x.png"))


def test_animations_are_refused(tmp_path, picture):
    frames = [Image.fromarray(picture), Image.fromarray(picture[::-1].copy())]
    frames[0].save(tmp_path / "x.png", save_all=True, append_images=frames[1:])
    with pytest.raises(InputError, match="holds 2 pictures"):
        read_volume(tmp_path / "x.png")


def _text(picture: np.ndarray, words: str, size: int) -> Image.Image:
    image = Image.fromarray(picture)
    ImageDraw.Draw(image).text((6, 6), words, fill=255, font=ImageFont.load_default(size))
    return image


@pytest.mark.parametrize("size", [9, 14])
@pytest.mark.parametrize("suffix", [".png", ".jpg"])
def test_burned_in_text_is_flagged_and_clean_slices_are_not(size, suffix, shared, tmp_path):
    for path in sorted((shared / "data/figshare/images").glob("*.png"))[::800]:
        clean = np.asarray(Image.open(path).resize((512, 512)))
        marked = _save(_text(clean, "DOE^JANE 1966", size), tmp_path / f"marked{suffix}")
        assert any("text" in line for line in read_volume(marked).warnings)
        plain = _save(Image.fromarray(clean), tmp_path / f"plain{suffix}")
        assert not any("text" in line for line in read_volume(plain).warnings)


class TestTiff:
    def test_types_and_signs(self, tmp_path, picture):
        import tifffile

        for dtype in (np.uint8, np.int8, np.uint16, np.int16, np.uint32, np.int32, np.float32):
            values = (picture.astype(np.int64) - (100 if np.dtype(dtype).kind == "i" else 0)).astype(dtype)
            for order in "<>" if dtype != np.uint32 else "<":
                path = tmp_path / f"{np.dtype(dtype).name}{order == '>'}.tif"
                tifffile.imwrite(path, values, byteorder=order)
                assert np.array_equal(read_volume(path).picture, values.astype(np.float32)), (dtype, order)

    def test_white_is_zero(self, tmp_path, picture):
        import tifffile

        for dtype in (np.uint8, np.uint16):
            path = tmp_path / f"{np.dtype(dtype).name}.tif"
            tifffile.imwrite(path, (picture.max() - picture).astype(dtype), photometric="miniswhite")
            shown = read_volume(path).picture
            assert np.array_equal(shown - shown.min(), picture - picture.min())

    def test_pages_of_one_size_are_a_stack(self, tmp_path, picture):
        pages = [Image.fromarray(picture + step) for step in range(5)]
        pages[0].save(tmp_path / "x.tif", save_all=True, append_images=pages[1:])
        volume = read_volume(tmp_path / "x.tif")
        assert volume.data.shape == (1, *picture.shape, 5)
        assert np.array_equal(volume.data[0, :, :, 3], picture + 3)
        assert volume.affine is None
        assert any("5 pages" in line for line in volume.warnings)

    def test_pages_of_different_sizes_are_refused(self, tmp_path, picture):
        pages = [Image.fromarray(picture), Image.fromarray(picture[:40, :40])]
        pages[0].save(tmp_path / "x.tif", save_all=True, append_images=pages[1:])
        with pytest.raises(InputError, match="different sizes"):
            read_volume(tmp_path / "x.tif")


@pytest.mark.parametrize(
    ("shape", "what"),
    [((31, 40), "too small"), ((32, 400), "elongated"), ((1, 1), "too small"), ((400, 40), "elongated")],
)
def test_impossible_sizes(shape, what, tmp_path):
    random = np.random.default_rng(0).integers(0, 255, shape).astype(np.uint8)
    with pytest.raises(InputError, match=what):
        read_volume(_save(Image.fromarray(random), tmp_path / "x.png"))


def test_a_constant_picture_is_refused(tmp_path):
    with pytest.raises(InputError, match="same value"):
        read_volume(_save(Image.new("L", (64, 64), 7), tmp_path / "x.png"))


def test_foreign_formats_say_what_to_do(tmp_path, picture):
    for kind in ("GIF", "WEBP"):
        out = io.BytesIO()
        Image.fromarray(picture).save(out, kind)
        (tmp_path / "x.png").write_bytes(out.getvalue())
        with pytest.raises(InputError, match="save the picture as PNG"):
            read_volume(tmp_path / "x.png")
