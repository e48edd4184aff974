"""Facts of a whole volume in free words, true and made false, against one volume with values chosen by hand."""

from __future__ import annotations

import pytest

from saliscribe.audit.clause import Context
from saliscribe.audit.ground import ground
from saliscribe.audit.judge import judge
from saliscribe.audit.verify import verify
from saliscribe.core.language.render import render
from saliscribe.core.records.findings import Findings
from saliscribe.core.records.report import STYLES
from saliscribe.findings.random_findings import random_findings

GOOD = ("entailed", "harmless")


def _volume() -> Findings:
    """Two regions: 18.3 ml (41 x 27 x 33 mm, 12 mm left of the midline) and 1.2 ml; 19 of 60 slices, 17 agree."""
    drawn = next(
        f
        for f in map(random_findings, range(500))
        if f.volume is not None and f.extent.longest_mm and f.plane.plane == "axial"
        and f.location.state == "present" and f.placement.level_mm is not None
    ).model_dump()  # fmt: skip
    first = {
        "id": "F15.1", "stage": "summarise", "state": "present", "voxels": 18260, "volume_mm3": 18260.0,
        "in_plane_mm": (41.2, 27.4), "height_mm": 33.0, "first_slice": 22, "last_slice": 40,
        "centre_mni_mm": (-32.0, 10.0, 24.0), "side": "left", "midline_mm": 12.0, "region": "frontal lobe",
        "lobes": (), "structures": (),
    }  # fmt: skip
    second = first | {
        "id": "F15.2", "voxels": 1210, "volume_mm3": 1210.0, "in_plane_mm": (14.0, 9.0), "height_mm": 8.0,
        "first_slice": 44, "last_slice": 47, "centre_mni_mm": (2.0, -40.0, 10.0), "side": "midline", "midline_mm": 0.0,
    }  # fmt: skip
    drawn["image"] |= {"slice_number": 31, "slice_count": 60, "format": "volume_slice"}
    drawn["volume"] |= {
        "plane": "axial", "slices_looked_at": 60, "slices_with_region": 19, "slices_agreeing": 17, "geometry": "stated",
        "matching": "deformable", "similarity": 0.931, "lesion_count": 2, "total_voxels": 19470,
        "total_mm3": 19470.0, "support": "consistent", "doubts": (), "lesions": (first, second),
    }  # fmt: skip
    return Findings.model_validate(drawn)


VOLUME = _volume()
DOUBTFUL = Findings.model_validate(
    VOLUME.model_dump()
    | {"volume": VOLUME.model_dump()["volume"] | {"support": "doubtful", "doubts": ("no_enhancement",)}}
)
LONE = next(f for f in map(random_findings, range(500)) if f.volume is None and f.extent.longest_mm)


def _passes(text: str, findings: Findings = VOLUME) -> bool:
    return all(sentence.verdict in GOOD for sentence in verify(text, findings).sentences)


@pytest.mark.parametrize(
    ("true", "false"),
    [
        ("The total tumour volume is 19.5 ml.", "The total tumour volume is 15.9 ml."),
        ("The total delineated volume amounts to 19.5 cm³.", "The total delineated volume amounts to 195 cm³."),
        ("Overall volume: 19,470 mm³.", "Overall volume: 1,947 mm³."),
        ("The lesion has a volume of about 18.3 ml.", "The lesion has a volume of about 24 ml."),
        ("The largest region has a volume of 18.3 cc.", "The largest region has a volume of 19.5 cc."),
        ("Region 2 has a volume of 1.2 ml.", "Region 2 has a volume of 18.3 ml."),
        ("The second lesion measures 14 x 9 x 8 mm.", "The second lesion measures 41 x 27 x 33 mm."),
        ("The lesion measures 41 x 27 x 33 mm.", "The lesion measures 41 x 27 x 38 mm."),
        ("The largest lesion measures 4.1 x 2.7 x 3.3 cm.", "The largest lesion measures 4.1 x 2.7 x 3.3 mm."),
        ("Its dimensions are 41 mm by 27 mm by 33 mm.", "Its dimensions are 41 mm by 33 mm by 37 mm."),
        ("The craniocaudal extent of the lesion is 33 mm.", "The craniocaudal extent of the lesion is 41 mm."),
        ("Region 1 is 33 mm in height.", "Region 1 is 8 mm in height."),
        ("Region 1 extends from slice 22 to slice 40.", "Region 1 extends from slice 22 to slice 47."),
        ("The lesion is visible from slice 22 to slice 40.", "The lesion is visible from slice 12 to slice 40."),
        ("A region was delineated in 19 of the 60 slices.", "A region was delineated in 29 of the 60 slices."),
        ("In 17 of 19 slices the network chose this class.", "In 19 of 19 slices the network chose this class."),
        ("All 60 slices were analysed.", "All 90 slices were analysed."),
        ("In the whole volume, two lesions were found.", "In the whole volume, three lesions were found."),
        ("The lesions are multifocal.", "The lesion is unifocal."),
        ("There are multiple regions in the volume.", "There is a single region in the whole volume."),
        ("The centre of the lesion is at MNI (-32, 10, 24).", "The centre of the lesion is at MNI (32, 10, 24)."),
        ("Its centroid has the MNI coordinates -32, 10, 24.", "Its centroid has the MNI coordinates -32, 24, 10."),
        ("The lesion lies 12 mm from the midline.", "The lesion lies 2 mm from the midline."),
        ("Region 1 does not reach the midline.", "Region 1 reaches the midline."),
        ("Region 2 touches the midline.", "Region 2 does not touch the midline."),
        ("The distance of the lesion to the midline is 1.2 cm.", "The distance of the lesion to the midline is 12 cm."),
        ("Region 1 has 18,260 voxels.", "Region 1 has 18,620 voxels."),
        ("The volume was matched to the template with a correlation of 0.93.",
         "The volume was matched to the template with a correlation of 0.98."),
        ("A deformable registration to the template was used.", "Registration to the template was purely affine."),
    ],
)  # fmt: skip
def test_true_and_false(true: str, false: str) -> None:
    audit = judge(true, ground(VOLUME), Context())[0]
    assert audit.verdict == "entailed", (true, audit.reason)
    assert not _passes(false), false


@pytest.mark.parametrize(
    "text",
    [
        "The output of the network is no reliable evidence of a tumour in this volume.",
        "For this scan, the network's output is not reliable evidence for a tumour.",
    ],
)
def test_that_it_is_no_evidence_holds_only_where_it_is_doubtful(text: str) -> None:
    assert _passes(text, DOUBTFUL)
    assert not _passes(text, VOLUME)


def test_a_lone_slice_has_no_volume() -> None:
    for text in (
        "The tumour volume is 19.5 ml.",
        "Region 1 measures 41 x 27 x 33 mm.",
        "The lesion is multifocal.",
    ):
        assert not _passes(text, LONE)


def test_invention_beside_a_volume() -> None:
    for text in (
        "The tumour volume of 19.5 ml has doubled since the previous scan.",
        "The lesion of 18.3 ml shows ring enhancement.",
        "A volume of 19.5 ml of oedema surrounds the lesion.",
        "The necrotic core has a volume of 18.3 ml.",
    ):
        assert not _passes(text), text


@pytest.mark.parametrize("style", STYLES)
def test_the_grammar_still_passes(style: str) -> None:
    for findings in (VOLUME, DOUBTFUL):
        for sentence in render(findings, style).sentences():
            assert _passes(sentence.text, findings), sentence.text


def test_a_lobe_in_latin_is_read_by_the_grammar() -> None:
    texts = [
        s.text
        for f in (VOLUME, DOUBTFUL)
        for s in render(f, "structured").sentences()
        if "frontal lobe" in s.text
    ]
    assert texts
    for text in texts:
        latin = text.replace("frontal lobe", "lobus frontalis")
        assert _passes(latin), latin
        assert not _passes(text.replace("frontal lobe", "lobus occipitalis"))
