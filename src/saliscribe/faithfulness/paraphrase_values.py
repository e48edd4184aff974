"""The holes of a paraphrase: each is filled with one of several wordings of a claim."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from importlib import resources
from random import Random
from typing import Any, Literal

from saliscribe.core.language.reported import Claims
from saliscribe.core.language.slots import join_words
from saliscribe.core.language.words import ARCHITECTURE, COUNT_WORDS
from saliscribe.core.vocabulary import regions
from saliscribe.faithfulness.draft import Piece
from saliscribe.faithfulness.structure_names import structure_wording

Part = Literal["open", "sealed"]
_METHODS = {
    "gradcam": ("Grad-CAM", "GradCAM"),
    "gradcam++": ("Grad-CAM++", "GradCAM++"),
    "scorecam": ("ScoreCAM", "Score-CAM"),
}
_SURE = {"hedge_in": "lies in", "hedge_involves": "involves"}
#: Regions that have a left and a right one.
_PAIRED = ("frontal lobe", "temporal lobe", "parietal lobe", "occipital lobe", "insula")


@cache
def wordings(part: Part) -> Mapping[str, Any]:
    """The ``lines`` and ``values`` of one part, as in its file."""
    text = resources.files("saliscribe") / "assets" / "paraphrases" / f"{part}.toml"
    return tomllib.loads(text.read_text(encoding="utf-8"))


class Filler:
    """Fills the holes of one sentence; ``heat`` is the heat map that the sentence is about, if any."""

    def __init__(self, claims: Claims, draw: Random, part: Part, heat: str | None = None) -> None:
        self._claims, self._draw, self._part, self._heat = claims, draw, part, heat
        self._cm = draw.random() < 0.4

    def fill(self, hole: str) -> list[Piece] | None:
        """The pieces of one hole, or ``None`` if the findings have nothing for it."""
        return _HOLES[hole](self)

    def known(self, about: str) -> Any:
        """The value of a claim ``"F5.value"``, or ``None``; ``"heat.x"`` is about this sentence's map."""
        fact, _, claim = self.name(about).rpartition(".")
        return self._claims.get((fact, claim))

    def name(self, about: str) -> str:
        """``about`` with the heat map's own fact id."""
        return about.replace("heat", self._heat or "F11", 1) if about.startswith("heat.") else about

    def word(self, table: str, key: str) -> str:
        """One of the words for a code: those of the sealed part are never used in the open one."""
        own = wordings(self._part)["values"].get(table, {}).get(key, [])
        shared = wordings("open")["values"].get(table, {}).get(key, []) if table != "subject" else []
        return self._draw.choice(own or shared)

    def choose(self, *forms: str) -> str:
        """One of some forms."""
        return self._draw.choice(forms)

    def percent(self, about: str, decimal: bool = False) -> list[Piece] | None:
        """A whole percentage; ``decimal`` allows 0.94 too."""
        value = self.known(about)
        if value is None:
            return None
        ends = {0: ("less than 1%", "under 1%"), 100: ("more than 99%", "over 99%")}
        usual = (f"{value}%", f"{value}%", f"{value} %", f"{value} per cent")
        forms = ends.get(value, (*usual, f"{value / 100:.2f}") if decimal else usual)
        return [Piece(self.choose(*forms), self.name(about), value)]

    def size(self, lengths: Sequence[str], joint: Sequence[str]) -> list[Piece] | None:
        """One length or two, in mm or cm; two are joined in one of the ways of ``joint``."""
        values = [self.known(about) for about in lengths]
        if any(not value for value in values):
            return None
        unit = "cm" if self._cm else "mm"
        texts = [f"{value / 10:.1f}" if self._cm else str(value) for value in values]
        first = Piece(texts[0], lengths[0], values[0])
        if len(values) == 1:
            return [first, Piece(f" {unit}")]
        both = self._draw.random() < 0.4
        middle = self._draw.choice(joint)
        second = Piece(texts[1], lengths[1], values[1])
        return [first, Piece(f" {unit}{middle}" if both else middle), second, Piece(f" {unit}")]

    def listed(self, about: str, words: Sequence[str], last: str = "and") -> list[Piece] | None:
        """Words joined to a list, as one piece."""
        if not words:
            return None
        text = join_words(list(words))
        if last == "or" and len(words) > 1:
            text = f"{', '.join(words[:-1])} or {words[-1]}"
        return [Piece(text, about, self.known(about))]

    def structures(self, about: str, shares: bool = False) -> list[Piece] | None:
        """Structures, each a piece, with their shares where wanted."""
        pieces: list[Piece] = []
        items = self.known(about) or ()
        for at, item in enumerate(items):
            if at:
                pieces.append(Piece(" and " if at == len(items) - 1 else ", "))
            text = structure_wording(item[0], item[1], self._draw, self._part == "sealed")
            pieces.append(Piece(text, "structure", item[:2]))
            if shares:
                ends = {0: "less than 1%", 100: "more than 99%"}
                share = ends.get(item[2], self.choose(f"{item[2]}%", f"{item[2]} %"))
                pieces += [Piece(" ("), Piece(share, "share", item[2]), Piece(")")]
        return pieces or None


def _class(about: str) -> Callable[[Filler], list[Piece] | None]:
    return lambda f: [Piece(f.word("class", f.known(about)), about, f.known(about))]


def _method(f: Filler) -> list[Piece] | None:
    methods = {"F11.1": "gradcam", "F11.2": "gradcam++", "F11.3": "scorecam"}
    about = f.name("heat.method")
    code = methods.get(about.rpartition(".")[0]) or f.known("F6.source")
    return [Piece(f.choose(*_METHODS[code]), about, code)] if code in _METHODS else None


def _methods(about: str) -> Callable[[Filler], list[Piece] | None]:
    return lambda f: f.listed(about, [_METHODS[code][0] for code in f.known(about) or ()])


def _hedged(hole: str) -> Callable[[Filler], list[Piece] | None]:
    def fill(f: Filler) -> list[Piece] | None:
        hedge = f.known("F9.hedge")
        if hedge is None:
            return None
        word = f.word(hole, hedge)
        return [Piece(word) if hedge == "sure" else Piece(word, "hedge", _SURE[hole])]

    return fill


def _region(f: Filler) -> list[Piece] | None:
    region, side = f.known("F9.region"), f.known("F9.side")
    if region is None:
        return None
    if region in _PAIRED and side in ("left", "right") and f.choose("with side", "without") == "with side":
        return [Piece(f"the {side} {region}", "F9.region", region), Piece("", "F9.side", side)]
    return [Piece(regions()[region]["clinical"], "F9.region", region)]


def _area(f: Filler) -> list[Piece] | None:
    mm2 = f.known("F7.area_mm2")
    if mm2 is None:
        return None
    cm2 = f"{mm2 / 100:.1f}"
    forms = (f"{cm2} cm²", f"{cm2} cm2", f"{cm2} square centimetres", f"{mm2:,} mm²")
    small = (f"{mm2} mm²", f"{mm2} mm2", f"{mm2} square millimetres")
    return [Piece(f.choose(*(small if mm2 < 100 else forms)), "F7.area_mm2", mm2)]


def _level(f: Filler) -> list[Piece] | None:
    """Signed millimetres to the anterior commissure, or unsigned ones to the midline, in words."""
    level, plane = f.known("F8.level"), f.known("F2.plane")
    if level is None or plane is None or (plane == "sagittal" and level == 0):
        return None
    far = f"{abs(level)} mm" if f.choose("mm", "mm", "cm") == "mm" else f"{abs(level) / 10:.1f} cm"
    if plane == "sagittal":
        return [Piece(far, "F8.level", level), Piece(f.choose(" from the midline", " off the midline"))]
    up = ("above", "superior to", "cranial to") if plane == "axial" else ("in front of", "anterior to")
    down = ("below", "inferior to", "caudal to") if plane == "axial" else ("behind", "posterior to")
    if level == 0:
        return [Piece("level with the anterior commissure", "F8.level", 0)]
    way = f.choose(*(up if level > 0 else down))
    return [Piece(far, "F8.level", level), Piece(f" {way} the anterior commissure")]


def _size_px(f: Filler) -> list[Piece] | None:
    longest, across = f.known("F7.longest_px"), f.known("F7.perpendicular_px")
    if not longest or not across:
        return None
    middle = f.choose(" x ", " by ", " × ")
    return [Piece(str(longest), "F7.longest_px", longest), Piece(middle),
            Piece(str(across), "F7.perpendicular_px", across), Piece(" pixels")]  # fmt: skip


def _said(about: str, write: Callable[[Filler, Any], str]) -> Callable[[Filler], list[Piece] | None]:
    """A hole with one piece, written from the claim's value where that is known."""

    def fill(f: Filler) -> list[Piece] | None:
        value = f.known(about)
        return None if value is None else [Piece(write(f, value), f.name(about), value)]

    return fill


def _be(about: str, one: str, many: str) -> Callable[[Filler], list[Piece] | None]:
    return lambda f: [Piece(one if len(f.known(about) or ()) == 1 else many)]


def _words_of(table: str, about: str, last: str = "and") -> Callable[[Filler], list[Piece] | None]:
    return lambda f: f.listed(about, [f.word(table, code) for code in f.known(about) or ()], last)


def _any(table: str, about: str | None = None) -> Callable[[Filler], list[Piece] | None]:
    return lambda f: [Piece(f.word(table, "any"), about)]


_SIZE = ("F7.longest_mm", "F7.perpendicular_mm")
_HOLES: Mapping[str, Callable[[Filler], list[Piece] | None]] = {
    "subject": _any("subject"),
    "grid": _said("F1.grid", lambda f, v: f.choose(" x ", " × ", " by ").join(str(n) for n in v)),
    "plane": _said("F2.plane", lambda f, v: str(v)),
    "a_plane": _said("F2.plane", lambda f, v: f"an {v}" if v == "axial" else f"a {v}"),
    "spacing": _said("F3.spacing", lambda f, v: f"{v[0] / 100:.2f} x {v[1] / 100:.2f} mm"),
    "warnings": _words_of("warning", "F4.codes"),
    "warnings_count": _said("F4.count", lambda f, v: "one warning" if v == 1 else f"{v} warnings"),
    "architecture": _said("F13.architecture", lambda f, v: ARCHITECTURE[v]),
    "method": _method,
    "class": _class("F5.value"),
    "second": _class("F5.runner_up"),
    "third": _class("F5.third"),
    "p": lambda f: f.percent("F5.probability", decimal=True),
    "p2": lambda f: f.percent("F5.runner_up_probability", decimal=True),
    "p3": lambda f: f.percent("F5.third_probability", decimal=True),
    "consistent": _any("consistent", "certainty"),
    "probable": _any("probable", "certainty"),
    "possible": _any("possible", "certainty"),
    "indeterminate": _any("indeterminate", "certainty"),
    "parts": _said("F6.parts", lambda f, v: f.choose(COUNT_WORDS.get(v, str(v)), str(v))),
    "size": lambda f: f.size(_SIZE, (" x ", " by ", " × ")),
    "long": lambda f: f.size(_SIZE[:1], ()),
    "wide": lambda f: f.size(_SIZE[1:], ()),
    "size_px": _size_px,
    "area": _area,
    "brain_share": lambda f: f.percent("F7.share_of_brain"),
    "thresholds": _said("F10.thresholds", lambda f, v: str(v)),
    "smallest": _said("F10.smallest", lambda f, v: f"{v}%"),
    "largest": _said("F10.largest", lambda f, v: f"{v}%"),
    "level": _level,
    "grade": _said("F8.grade", lambda f, v: str(v)),
    "hedge_in": _hedged("hedge_in"),
    "hedge_involves": _hedged("hedge_involves"),
    "region": _region,
    "shares": lambda f: f.structures("F9.main", shares=True),
    "minor": lambda f: f.structures("F9.minor"),
    "minor_be": _be("F9.minor", "is", "are"),
    "fragile": lambda f: f.structures("F9.fragile"),
    "fragile_be": _be("F9.fragile", "is", "are"),
    "outside": lambda f: f.percent("F9.outside"),
    "side": lambda f: _sided(f, "F9.side", {"left": "left", "right": "right"}),
    "image_side": lambda f: _sided(f, "F9.image_side", {"image-left": "left", "image-right": "right"}),
    "agreement": _said("heat.agreement", lambda f, v: f.word("agreement", v)),
    "dice": _said("heat.dice", lambda f, v: f"{v / 100:.2f}"),
    "inside": lambda f: f.percent("heat.inside"),
    "heat_outside": lambda f: f.percent("heat.outside_brain"),
    "missing": _methods("F11.missing"),
    "missing_be": _be("F11.missing", "was", "were"),
    "poor": _methods("F11.poor"),
    "poor_agree": _be("F11.poor", "agrees", "agree"),
    "topics": _words_of("topic", "F12.topics"),
    "topics_or": _words_of("topic", "F12.topics", "or"),
    "topics_be": _be("F12.topics", "was", "were"),
    "accuracy": _said("F13.accuracy", lambda f, v: f"{v / 10:.1f}%"),
    "low": _said("F13.accuracy_low", lambda f, v: f"{v / 10:.1f}%"),
    "high": _said("F13.accuracy_high", lambda f, v: f"{v / 10:.1f}%"),
    "patients": _said("F13.patients", lambda f, v: f"{v:,}"),
    "slices": _said("F13.slices", lambda f, v: f"{v:,}"),
    "macro_f1": _said("F13.macro_f1", lambda f, v: f"{v / 10:.1f}%"),
    "dice_mean": _said("F13.dice", lambda f, v: f"{v / 100:.2f}"),
}


def _sided(f: Filler, about: str, words: Mapping[str, str]) -> list[Piece] | None:
    value = f.known(about)
    return [Piece(words[value], about, value)] if value in words else None
