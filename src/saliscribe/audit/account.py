"""The way back: for every word with a clinical meaning, is there a fact that accounts for it?

The readers go from words to claims to facts. This check goes from facts to words: each fact lays down what a sentence
may contain, and whatever no fact has laid down is left over. It knows nothing of clauses, order or binding.
"""

from __future__ import annotations

from saliscribe.audit.ground import Ground
from saliscribe.audit.places import containing
from saliscribe.audit.quantities import Quantity
from saliscribe.audit.tag_sentence import Span

_UNITS = {
    "mm": (("F7", "longest_mm", 1.0), ("F7", "perpendicular_mm", 1.0), ("F8", "level", 1.0),
           ("F8", "low", 1.0), ("F8", "high", 1.0)),
    "cm": (("F7", "longest_mm", 10.0), ("F7", "perpendicular_mm", 10.0), ("F8", "level", 10.0),
           ("F8", "low", 10.0), ("F8", "high", 10.0)),
    "mm2": (("F7", "area_mm2", 1.0),),
    "cm2": (("F7", "area_mm2", 100.0),),
    "px": (("F7", "longest_px", 1.0), ("F7", "perpendicular_px", 1.0), ("F7", "area_px", 1.0)),
}  # fmt: skip


def unaccounted(spans: tuple[Span, ...], numbers: tuple[Quantity, ...], ground: Ground) -> list[Span]:
    """The spans of a sentence that no fact accounts for."""
    left = [spans[q.at] for q in numbers if not _number(q, ground, spans)]
    # Whatever else a list of what was not assessed names was not assessed either.
    listing = any(span.has("topic") for span in spans) and any(span.has("negation") for span in spans)
    return left + [
        span for span in spans if not _word(span, ground) and not (listing and span.has("unknown"))
    ]


def _word(span: Span, ground: Ground) -> bool:
    """A place, class, side, plane, method or topic must be one that some fact speaks of."""
    known = ground.known
    if span.has("colour") and {"colour_picture", "inverted_grey"} & set(known.get(("F4", "codes")) or ()):
        return True
    if span.text.startswith("volum") and ground.findings.volume is not None:
        return True
    if span.has("unknown") or span.has("colour") or span.has("cue", "badmetric"):
        return span.has("plain")
    if span.has("place") and not span.has("cue") and not span.has("class") and not span.has("plain"):
        return any(place in _places(ground) or ground.names(place) for place in span.tags["place"])
    if span.has("plane") and not span.has("cue"):
        return known.get(("F2", "plane")) in (*span.tags["plane"], None)
    if span.has("side") and len(span.tags) == 1:
        return _side(span, ground)
    if span.has("topic") and len(span.tags) == 1:
        return any(
            topic in ground.topics or topic in ("other_disease", "side", "treatment")
            for topic in span.tags["topic"]
        )
    return True


def _places(ground: Ground) -> frozenset[str]:
    """Everything that the findings place the region in, and the divisions' own gyri."""
    found = set(ground.region_places) | set(ground.places)
    for name in tuple(found):
        found |= containing(name)
    return frozenset(found | {"outside the brain"})


def _side(span: Span, ground: Ground) -> bool:
    known = ground.known
    image = str(known.get(("F9", "image_side"))).removeprefix("image-")
    own = {str(known.get(("F9", "side"))), image, *(s.side for s in ground.findings.location.structures)}
    unknown = known.get(("F9", "side")) == "not_assessed"
    return any(side in own or unknown or side == "midline" for side in span.tags["side"])


def _number(q: Quantity, ground: Ground, spans: tuple[Span, ...]) -> bool:
    """A number with a unit must be the value of some fact in that unit."""
    if ground.findings.volume is not None and q.unit in ("mm", "cm", "ml", "mm3", "voxel"):
        return _of_volume(q, ground)
    if q.unit in _UNITS:
        if (
            q.unit == "mm"
            and ground.findings.spacing.row_mm is not None
            and any(s.has("cue", "spacing") for s in spans)
        ):
            return True
        options = [(ground.numbers.get((fact, field)), scale) for fact, field, scale in _UNITS[q.unit]]
        grid = ground.known["F1", "grid"]
        if q.unit == "px" and q.value in grid:
            return True
        if q.unit == "mm2" and q.value == ground.known.get(("F7", "area_mm2")):
            return True
        return any(
            known is not None and q.says(abs(known[0]) / scale, 3, 1.0 / scale, 0.0)
            for known, scale in options
        )
    if q.unit == "%":
        return any(q.says(value, 2, 5.0, 100.0) for value in _shares(ground))
    return True


def _of_volume(q: Quantity, ground: Ground) -> bool:
    """A number with a unit must be one of some region of the volume, or of the slice."""
    volume, f = ground.findings.volume, ground.findings
    assert volume is not None
    lengths = [
        f.extent.longest_mm,
        f.extent.perpendicular_mm,
        f.placement.level_mm,
        *(f.placement.interval_mm or ()),
    ]
    lengths += [f.spacing.row_mm, f.spacing.column_mm]
    for lesion in volume.lesions:
        lengths += [
            *(lesion.in_plane_mm or ()),
            lesion.height_mm,
            lesion.midline_mm,
            *(lesion.centre_mni_mm or ()),
        ]
    amounts = [volume.total_mm3, *(lesion.volume_mm3 for lesion in volume.lesions)]
    voxels = [float(volume.total_voxels), *(float(lesion.voxels) for lesion in volume.lesions)]
    scale = {"cm": 10.0, "ml": 1000.0}.get(q.unit, 1.0)
    known = {"mm": lengths, "cm": lengths, "ml": amounts, "mm3": amounts}.get(q.unit, voxels)
    least = 100.0 / scale if q.unit == "mm3" else 1.0 / scale
    return any(
        value is not None
        and (q.says(abs(value) / scale, 3, 1.0, 0.0) or abs(q.value - abs(value) / scale) <= least)
        for value in known
    )


def _shares(ground: Ground) -> list[float]:
    """Every percentage that the findings know."""
    f = ground.findings
    values = [value for (fact, field), (value, _) in ground.numbers.items()]
    values += [
        100.0 * getattr(f.tumour_class.probabilities, name) for name in ("glioma", "meningioma", "pituitary")
    ]
    values += [100.0 * s.share_of_lesion for s in f.location.structures]
    values += [100.0 * (s.share_of_structure or 0.0) for s in f.location.structures]
    values += [100.0 * s.probability for s in f.location.structures if s.probability is not None]
    values += [100.0 * sum(s.share_of_lesion for s in inside) for inside in ground.places.values()]
    values += [100.0 - value for (fact, field), (value, _) in ground.numbers.items() if field == "inside"]
    return [*values, 95.0]
