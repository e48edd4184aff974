"""How firmly a class is stated: the certainty word beside it, or what stands in its stead."""

from __future__ import annotations

from saliscribe.audit.clause import Clause, nearest

#: Which levels of the findings a wording fits: its own, and for the middle words one firmer level too.
_FITS = {
    "consistent_with": ("consistent_with",),
    "probable": ("probable", "consistent_with"),
    "possible": ("possible",),
    "indeterminate": ("indeterminate",),
}
_REACH = 8
#: Words of agreement that without a class beside them say only that two things are the same.
_EQUALS = (
    "corresponds to",
    "correspond to",
    "conforms to",
    "accords with",
    "in accordance with",
    "in line with",
)

#: Without a class, the doubt of these words is about something else.
_MODAL = ("may", "might", "could", "may be", "might be", "could be", "potentially", "maybe", "perhaps")

#: Verbs by which a network names its class; the probability beside it says how firmly.
_NETWORK_SAYS = ("favour", "suggest", "point", "indicat", "speak", "propose")

_PLACING = ("assignment", "placement", "location", "localisation", "position", "site", "seat", "attribution")


def check_firmness(clause: Clause, i: int, written: str, has_chance: bool) -> None:
    """The certainty word beside the class, or what stands in its stead."""
    known = clause.ground.known["F5", "certainty"]
    if known not in _FITS:
        return
    certain = [c for c in clause.all("certainty", "certain") if not _turned(clause, c)]
    clause.take(*(c for c in clause.all("certainty", "certain") if c not in certain))
    if has_chance and clause.has("cue", "network", "classify"):
        # "The classifier favours glioma with 45%" says what comes first, and the figure how firmly.
        clause.take(
            *(
                c
                for c in clause.all("certainty", "probable")
                if clause.spans[c].text.startswith(_NETWORK_SAYS)
            )
        )
    said = [c for c in clause.all("certainty", *_FITS) if abs(c - i) <= _REACH]
    clause.take(*clause.all("certainty", "rank"))
    if certain:
        clause.take(*certain)
        clause.add(
            ("F5", "certainty"),
            f"{written} as certain",
            False,
            f"stated as certain; the findings say {str(known).replace('_', ' ')}",
        )
        return
    closest = nearest(i, said)
    if closest is not None and not (
        clause.spans[closest].has("placing") and clause.has("place") and closest > i
    ):
        levels = [level for level in clause.spans[closest].tags["certainty"] if level in _FITS]
        clause.take_all("certainty", *_FITS)
        fits = any(known in _FITS[level] for level in levels)
        clause.add(
            ("F5", "certainty"),
            f"{clause.spans[closest].text} {written}",
            fits,
            f"{clause.spans[closest].text}: the findings say {str(known).replace('_', ' ')}",
        )
        return
    by_network = clause.has("cue", "network", "classify", "probability", "among") or clause.has(
        "certainty", "rank"
    )
    if not (by_network or has_chance):
        clause.add(
            ("F5", "certainty"),
            f"{written} without reserve",
            False,
            f"{written} is stated as a fact; the findings say {str(known).replace('_', ' ')}",
        )


def _turned(clause: Clause, c: int) -> bool:
    """True for "not certain", "less certain"."""
    before = clause.spans[max(0, c - 2) : c]
    if clause.spans[c].text.startswith("diagnos"):
        by_network = clause.spans[c].text == "diagnosis" and any(
            span.has("cue", "network") for span in before[-1:]
        )
        return by_network or any(
            span.has("certainty", "rank", *_FITS) or span.text == "differential" for span in before
        )
    return any(span.has("negation", "not") or span.text in ("less", "far from") for span in before)


def lone_certainty(clause: Clause) -> None:
    """ "It is fairly sure about this": about the class that was found."""
    named = [span.get("class") for span in clause.sentence if span.has("class")]
    if named and set(named) == {clause.ground.known["F5", "value"]} and not clause.negated():
        clause.take_all("certainty", "rank")  # "..., which makes this its first choice"
    said = [i for i in clause.all("certainty", *_FITS) if not clause.spans[i].has("plain")]
    clause.take(*(i for i in said if clause.spans[i].text in _EQUALS))
    clause.take(*(i for i in said if clause.spans[i].text in _MODAL))
    said = [i for i in said if clause.spans[i].text not in (*_EQUALS, *_MODAL)]
    elsewhere = any(map(clause.has, ("place", "side", "sequence", "unit", "basis", "plane")))
    of_a_place = any(s.has("place") for s in clause.sentence) and not any(
        s.has("class") for s in clause.sentence
    )
    if of_a_place or any(span.text in _PLACING for span in clause.spans):
        if any(span.has("place") for span in clause.sentence):
            clause.take(*said, *clause.all("certainty", "rank"))
        return
    if not said or elsewhere or clause.has("cue", "heat", "brainshare", "spacing", "checker", "warning"):
        return
    known = clause.ground.known["F5", "certainty"]
    fits = any(known in _FITS[level] for level in clause.spans[said[0]].tags["certainty"] if level in _FITS)
    if clause.charitable and not fits:
        return
    clause.take(*said)
    clause.add(
        ("F5", "certainty"),
        clause.spans[said[0]].text,
        fits,
        f"{clause.spans[said[0]].text}: the findings say {str(known).replace('_', ' ')}",
    )
