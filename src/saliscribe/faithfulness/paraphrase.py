"""A report in other words than the template's, true by the same findings."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from random import Random
from typing import Any

from saliscribe.core.language.reported import Claims, reported
from saliscribe.core.records.findings import Findings
from saliscribe.faithfulness.draft import Draft, Line, Piece
from saliscribe.faithfulness.paraphrase_values import Filler, Part, wordings
from saliscribe.faithfulness.plausible_findings import plausible_findings
from saliscribe.faithfulness.structure_names import structure_wording

_HOLE = re.compile(r"\{([a-z0-9_]+)\}")
#: Words that claim more of a probability than the kind of the wording says.
_CALLS_CALIBRATED = re.compile(
    r"(?<!not )(?<!un)(?<!re)\bcalibrated (?:probab|chance|likel|confid|score|p\b)", re.IGNORECASE
)
_HEATS = ("F11.1", "F11.2", "F11.3")


@dataclass(frozen=True)
class Kind:
    """A list of wordings, and when they are true: what their fixed words claim; ``None`` is what is not known."""

    name: str
    when: Mapping[str, Any] = field(default_factory=dict)
    heat: str | None = None

    def fits(self, claims: Claims) -> bool:
        """True when all that the fixed words claim is so."""
        return all(claims.get(_key(about)) == value for about, value in self.when.items())


@dataclass(frozen=True)
class Slot:
    """A place in a report that one sentence of any fitting kind fills; ``chance`` is 1 for what must be said."""

    section: str
    chance: float
    kinds: tuple[Kind, ...]


_DRAWN = {"F6.state": "present"}
_MM, _PX = {"F7.unit": "mm"}, {"F7.unit": "px"}
_TEMPERATURE = "F13.temperature_scaled"
SLOTS: tuple[Slot, ...] = (
    Slot("technique", 1.0, (Kind("synthetic", {"F14.synthetic_input": True}),)),
    Slot("technique", 0.4, (Kind("image", {"F1.slice_count": None}),)),
    Slot("technique", 0.4, (Kind("sequence_not_stated", {"F1.sequence": "not_stated"}),
                            Kind("sequence_t1c", {"F1.sequence": "t1_post_contrast"}))),
    Slot("technique", 0.6, (Kind("plane_estimated", {"F2.basis": "estimated"}),
                            Kind("plane_header", {"F2.basis": "header"}),
                            Kind("plane_user", {"F2.basis": "user"}),
                            Kind("plane_unknown", {"F2.state": "not_assessed"}))),
    Slot("technique", 0.4, (Kind("spacing_known", {"F3.state": "present"}),
                            Kind("spacing_unknown", {"F3.state": "not_assessed"}))),
    Slot("technique", 1.0, (Kind("warnings_present", {"F4.state": "present"}),
                            Kind("warnings_unchecked", {"F4.state": "not_assessed"}))),
    Slot("technique", 0.5, (Kind("warnings_none", {"F4.state": "absent"}),)),
    Slot("technique", 0.4, (Kind("method_head", {"F6.by": "head", **_DRAWN}),
                            Kind("method_heat", {"F6.by": "heat", **_DRAWN}))),
    Slot("findings", 1.0, (Kind("class"), Kind("merged_class_size", _MM))),
    Slot("findings", 0.5, (Kind("alternatives"),)),
    Slot("findings", 0.4, (Kind("region_one", {"F6.pieces": "one"}), Kind("region_several", {"F6.pieces": "several"}))),
    Slot("findings", 1.0, (Kind("empty", {"F6.state": "absent"}),)),
    Slot("findings", 1.0, (Kind("size_mm", _MM), Kind("size_px", _PX),
                           Kind("size_px_unscaled", {"F3.state": "not_assessed", **_PX}))),
    Slot("findings", 0.4, (Kind("area", _MM),)),
    Slot("findings", 0.4, (Kind("brain_share", {"F7.state": "present"}),)),
    Slot("findings", 0.2, (Kind("stability", {"F10.state": "present"}),)),
    Slot("findings", 0.3, (Kind("level", {"F8.state": "present"}),
                           Kind("level_unknown", {"F8.state": "not_assessed"}))),
    Slot("findings", 0.9, (Kind("place", {"F9.state": "present"}), Kind("place_sure", {"F9.hedge": "sure"}),
                           Kind("place_likely", {"F9.hedge": "likely"}),
                           Kind("place_tentative", {"F9.hedge": "tentative"}), Kind("merged_size_place", _MM),
                           Kind("place_unknown", {"F9.state": "not_assessed", **_DRAWN}))),
    Slot("findings", 0.8, (Kind("structures", {"F9.named": True}), Kind("structures_none", {"F9.named": False}))),
    Slot("findings", 0.5, (Kind("minor", {"F9.named": True}),)),
    Slot("findings", 0.3, (Kind("outside", _DRAWN),)),
    Slot("findings", 0.4, (Kind("fragile", {"F9.all_stable": False}), Kind("all_stable", {"F9.all_stable": True}))),
    Slot("findings", 0.9, (Kind("side_header", {"F9.side_basis": "header", **_DRAWN}),
                           Kind("side_user", {"F9.side_basis": "user", **_DRAWN}),
                           Kind("side_midline", {"F9.side": "midline", **_DRAWN}),
                           Kind("side_unknown", {"F9.side": "not_assessed", **_DRAWN}),
                           Kind("image_side", {"F9.side": "not_assessed", **_DRAWN}))),
    *(Slot("findings", 0.5, (Kind("heat_dice", {f"{heat}.state": "present"}, heat),)) for heat in _HEATS),
    *(Slot("findings", 0.3, (Kind("heat_inside", {f"{heat}.state": "present"}, heat),
                             Kind("heat_peak_in", {f"{heat}.peak_inside": True}, heat),
                             Kind("heat_peak_out", {f"{heat}.peak_inside": False}, heat),
                             Kind("heat_outside", {f"{heat}.state": "present"}, heat))) for heat in _HEATS),
    Slot("findings", 0.3, (Kind("heat_missing"),)),
    Slot("impression", 0.8, (Kind("impression_consistent_with", {"F5.certainty": "consistent_with"}),
                             Kind("impression_probable", {"F5.certainty": "probable"}),
                             Kind("impression_possible", {"F5.certainty": "possible"}),
                             Kind("impression_indeterminate", {"F5.certainty": "indeterminate"}))),
    Slot("impression", 0.3, (Kind("caution", {"F4.state": "present"}),)),
    Slot("impression", 1.0, (Kind("poor", {"F11.any_poor": True}),)),
    Slot("impression", 1.0, (Kind("closed", {"F14.healthy_class": False}),)),
    Slot("not_assessed", 1.0, (Kind("topics"),)),
    Slot("reliability", 0.6, (Kind("accuracy"), Kind("no_figures", {"F13.state": "not_assessed"}))),
    Slot("reliability", 0.3, (Kind("macro_f1"),)),
    Slot("reliability", 0.3, (Kind("dice"),)),
    Slot("reliability", 0.3, (Kind("calibrated", {_TEMPERATURE: True}), Kind("uncalibrated", {_TEMPERATURE: False}))),
    Slot("reliability", 0.4, (Kind("population", {"F13.population": "figshare_cheng_2017"}),)),
    Slot("reliability", 1.0, (Kind("averages", {"F14.averages_only": True}),)),
    Slot("notice", 1.0, (Kind("research", {"F14.research_use_only": True}),)),
)  # fmt: skip


def paraphrased_draft(findings: Findings, seed: int, part: Part) -> Draft:
    """Free prose about ``findings``: all that is mandatory and some of the rest; the same for the same seed."""
    claims, draw = reported(findings), Random(f"{part} {seed}")
    lines = []
    for slot in SLOTS:
        if draw.random() < slot.chance:
            line = _line(slot, claims, draw, part)
            if line is not None:
                lines.append(line)

    def names(name: str, side: str | None, draw: Random) -> str:
        return structure_wording(name, side, draw, part == "sealed")

    def another(draw: Random) -> Draft:
        other = draw.getrandbits(32)
        return paraphrased_draft(plausible_findings(other), other, part)

    return Draft(findings, claims, tuple(lines), False, names, another)


def _line(slot: Slot, claims: Claims, draw: Random, part: Part) -> Line | None:
    """One of the wordings that fit, at random; the kinds of a slot are as likely as their wordings are many."""
    choices = [
        (kind, text)
        for kind in slot.kinds
        if kind.fits(claims)
        for text in wordings(part)["lines"][kind.name]
        if claims["F5", "calibrated"] or not _CALLS_CALIBRATED.search(text)
    ]
    for kind, text in draw.sample(choices, len(choices)):
        pieces = _pieces(text, Filler(claims, draw, part, kind.heat))
        if pieces is not None:
            states = frozenset({piece.about for piece in pieces if piece.about} | set(kind.when))
            return Line(slot.section, pieces, states | _in_lists(text), text)
    return None


def _pieces(text: str, filler: Filler) -> tuple[Piece, ...] | None:
    pieces: list[Piece] = []
    end = 0
    for hole in _HOLE.finditer(text):
        filled = filler.fill(hole[1])
        if filled is None:
            return None
        pieces += [Piece(text[end : hole.start()]), *filled]
        end = hole.end()
    pieces = [piece for piece in (*pieces, Piece(text[end:])) if piece.text or piece.about]
    first = pieces[0]
    return (Piece(first.text[:1].upper() + first.text[1:], first.about, first.value), *pieces[1:])


def _in_lists(text: str) -> frozenset[str]:
    """Claims of the holes that hold structures, whose pieces name the structures and not the claim."""
    names = {"{shares}": "F9.main", "{minor}": "F9.minor", "{fragile}": "F9.fragile"}
    return frozenset(about for hole, about in names.items() if hole in text)


def _key(about: str) -> tuple[str, str]:
    fact, _, claim = about.rpartition(".")
    return fact, claim
