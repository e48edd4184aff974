"""Random valid facts about a volume, for property tests and for benchmarks."""

from __future__ import annotations

from random import Random
from typing import get_args

from saliscribe.core.names import PLANES
from saliscribe.core.records.volume_facts import (
    MOST_LESIONS,
    DoubtCode,
    Geometry,
    LesionFact,
    Matching,
    RegionShare,
    StructureShare,
    VolumeFact,
)
from saliscribe.core.vocabulary import regions, structures


def random_volume(draw: Random) -> VolumeFact:
    """Valid facts of every kind: no region and many, with and without millimetres, placed and not."""
    count = draw.choice((0, 1, 1, 2, 3, 5, 5, 9))
    looked_at = draw.randint(1, 400)
    with_region = draw.randint(1, looked_at) if count else 0
    geometry = draw.choice(get_args(Geometry))
    matching = draw.choice(get_args(Matching))
    doubtful = draw.random() < 0.5
    every = get_args(DoubtCode)
    lesions = tuple(
        _lesion(draw, number, geometry == "stated", matching != "none")
        for number in range(1, min(count, MOST_LESIONS) + 1)
    )
    return VolumeFact(
        stage="summarise",
        plane=None if geometry == "not_stated" else draw.choice(PLANES),
        slices_looked_at=looked_at,
        slices_with_region=with_region,
        slices_agreeing=draw.randint(0, with_region),
        geometry=geometry,
        matching=matching,
        similarity=None if matching == "none" else draw.choice((0.5, 0.995, draw.random())),
        lesion_count=count,
        total_voxels=draw.randint(1, 900_000) if count else 0,
        total_mm3=draw.choice((3.0, 49.0, draw.uniform(50, 90_000)))
        if count and geometry == "stated"
        else None,
        support="doubtful" if doubtful else "consistent",
        doubts=tuple(draw.sample(every, draw.randint(1, len(every)))) if doubtful else (),
        lesions=lesions,
    )


def _lesion(draw: Random, number: int, measured: bool, placed: bool) -> LesionFact:
    first = draw.randint(1, 300)
    longest = draw.choice((0.4, draw.uniform(1, 90)))
    sizes = {
        "volume_mm3": draw.choice((3.0, draw.uniform(50, 90_000))),
        "in_plane_mm": (longest, longest * draw.random()),
        "height_mm": draw.uniform(0.5, 120),
    }
    return LesionFact.model_validate(
        {
            "id": f"F15.{number}",
            "stage": "summarise",
            "voxels": draw.randint(1, 300_000),
            "first_slice": first,
            "last_slice": first + draw.randint(0, 40),
        }
        | (sizes if measured else {})
        | (_place(draw) if placed else {})
    )


def _place(draw: Random) -> dict[str, object]:
    lobes = draw.sample([*regions()], draw.choice((0, 1, 3)))
    names = draw.sample([*structures()], draw.choice((0, 2, 5)))
    return {
        "centre_mni_mm": (
            draw.uniform(-70, 70),
            draw.uniform(-100, 70),
            draw.choice((0.4, draw.uniform(-60, 75))),
        ),
        "side": draw.choice(("left", "right", "midline")),
        "midline_mm": draw.choice((0.0, draw.uniform(0, 60))),
        "region": draw.choice((None, *draw.sample([*regions()], 4))),
        "lobes": tuple(RegionShare(name=name, share=draw.random()) for name in lobes),
        "structures": tuple(
            StructureShare(name=name, side=draw.choice(("left", "right", "midline")), share=draw.random())
            for name in names
        ),
    }
