"""The image, its plane, spacing and warnings; the level of the slice; stability; the network and its figures."""

from __future__ import annotations

from saliscribe.audit.clause import Clause, nearest
from saliscribe.audit.quantities import Quantity

_FIGURES = ("accuracy", "macro_f1", "dice", "calibration_error")


def read_technique(clause: Clause) -> None:
    """Claims about F1 to F4, F8, F10 and F13."""
    _image(clause)
    _plane(clause)
    _warnings(clause)
    _level(clause)
    _stability(clause)
    _network(clause)
    _pieces(clause)


def _image(clause: Clause) -> None:
    known = clause.ground.known
    for kind, key in (("format", "format"), ("sequence", "sequence")):
        for i in clause.all(kind):
            values = clause.spans[i].tags[kind]
            clause.take(i)
            if kind == "format" and "unit" not in clause.spans[i].tags and clause.spans[i].text in ("volume", "array", "dicom"):
                values = tuple(v for v in ("volume_slice", "array_slice", "dicom_image") if v == known["F1", key]) or values
            clause.add(("F1", key), clause.spans[i].text, known["F1", key] in values,
                       f"{clause.spans[i].text}: the findings say {str(known['F1', key]).replace('_', ' ')}")  # fmt: skip
    for i in clause.all("othersequence"):
        clause.take(i)
        clause.add(("F1", "sequence"), clause.spans[i].text, False, f"{clause.spans[i].text}: another kind of image")
    if clause.has("cue", "spacing"):
        _spacing(clause)
    grid = known["F1", "grid"]
    pairs = [q for q in clause.free_numbers() if q.by and q.unit in ("px", "")]
    if len(pairs) == 2 and clause.has("cue", "grid") or (len(pairs) == 2 and clause.has("format")):
        for q in pairs:
            clause.take_number(q)
        clause.add(("F1", "grid"), "size of the picture", (pairs[0].value, pairs[1].value) == tuple(map(float, grid)),
                   f"size of the picture: the findings say {grid[0]} x {grid[1]}")  # fmt: skip
    numbers = [q for q in clause.free_numbers() if q.unit == "" and q.decimals == 0 and not q.ordinal]
    of = [text for q in numbers[:1] for text in [span.text for span in clause.spans[q.upto : q.upto + 3]]]
    if len(numbers) >= 2 and clause.has("cue", "slicenumber", "slices") and ("of" in of or "out" in of or "out of" in of) and not clause.has("cue", "patients"):
        clause.compare(("F1", "slice_number"), numbers[0])
        clause.compare(("F1", "slice_count"), numbers[1])


def _spacing(clause: Clause) -> None:
    pair = clause.ground.known.get(("F3", "spacing"))
    fact = clause.ground.findings.spacing
    numbers = [q for q in clause.free_numbers() if q.unit in ("mm", "") and not q.ordinal]
    exact = (fact.row_mm, fact.column_mm)
    for n, q in enumerate(numbers[:2]):
        clause.take_number(q)
        value = exact[min(n, 1)]
        if pair is None or value is None:
            clause.add(("F3", "spacing"), "pixel spacing", None)
        else:
            clause.add(("F3", "spacing"), f"pixel spacing {q.value:g}", q.says(value, 3), f"pixel spacing: the findings say {value:.2f} mm")


def _plane(clause: Clause) -> None:
    known, spans = clause.ground.known, clause.all("plane")
    for i in spans:
        value = clause.spans[i].get("plane")
        clause.take(i)
        true = known.get(("F2", "plane"))
        clause.add(("F2", "plane"), f"{value} plane", None if true is None else value == true, f"plane: the findings say {true}")
    if clause.has("cue", "probability") and spans and not clause.has("class"):
        for q in clause.free_numbers()[:1]:
            clause.compare(("F2", "probability"), q, 1.0 if q.unit == "%" else 100.0)
    basis = [i for i in clause.all("basis") if clause.spans[i].get("basis") != "estimated" or spans]
    for i in basis:
        if clause.has("grade"):
            clause.take(i)
            continue
        value, key = clause.spans[i].get("basis"), ("F2", "basis") if spans else ("F9", "side_basis")
        if not spans and not clause.has("side"):
            continue
        true = known.get(key)
        clause.take(i)
        clause.add(key, f"according to {value}", None if true is None else value == true, f"basis: the findings say {str(true).replace('_', ' ')}")


def _warnings(clause: Clause) -> None:
    codes = clause.ground.known.get(("F4", "codes")) or ()
    spans = clause.all("warning")
    for i in spans:
        values = clause.spans[i].tags["warning"]
        hit = next((v for v in values if v in codes), None)
        clause.take(i)
        denied = clause.negated() and not clause.has("cue", "checker") and clause.spans[i].text != "brain outline that was not found"
        clause.add(("F4", hit or "codes"), clause.spans[i].text, hit is not None and not denied,
                   f"{clause.spans[i].text}: the input check did not warn of this", hit)  # fmt: skip
    if spans and "happy" in clause.words():
        clause.take_all("negation", "not")
    if clause.has("cue", "warning", "checker"):
        for q in clause.free_numbers():
            if q.unit == "" and any(s.has("cue", "warning") for s in clause.spans[q.upto : q.upto + 3]):
                clause.compare(("F4", "count"), q)


def _level(clause: Clause) -> None:
    """Millimetres above or below the anterior commissure, the interval, the grade."""
    for i in clause.all("grade"):
        true = clause.ground.known["F8", "grade"]
        clause.take(i)
        clause.add(("F8", "grade"), clause.spans[i].text, clause.spans[i].get("grade") == true, f"localisation grade: the findings say {true}")
    sagittal = clause.ground.known.get(("F2", "plane")) == "sagittal" and clause.has("side", "midline")
    lengths = [q for q in clause.free_numbers() if q.unit in ("mm", "cm")]
    if not lengths or not (clause.has("cue", "commissure") or (sagittal and "from" in clause.words())):
        return
    level = clause.ground.findings.placement.level_mm
    fields = ("level", "low", "high") if len(lengths) == 3 or len(lengths) == 1 else ("low", "high")
    for q, field in zip(lengths, fields, strict=False):
        clause.take_number(q)
        scale = 1.0 if q.unit == "mm" else 0.1
        if field == "level":
            true = level
        else:
            true = clause.ground.known.get(("F8", field))
        if true is None:
            clause.add(("F8", field), "level of the slice", None)
            continue
        up = _direction(clause, q)
        right_way = sagittal or up is None or abs(true) < 0.5 or (true > 0) == up
        holds = q.says(abs(true) * scale, 1, 1.0, 0.0) and right_way
        clause.add(("F8", field), f"{field} {q.value:g} {q.unit}", holds, f"{field} of the slice: the findings say {true:.0f} mm")
    if sagittal:
        clause.take_all("side", "midline")
        clause.take_all("topic")
    clause.take_all("part")


def _direction(clause: Clause, q: Quantity) -> bool | None:
    signs = [i for i, span in enumerate(clause.spans) if span.has("sign", "up", "down") and i >= q.upto - 1]
    closest = nearest(q.upto, signs)
    return None if closest is None else clause.spans[closest].has("sign", "up")


def _stability(clause: Clause) -> None:
    if not clause.has("cue", "threshold", "stated"):
        return
    shares = [q for q in clause.free_numbers() if q.unit == "%" or (q.unit == "" and q.decimals > 0)]
    if shares and clause.has("cue", "area", "stated", "region", "size") and not clause.has("place"):
        for q, field in zip(shares, ("smallest", "largest") if len(shares) > 1 else (_end(clause),), strict=False):
            clause.compare(("F10", field), q, 1.0 if q.unit == "%" else 100.0)
    for q in clause.free_numbers():
        if q.unit == "" and q.decimals == 0:
            clause.compare(("F10", "thresholds"), q)


def _end(clause: Clause) -> str:
    return "smallest" if any(s.text in ("smallest", "least", "minimum", "down", "lowest", "low") for s in clause.spans) else "largest"


def _network(clause: Clause) -> None:
    for i in clause.all("network"):
        value, true = clause.spans[i].tags["network"], clause.ground.known["F13", "architecture"]
        clause.take(i)
        clause.add(("F13", "architecture"), clause.spans[i].text, true in value, f"network: the findings say {true}")
    figure = next((name for name in _FIGURES if clause.has("cue", name)), None)
    _counts(clause, figure)
    if figure is None or (figure == "dice" and clause.context.methods):
        return
    _figures(clause, figure)


def _counts(clause: Clause, figure: str | None) -> None:
    """Numbers of patients, slices and folds, each beside its noun."""
    if not (figure or clause.has("cue", "folds", "trained") or clause.has("cue", "patients")):
        return
    for q in clause.free_numbers():
        after = clause.spans[q.upto : q.upto + 3]
        if q.unit or q.decimals:
            continue
        for field in ("patients", "slices", "folds"):
            if after and after[0].has("cue", field) or (len(after) > 1 and field == "folds" and after[1].has("cue", field)):
                clause.compare(("F13", field), q)
                break


def _figures(clause: Clause, figure: str) -> None:
    clause.take_all("side", "right")
    names = [name for name in _FIGURES if clause.has("cue", name)]
    if len(names) > 1 and "calibration_error" not in names and "macro_f1" in names and "accuracy" in names:
        names = ["accuracy", "macro_f1"]
    numbers = []
    for q in clause.free_numbers():
        literal = q.unit == "%" and q.value == 95 and any(s.has("cue", "interval") for s in clause.spans[q.upto : q.upto + 2])
        if literal:
            clause.take_number(q)
        elif q.unit == "%" or (q.unit == "" and (q.decimals > 0 or q.value in (0, 1))):
            numbers.append(q)
    ends = ("", "_low", "_high")
    for n, q in enumerate(numbers):
        if len(numbers) == len(names) > 1:
            key = ("F13", names[n])
        else:
            key = ("F13", figure + (ends[n] if n < 3 else "_none"))
        clause.compare(key, q, 1.0 if q.unit == "%" else 100.0, more=1 if q.unit == "" else 0)


def _pieces(clause: Clause) -> None:
    """One contiguous region, or how many parts."""
    if not clause.has("cue", "pieces"):
        return
    for q in clause.free_numbers():
        after = clause.spans[q.upto : q.upto + 3]
        if q.unit == "" and q.decimals == 0 and any(s.has("cue", "pieces") for s in after) and not q.ordinal:
            if q.value == 1 and clause.has("negation"):
                continue
            clause.compare(("F6", "parts"), q)
            return
    lone = [s for s in clause.spans if s.text in ("contiguous", "coherent", "connected", "single region", "one region")]
    if lone:
        true = clause.ground.known.get(("F6", "pieces"))
        clause.add(("F6", "pieces"), "one region", None if true is None else true == "one", "the findings say several parts")
