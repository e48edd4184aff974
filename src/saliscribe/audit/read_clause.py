"""One clause read by all readers in turn, and whether it says anything that can be looked up."""

from __future__ import annotations

from saliscribe.audit.accounted import take_other_senses
from saliscribe.audit.bystanders import read_bystanders
from saliscribe.audit.clause import Clause, Context
from saliscribe.audit.clauses import verb_at
from saliscribe.audit.ground import Ground
from saliscribe.audit.quantities import Quantity
from saliscribe.audit.read_class import read_class
from saliscribe.audit.read_denied import read_denied
from saliscribe.audit.read_heat import read_heat
from saliscribe.audit.read_image import read_image
from saliscribe.audit.read_network import read_network
from saliscribe.audit.read_place import read_place
from saliscribe.audit.read_placement import read_placement
from saliscribe.audit.read_size import read_size
from saliscribe.audit.read_statements import read_statements
from saliscribe.audit.read_topics import read_topics
from saliscribe.audit.read_trust import read_trust
from saliscribe.audit.read_volume import read_volume
from saliscribe.audit.read_warnings import read_warnings
from saliscribe.audit.tag_sentence import Span
from saliscribe.audit.tokens import stem

#: In this order: what an earlier reader accounts for is no longer there for a later one.
READERS = (
    read_warnings,
    read_statements,
    read_topics,
    read_volume,
    read_trust,
    read_heat,
    read_image,
    read_placement,
    read_network,
    read_class,
    read_size,
    read_place,
    read_bystanders,
)


#: What there are two of without a claim: "two heads", "two perpendicular diameters".
_IN_TWOS = frozenset(
    (
        "headed",
        "heads",
        "head",
        "branches",
        "outputs",
        "diameters",
        "dimensions",
        "measurements",
        "lengths",
        "axes",
    )
)


#: Meanings and words that alone make no statement, and words that do though they have no meaning of their own.
_SILENT = frozenset(("plain", "mark", "verb", "cue", "locating", "assess", "basis", "frame", "bound"))
#: A figure follows so many words behind "corresponding to".
_LOOK = 5
EMPTY = frozenset(("plain", "mark", "verb"))
_SILENT_CUES = frozenset(
    ("region", "slices", "slicenumber", "network", "brain", "classify", "among", "share", "pieces")
)
#: Claims of what was found in this picture, none of them a notice.
_VALUES = frozenset(
    (("F1", "grid"), ("F1", "alone"), ("F2", "plane"), ("F2", "basis"), ("F6", "parts"), ("F6", "pieces"),
     ("F8", "level"), ("F8", "grade"), ("F9", "main"), ("F9", "region"), ("F9", "side"), ("F9", "side_basis"),
     ("F9", "image_side"),
     ("F13", "accuracy"), ("F13", "dice"), ("F13", "macro_f1"), ("F13", "temperature_scaled"))
)  # fmt: skip
_ANCHORS = frozenset(
    map(stem, (
        "sequence", "plane", "orientation", "spacing", "scale", "millimetres", "check", "quality", "template", "atlas",
        "structure", "label", "calibration", "calibrated", "temperature", "accuracy", "performance", "figures",
        "outline", "outlined", "delineated", "segmented", "contour", "mask", "marked", "drawn", "normal", "healthy",
        "patient", "person", "average", "guarantee", "research", "device", "diagnosis", "decision", "clinical",
        "treatment", "trust", "trusted", "explanation", "map", "header", "name", "named", "size", "result", "certain",
        "find", "found", "seen", "nothing", "something", "anything", "everything", "reliable", "correct", "wrong",
    ))
)  # fmt: skip


def read_clause(
    spans: tuple[Span, ...],
    numbers: tuple[Quantity, ...],
    start: int,
    end: int,
    ground: Ground,
    context: Context,
    charitable: bool = False,
) -> Clause:
    """The clause from ``start`` to ``end`` of a sentence, with its claims; ``charitable``: see ``Clause``."""
    clause = Clause(
        spans[start:end], _within(numbers, start, end), ground, context, spans, charitable=charitable
    )
    for read in READERS:
        read(clause)
    _give_back(clause)
    if not charitable:
        read_denied(clause)
    _small_numbers(clause)
    _equations(clause)
    if charitable:
        take_other_senses(clause)
    return clause


def says_nothing(clause: Clause) -> bool:
    """True for "the file does name the sequence": a statement of its own of which nothing could be looked up.

    Its denial may have been what made it true. Reserve and denials that a reader took are part of another claim.
    """
    own = verb_at(clause.spans, 0, len(clause.spans)) and clause.spans[-1].text != ":"
    own = own and any(_speaks(span) for span in clause.spans)
    reserved = clause.has("certainty") or clause.has("negation") or clause.has("basis", "estimated")
    return own and not clause.claims and not reserved


def _speaks(span: Span) -> bool:
    """True for a word of what findings tell; "where the region lies" and "the slice was cut" name no value."""
    content = any(kind not in _SILENT for kind in span.tags)
    cues = span.has("cue") and not all(cue in _SILENT_CUES for cue in span.tags["cue"])
    return content or cues or is_anchor(span)


def is_anchor(span: Span) -> bool:
    """True for a word of what findings tell that has no meaning of its own in the lexicon."""
    return any(stem(word) in _ANCHORS for word in span.text.split())


def _within(numbers: tuple[Quantity, ...], start: int, end: int) -> tuple[Quantity, ...]:
    return tuple(
        Quantity(
            q.at - start,
            min(q.upto, end) - start,
            q.value,
            q.decimals,
            q.unit,
            q.bound,
            q.group,
            q.by,
            q.ordinal,
        )
        for q in numbers
        if start <= q.at < end
    )


def _give_back(clause: Clause) -> None:
    """ "Does not lie level with the commissure" is no notice: a denial beside a value is the value's, if anyone's."""
    if clause.noticed and any(claim.about in _VALUES for claim in clause.claims):
        clause.taken -= clause.noticed


def _small_numbers(clause: Clause) -> None:
    """ "One slice", "the three classes", "two of them": counting words that claim nothing."""
    for q in clause.free_numbers():
        after = clause.spans[q.upto : q.upto + 3]
        word = clause.spans[q.at].text
        classes = q.value == 3 and any(
            s.has("cue", "classify", "heat", "region", "among") or s.text in ("kinds", "types", "options")
            for s in after
        )
        if (
            word in ("one", "single", "a single")
            or classes
            or (q.unit == "" and any(s.text in _IN_TWOS for s in after[:2]) and q.value == 2)
            or (q.value == 2 and word == "two" and clause.has("class"))
        ):
            clause.take_number(q)


def _equations(clause: Clause) -> None:
    """ "Corresponding to 18% of the brain": two figures of one thing, and no degree of certainty."""
    for i in clause.all("certainty", "consistent_with"):
        behind = clause.spans[i + 1 : i + 1 + _LOOK]
        until = next((n for n, span in enumerate(behind) if span.has("number") or span.has("fraction")), None)
        if until is not None and not any(span.has("class") or span.has("place") for span in behind[:until]):
            clause.take(i)
