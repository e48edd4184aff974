"""The image: its format, grid, sequence, plane and spacing."""

from __future__ import annotations

from saliscribe.audit.clause import Clause

_PLANES = 3


def read_image(clause: Clause) -> None:
    """Claims about F1 to F3."""
    _image(clause)
    _plane(clause)


def _image(clause: Clause) -> None:
    known = clause.ground.known
    for kind, key in (("format", "format"), ("sequence", "sequence")):
        for i in clause.all(kind):
            values = clause.spans[i].tags[kind]
            clause.take(i)
            if clause.spans[i].text == "volume" and clause.has("grade"):
                continue
            clause.add(
                ("F1", key),
                clause.spans[i].text,
                known["F1", key] in values,
                f"{clause.spans[i].text}: the findings say {str(known['F1', key]).replace('_', ' ')}",
            )
    for i in clause.all("othersequence"):
        clause.take(i)
        clause.add(
            ("F1", "sequence"), clause.spans[i].text, False, f"{clause.spans[i].text}: another kind of image"
        )
    if clause.has("cue", "spacing"):
        _spacing(clause)
    grid = known["F1", "grid"]
    pairs = [q for q in clause.free_numbers() if q.by and q.unit in ("px", "")]
    of_picture = (
        clause.has("cue", "grid") or clause.has("format") or not clause.has("cue", "region", "long", "perp")
    )
    is_grid = len(pairs) == 2 and (pairs[0].value, pairs[1].value) == tuple(map(float, grid))
    if (
        len(pairs) == 2
        and of_picture
        and (is_grid or not clause.has("cue", "long", "perp"))
        and (is_grid or clause.has("format") or clause.has("cue", "grid", "slices", "slicenumber"))
    ):
        for q in pairs:
            clause.take_number(q)
        clause.add(
            ("F1", "grid"),
            "size of the picture",
            is_grid,
            f"size of the picture: the findings say {grid[0]} x {grid[1]}",
        )
    numbers = [q for q in clause.free_numbers() if q.unit == "" and q.decimals == 0 and not q.ordinal]
    of = [text for q in numbers[:1] for text in [span.text for span in clause.spans[q.upto : q.upto + 3]]]
    if (
        len(numbers) >= 2
        and clause.has("cue", "slicenumber", "slices")
        and ("of" in of or "out" in of or "out of" in of)
        and not clause.has("cue", "patients")
    ):
        clause.compare(("F1", "slice_number"), numbers[0])
        clause.compare(("F1", "slice_count"), numbers[1])


def _spacing(clause: Clause) -> None:
    pair = clause.ground.known.get(("F3", "spacing"))
    fact = clause.ground.findings.spacing
    counted = [q for q in clause.free_numbers() if q.ordinal or clause.spans[q.at].text.isalpha()]
    numbers = [q for q in clause.free_numbers() if q.unit in ("mm", "") and q not in counted]
    exact = (fact.row_mm, fact.column_mm)
    for n, q in enumerate(numbers[:2]):
        clause.take_number(q)
        value = exact[min(n, 1)]
        if pair is None or value is None:
            clause.add(("F3", "spacing"), "pixel spacing", None)
        else:
            clause.add(
                ("F3", "spacing"),
                f"pixel spacing {q.value:g}",
                q.says(value, 3),
                f"pixel spacing: the findings say {value:.2f} mm",
            )


def _plane(clause: Clause) -> None:
    known, spans = clause.ground.known, clause.all("plane")
    if len({clause.spans[i].get("plane") for i in spans}) == _PLANES:
        clause.take(*spans, *clause.denials()[0])
        unknown = known.get(("F2", "state")) == "not_assessed"
        clause.add(("F2", "state"), "any of the planes", unknown, "the findings name the plane")
        return
    for i in spans:
        value = clause.spans[i].get("plane")
        clause.take(i)
        true = known.get(("F2", "plane"))
        clause.add(
            ("F2", "plane"),
            f"{value} plane",
            None if true is None else value == true,
            f"plane: the findings say {true}",
        )
    if clause.has("cue", "probability") and spans and not clause.has("class"):
        for q in clause.free_numbers()[:1]:
            clause.compare(("F2", "probability"), q, 1.0 if q.unit == "%" else 100.0)
    if spans and known.get(("F2", "basis")) == "estimated" and not clause.has("class"):
        clause.take_all("certainty", "probable", "possible")
        clause.take_all("placing", "likely")
    basis = [i for i in clause.all("basis") if clause.spans[i].get("basis") != "estimated" or spans]
    for i in basis:
        if clause.has("grade"):
            clause.take(i)
            continue
        if spans and clause.spans[i].get("basis") == "estimated" and not clause.has("class"):
            clause.take_all("certainty", "probable", "possible", "rank")
        value, key = clause.spans[i].get("basis"), ("F2", "basis") if spans else ("F9", "side_basis")
        if not spans and not clause.has("side"):
            continue
        true = known.get(key)
        clause.take(i)
        clause.add(
            key,
            f"according to {value}",
            None if true is None else value == true,
            f"basis: the findings say {str(true).replace('_', ' ')}",
        )
