"""Facts about a whole volume: F15, and F15.1, F15.2, ... for its regions. A lone slice has none of them."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from saliscribe.core.names import Plane, Side
from saliscribe.core.records.fact import Count, Fact, Millimetres, Record, Share
from saliscribe.core.records.facts import RegionName, StructureName

#: Regions that are listed one by one; ``lesion_count`` counts all.
MOST_LESIONS = 5

DoubtCode = Literal[
    "nothing_delineated", "no_enhancement", "scattered", "thin", "slices_disagree", "region_moves",
    "unsure_region", "input_warnings",
]  # fmt: skip
Geometry = Literal["stated", "doubtful", "not_stated"]
Matching = Literal["deformable", "affine", "none"]
Coordinate = Annotated[float, Field(ge=-200.0, le=200.0, description="a template coordinate in millimetres")]
Positive = Annotated[int, Field(ge=1)]


class StructureShare(Record):
    """A structure and the share of the region's volume that is expected in it (mean atlas probability)."""

    name: StructureName
    side: Side
    share: Share


class RegionShare(Record):
    """A lobe or other large part, and the share of the region's volume in it."""

    name: RegionName
    share: Share


class LesionFact(Fact):
    """One connected region of the volume, largest first.

    ``in_plane_mm`` are the longest diameter and the largest perpendicular of its largest slice, ``height_mm`` its
    extent across the slices: null where the voxel size cannot be trusted. ``centre_mni_mm`` is its centroid,
    ``midline_mm`` the distance of its nearest point from the midline (0 when it reaches it): null where the volume
    was not placed.
    """

    id: Annotated[str, Field(pattern=r"^F15\.[1-9]$")]
    state: Literal["present"] = "present"
    voxels: Positive
    volume_mm3: Annotated[float, Field(ge=0.0)] | None = None
    in_plane_mm: tuple[Millimetres, Millimetres] | None = None
    height_mm: Millimetres | None = None
    first_slice: Positive
    last_slice: Positive
    centre_mni_mm: tuple[Coordinate, Coordinate, Coordinate] | None = None
    side: Side = "not_assessed"
    midline_mm: Millimetres | None = None
    region: RegionName | None = None
    lobes: Annotated[tuple[RegionShare, ...], Field(max_length=12)] = ()
    structures: Annotated[tuple[StructureShare, ...], Field(max_length=40)] = ()

    @model_validator(mode="after")
    def _measures_fit(self) -> Self:
        if self.first_slice > self.last_slice:
            raise ValueError("first_slice is beyond last_slice")
        known = [value is not None for value in (self.volume_mm3, self.in_plane_mm, self.height_mm)]
        if any(known) != all(known):
            raise ValueError("volume_mm3, in_plane_mm and height_mm come together")
        return self


class VolumeFact(Fact):
    """The volume as a whole: how it was placed, how many regions, and whether they are evidence of a tumour at all.

    ``slices_agreeing``: of the slices with a region, those in which the network chooses the class of F5.
    ``support`` is ``doubtful`` exactly when ``doubts`` says why; with ``doubtful`` nothing here may be worded as a
    tumour. ``similarity`` is the correlation with the template after matching. ``missing_slices``: slices that the file
    does not hold between those that it does; null where some may be missing and nobody knows how many.
    """

    id: Literal["F15"] = "F15"
    state: Literal["present"] = "present"
    plane: Plane | None = None
    slices_looked_at: Positive
    slices_with_region: Count
    slices_agreeing: Count
    missing_slices: Count | None = 0
    geometry: Geometry
    matching: Matching
    similarity: Annotated[float, Field(ge=-1.0, le=1.0)] | None = None
    lesion_count: Count
    total_voxels: Count
    total_mm3: Annotated[float, Field(ge=0.0)] | None = None
    support: Literal["consistent", "doubtful"]
    doubts: tuple[DoubtCode, ...] = ()
    lesions: Annotated[tuple[LesionFact, ...], Field(max_length=MOST_LESIONS)] = ()

    @model_validator(mode="after")
    def _whole_and_parts_agree(self) -> Self:
        if [one.id for one in self.lesions] != [f"F15.{n}" for n in range(1, len(self.lesions) + 1)]:
            raise ValueError("regions must be numbered F15.1, F15.2, ... in order")
        if len(self.lesions) != min(self.lesion_count, MOST_LESIONS):
            raise ValueError(f"expected the first {MOST_LESIONS} of the regions, or all of them")
        if (self.support == "doubtful") != bool(self.doubts):
            raise ValueError("support is doubtful exactly when a doubt is named")
        if not self.slices_agreeing <= self.slices_with_region <= self.slices_looked_at:
            raise ValueError("expected slices_agreeing <= slices_with_region <= slices_looked_at")
        if (self.lesion_count == 0) != (self.total_voxels == 0):
            raise ValueError("total_voxels is 0 exactly when there is no region")
        return self
