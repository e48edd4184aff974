"""A whole volume: millilitres, three diameters, slices, number of regions, centre and distance to the midline."""

from __future__ import annotations

import re

from saliscribe.audit.clause import Clause, nearest
from saliscribe.audit.quantities import Quantity
from saliscribe.audit.volume_lengths import LENGTHS, read_lengths
from saliscribe.audit.volume_number import one_of
from saliscribe.core.records.volume_facts import LesionFact, VolumeFact

#: Cubic millimetres of one unit.
_CUBES = {"ml": 1000.0, "mm3": 1.0}
_WHOLE = re.compile(
    r"\b(?:total|together|altogether|overall|combined|whole|all (?:regions|lesions|foci)|sum)\b"
)
_IN_ALL = re.compile(
    r"\b(?:whole|entire|complete|total|overall|altogether|together|throughout|across the|3d|volume|scan|dataset)\b"
)
_VOLUME = re.compile(r"\b(?:volume|scan|dataset|3d|slices)\b")
_CENTRE = re.compile(r"\b(?:centre|center|centroid|centred|mni|coordinates?)\b")
_FROM_MIDLINE = re.compile(
    r"\b(?:from|off|to|of|away from|lateral (?:to|of)|beside|distance to) (?:the )?(?:mid ?line|mid ?sagittal plane)"
    r"|\b(?:mid ?line) (?:is|lies|distance)"
)
_TOUCHES = re.compile(
    r"\b(?:reach\w*|touch\w*|abut\w*|border\w*|adjoin\w*|extend\w* to|contact\w*|up to|meets?) (?:the )?mid ?line"
)
_SLICE_ITSELF = re.compile(r"\b(?:slice|section|cut)\b")
_MANY = re.compile(r"\b(?:multifocal(?:ly)?|multicentric|multiple|several|more than one|many)\b")
_ONE = re.compile(
    r"\b(?:unifocal|solitary|(?:single|one|only one) (?:\w+ ){0,2}(?:region|lesion|focus|mass|area|tumour))\b"
)
_ORDINALS = {"first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5}
_LARGEST = frozenset(("largest", "biggest", "main", "dominant", "bigger", "larger", "principal"))
_SMALLEST = frozenset(("smallest", "smaller", "lesser"))


def read_volume(clause: Clause) -> None:
    """Claims about F15 and its regions, where the findings are those of a volume."""
    volume = clause.ground.findings.volume
    if volume is None:
        return
    regions = _named(clause, volume)
    named = regions[0][1] if regions else None
    lesion = volume.lesions[(named or 1) - 1] if volume.lesions else None
    _amounts(clause, volume, regions)
    _voxels(clause, volume, named, lesion)
    _centre(clause, lesion)
    _slices(clause, volume, named, lesion)
    if lesion is not None:
        _midline(clause, lesion)
        read_lengths(clause, lesion, volume.plane, named is not None)
        _side(clause, lesion, named)
    _count(clause, volume)
    _similarity(clause, volume)
    clause.take(
        *(i for i, span in enumerate(clause.spans) if span.text in ("volume", "volumes", "volumetric"))
    )


def _named(clause: Clause, volume: VolumeFact) -> list[tuple[int, int]]:
    """(position, number from 1) of every region that the clause names: "region 2", "the smaller lesion"."""
    found = []
    for i, span in enumerate(clause.spans):
        near = clause.spans[max(0, i - 1) : i + 6]
        if not any(other.has("cue", "region", "pieces") or other.text == "one" for other in near):
            continue
        number = None
        if span.has("number") and span.text.isdigit() and _is_numbered(clause, i):
            number = int(span.text)
        elif span.text in _ORDINALS and "slice" not in clause.words():
            number = _ORDINALS[span.text]
        elif volume.lesion_count > 1 and span.text in (*_LARGEST, *_SMALLEST):
            number = 1 if span.text in _LARGEST else volume.lesion_count
        if number is None:
            continue
        clause.take(i)
        if number <= len(volume.lesions):
            found.append((i, number))
        else:
            said = f"region {number}"
            clause.add(("F15", "count"), said, False, f"{said}: the findings list no such region")
    return found


def _is_numbered(clause: Clause, i: int) -> bool:
    """True for "region 2"; not for "in the region 49%" or "in the region we find 49% of the heat"."""
    before = clause.spans[i - 1] if i else None
    has_unit = any(q.at == i and q.unit for q in clause.quantities)
    return before is not None and before.has("cue", "region") and before.text != "find" and not has_unit


def _amounts(clause: Clause, volume: VolumeFact, named: list[tuple[int, int]]) -> None:
    whole = ("F15", "total"), volume.total_mm3
    amounts = [q for q in clause.free_numbers() if q.unit in _CUBES]
    for n, q in enumerate(amounts):
        at = named[n][0] if len(named) == len(amounts) else nearest(q.at, [i for i, _ in named])
        number = dict(named).get(-1 if at is None else at)
        lesion = volume.lesions[(number or 1) - 1] if volume.lesions else None
        own = ((lesion.id, "volume"), lesion.volume_mm3) if lesion is not None else whole
        if number is not None:
            options = [own]
        else:
            options = [whole] if _WHOLE.search(clause.words()) or volume.lesion_count < 2 else [own, whole]
        cubes = _CUBES[q.unit]
        one_of(clause, q, [(about, None if v is None else v / cubes) for about, v in options], _same_volume)


def _same_volume(q: Quantity, value: float) -> bool:
    """Tenths of a millilitre; cubic millimetres also rounded to hundreds, as that is the same."""
    if q.unit == "ml":
        return q.says(value, 1, 0.1, 0.0)
    return q.says(value, 0, 1.0, 0.0) or (q.decimals == 0 and value >= 1000 and q.value == round(value, -2))


def _voxels(clause: Clause, volume: VolumeFact, named: int | None, lesion: LesionFact | None) -> None:
    for q in [q for q in clause.free_numbers() if q.unit == "voxel"]:
        own = float(lesion.voxels) if lesion is not None else None
        whole = float(volume.total_voxels) or None
        options = [((lesion.id if lesion else "F15", "voxels"), own), (("F15", "voxels"), whole)]
        one_of(clause, q, options[:1] if named else options)


def _centre(clause: Clause, lesion: LesionFact | None) -> None:
    """Three coordinates, with their signs."""
    if not _CENTRE.search(clause.words()):
        return
    numbers = [q for q in clause.free_numbers() if q.unit in ("", "mm") and not q.by][:3]
    if len(numbers) < 3:
        return
    said = tuple(_signed(clause, q) for q in numbers)
    for q in numbers:
        clause.take_number(q)
    text = f"centre {said}"
    if lesion is None or lesion.centre_mni_mm is None:
        clause.add(("F15.1", "centre"), text, None)
        return
    holds = all(abs(a - b) <= 0.5 + 1e-9 for a, b in zip(said, lesion.centre_mni_mm, strict=True))
    true = ", ".join(f"{value:.0f}" for value in lesion.centre_mni_mm)
    clause.add((lesion.id, "centre"), text, holds, f"{text}: the findings say ({true})")
    clause.take_all("certainty", "rank")


def _signed(clause: Clause, q: Quantity) -> float:
    before = clause.spans[q.at - 1].text if q.at else ""
    return -q.value if before in ("-", "minus") else q.value


def _slices(clause: Clause, volume: VolumeFact, named: int | None, lesion: LesionFact | None) -> None:
    """ "From slice 12 to 30", "19 of the 60 slices"."""
    numbers = [q for q in clause.free_numbers() if q.unit == "" and q.decimals == 0 and not q.ordinal]
    if clause.has("cue", "patients", "accuracy", "folds"):
        return  # the slices that the network was measured on
    if re.search(r"\bslice (?:number )?\d+,? (?:out )?of\b", clause.words()):
        return  # which slice is shown, which another reader knows
    if len(numbers) < 2 or not clause.has("cue", "slices", "slicenumber"):
        if len(numbers) == 1 and not named:
            _looked_at(clause, numbers[0], volume)
        return
    first, second = numbers[:2]
    between = {span.text for span in clause.spans[first.upto : second.at]}
    if between & {"to", "through", "until", "and", "-"} and "of" not in between and lesion is not None:
        ends = float(lesion.first_slice), float(lesion.last_slice)
        for q, field, value in zip((first, second), ("first", "last"), ends, strict=True):
            one_of(clause, q, [((lesion.id, field), value)])
    elif between & {"of", "out of"} or "of" in {
        span.text for span in clause.spans[max(0, first.at - 2) : first.at]
    }:
        if not between & {"of", "out of"}:
            first, second = second, first  # "of the 60 slices, 19 contained a region"
        facts = _of_slices(clause, volume)
        for q, (about, value) in zip((first, second), facts, strict=True):
            one_of(clause, q, [(about, value)])


def _of_slices(clause: Clause, volume: VolumeFact) -> list[tuple[tuple[str, str], float]]:
    looked = ("F15", "looked_at"), float(volume.slices_looked_at)
    region = ("F15", "with_region"), float(volume.slices_with_region)
    words = clause.words()
    if re.search(r"\b(?:agree|choos|chose|same class|this class|classif|vote|assign|predict)\w*", words):
        return [(("F15", "agreeing"), float(volume.slices_agreeing)), region]
    if clause.has("cue", "region") or re.search(
        r"\b(?:delineat|outlin|segment|contain|visible|mark)\w*", words
    ):
        return [region, looked]
    return [looked, (("F1", "slice_count"), float(clause.ground.findings.image.slice_count or 0))]


def _looked_at(clause: Clause, q: Quantity, volume: VolumeFact) -> None:
    """ "60 slices were analysed", "seen on 19 slices"."""
    after = clause.spans[q.upto : q.upto + 2]
    if q.value < 2 or not any(span.has("cue", "slices", "slicenumber") for span in after):
        return
    first, second = _of_slices(clause, volume)
    one_of(clause, q, [first, second] if first[0] == ("F15", "looked_at") else [first])


def _midline(clause: Clause, lesion: LesionFact) -> None:
    words = clause.words()
    if _SLICE_ITSELF.search(words) and not clause.has("cue", "region"):
        return
    if _FROM_MIDLINE.search(words):
        for q in [q for q in clause.free_numbers() if q.unit in LENGTHS][:1]:
            true = None if lesion.midline_mm is None else lesion.midline_mm / LENGTHS[q.unit]
            one_of(clause, q, [((lesion.id, "midline"), true)])
            clause.take_all("side", "midline")
            clause.take_all("sign")
    elif _TOUCHES.search(words):
        reaches = clause.ground.known.get((lesion.id, "reaches"))
        denials, turned = clause.denials()
        clause.take(*denials)
        clause.take_all("side", "midline")
        said = "reaches the midline" if turned % 2 == 0 else "does not reach the midline"
        holds = None if reaches is None else reaches == (turned % 2 == 0)
        reason = f"{said}: the findings say {lesion.midline_mm or 0:.0f} mm"
        clause.add((lesion.id, "reaches"), said, holds, None if holds is None else reason)


def _side(clause: Clause, lesion: LesionFact, named: int | None) -> None:
    """The side of a region with a number."""
    own = named and not clause.has("frame", "picture") and not clause.has("place")
    for i in clause.all("side", "left", "right") if own else ():
        side = clause.spans[i].get("side")
        clause.take(i)
        said = f"region {named} {side}"
        known = None if lesion.side == "not_assessed" else lesion.side == side
        clause.add(
            (lesion.id, "side"), said, known, f"{said}: the findings say {lesion.side.replace('_', ' ')}"
        )


def _count(clause: Clause, volume: VolumeFact) -> None:
    """How many separate regions the volume has."""
    words = clause.words()
    of_volume = bool(_IN_ALL.search(words)) and not re.search(
        r"\b(?:this|the) (?:slice|image|section)\b", words
    )
    if not (of_volume or re.search(r"\b(?:multifocal|unifocal|multicentric)", words)) or clause.has("place"):
        return
    for q in clause.free_numbers():
        after = clause.spans[q.upto : q.upto + 3]
        counted = any(span.has("cue", "pieces", "region") for span in after)
        parts = clause.ground.known.get(("F6", "parts"))
        if q.value == parts and not _VOLUME.search(words):
            return  # the parts in the slice, which another reader knows
        if q.unit == "" and q.decimals == 0 and counted and not q.ordinal:
            one_of(clause, q, [(("F15", "count"), float(volume.lesion_count))])
            return
    many, one = _MANY.search(words), _ONE.search(words)
    if not (many or one) or not (clause.has("cue", "region", "pieces") or "focal" in words):
        return
    denials, turned = clause.denials()
    clause.take(*denials)
    clause.take(*(i for i, span in enumerate(clause.spans) if "focal" in span.text or "centric" in span.text))
    several = bool(many) == (turned % 2 == 0)
    said = "several regions" if several else "one region"
    holds = volume.lesion_count > 1 if several else volume.lesion_count == 1
    clause.add(("F15", "pieces"), said, holds, f"{said}: the findings say {volume.lesion_count}")


def _similarity(clause: Clause, volume: VolumeFact) -> None:
    if not re.search(r"\b(?:correlation|similarity)\b", clause.words()):
        return
    for q in [q for q in clause.free_numbers() if q.unit == "" and q.decimals > 0]:
        clause.take_number(q)
        said = f"correlation {q.value:g}"
        true = volume.similarity
        holds = None if true is None else q.says(true, 2)
        clause.add(("F15", "similarity"), said, holds, f"{said}: the findings say {true or 0:.2f}")
