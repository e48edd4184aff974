"""A sheet of placements, each slice beside the template slice it was placed in, for docs/anatomy.md.

python scripts/placement/picture_placements.py --truth truth.csv 0404 2850 2665 -o sheet.png
"""

from __future__ import annotations

import argparse
import csv
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from saliscribe.anatomy.localise import localise
from saliscribe.anatomy.placement_picture import placement_picture
from saliscribe.core.records.localisation import Localisation
from saliscribe.core.records.mask import Mask
from saliscribe.core.volume import Source, Volume

#: Pixels per side of a picture on the sheet, height of the line above it, and pairs per row.
SIDE, LINE, PAIRS = 256, 30, 2


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("numbers", nargs="+")
    parser.add_argument("--data", type=Path, default=Path("../shared/data/figshare"))
    parser.add_argument("--truth", type=Path, default=Path("truth.csv"))
    parser.add_argument("-o", "--out", type=Path, default=Path("sheet.png"))
    arguments = parser.parse_args()
    with arguments.truth.open(newline="", encoding="utf-8") as stream:
        truth = {row["file"]: row for row in csv.DictReader(stream)}
    with (arguments.data / "index.csv").open(newline="", encoding="utf-8") as stream:
        planes = {row["file"]: row["plane"] for row in csv.DictReader(stream)}
    tiles = []
    for number in arguments.numbers:
        file = f"{number}.png"
        told = f"{planes[file]} {float(truth[file]['level_mm']):.0f} mm" if file in truth else planes[file]
        tiles.append(_tile(arguments.data, file, told))
    tiles += [np.zeros_like(tiles[0])] * (-len(tiles) % PAIRS)
    rows = [np.hstack(tiles[start : start + PAIRS]) for start in range(0, len(tiles), PAIRS)]
    Image.fromarray(np.vstack(rows)).quantize(64).save(arguments.out, optimize=True)


def _tile(data: Path, file: str, told: str) -> NDArray[np.uint8]:
    grey = np.asarray(Image.open(data / "images" / file).convert("L"), dtype=np.float32)
    mask = np.asarray(Image.open(data / "masks" / file).convert("L")) > 0
    image = Volume(grey[None, :, :, None], Source(file, "png"))
    found = localise(image, None, Mask(mask, "segmentation_head", 0.5, "truth"))
    drawn = placement_picture(grey, mask, found, zoom=1)
    plain = np.repeat(np.clip(grey, 0, 255).astype(np.uint8)[:, :, None], 3, axis=2)
    pair = [plain, np.zeros_like(plain)]
    if drawn is not None:
        pair = [drawn.palette[view] for view in (drawn.slice_view, drawn.template_view)]
    sheet = Image.new("RGB", (2 * SIDE, SIDE + LINE))
    for number, picture in enumerate(pair):
        sheet.paste(Image.fromarray(picture).resize((SIDE, SIDE)), (number * SIDE, LINE))
    draw = ImageDraw.Draw(sheet)
    draw.text((4, 2), f"{file[:4]}  triangulated: {told}", fill=(255, 255, 255))
    draw.text((4, 15), _said(found), fill=(255, 214, 10))
    return np.asarray(sheet)


def _said(found: Localisation) -> str:
    placement = found.placement
    if placement.level_mm is None or placement.interval_mm is None:
        return "refused"
    low, high = placement.interval_mm
    place = f"found: {placement.plane} {placement.level_mm:.0f} mm ({low:.0f} to {high:.0f})"
    return f"{place}; {found.region or 'region not assessed'}"


if __name__ == "__main__":
    main()
