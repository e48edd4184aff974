"""The network: its architecture, its measured figures, and whom it was measured on."""

from __future__ import annotations

from saliscribe.audit.clause import Clause
from saliscribe.audit.read_side import is_a_side

_FIGURES = ("accuracy", "macro_f1", "dice", "calibration_error")


def read_network(clause: Clause) -> None:
    """Claims about F13."""
    for i in clause.all("network"):
        value, true = clause.spans[i].tags["network"], clause.ground.known["F13", "architecture"]
        clause.take(i)
        clause.add(
            ("F13", "architecture"), clause.spans[i].text, true in value, f"network: the findings say {true}"
        )
    figure = next((name for name in _FIGURES if clause.has("cue", name)), None)
    _counts(clause, figure)
    if figure is None or (figure == "dice" and clause.context.methods and not against_people(clause)):
        return
    _figures(clause, figure)


def against_people(clause: Clause) -> bool:
    """True for the mean Dice of the network against outlines by people, not that of a heat map."""
    return any(word in clause.words() for word in ("mean dice", "average dice", "human", "people", "by hand"))


def _counts(clause: Clause, figure: str | None) -> None:
    """Numbers of patients, slices and folds, each beside its noun."""
    if not (figure or clause.has("cue", "folds", "trained") or clause.has("cue", "patients")):
        return
    for q in clause.free_numbers():
        after = clause.spans[q.upto : q.upto + 3]
        if q.unit or q.decimals or clause.spans[q.at].text in ("one", "single", "a single"):
            continue
        for field in ("patients", "slices", "folds"):
            if (after and after[0].has("cue", field)) or (
                len(after) > 1 and after[1].has("cue", field) and not after[0].has("mark")
            ):
                clause.compare(("F13", field), q)
                break


def _figures(clause: Clause, figure: str) -> None:
    clause.take(*(i for i in clause.all("side", "right") if not is_a_side(clause, i)))
    names = [name for name in _FIGURES if clause.has("cue", name)]
    if len(names) > 1 and "calibration_error" not in names and "macro_f1" in names and "accuracy" in names:
        names = ["accuracy", "macro_f1"]
    numbers = []
    for q in clause.free_numbers():
        literal = (
            q.unit == "%"
            and q.value == 95
            and any(s.has("cue", "interval") for s in clause.spans[q.upto : q.upto + 2])
        )
        if literal:
            clause.take_number(q)
        elif q.unit == "%" or (
            q.unit == "" and (q.decimals > 0 or (q.value in (0, 1) and not clause.spans[q.at].text.isalpha()))
        ):
            numbers.append(q)
    if (
        any(text in clause.words() for text in ("this patient", "this case", "this slice", "this image"))
        and not clause.negated()
        and not any(claim.about == ("F14", "averages_only") for claim in clause.claims)
    ):
        clause.add(
            ("F13", figure),
            f"{figure} for this patient",
            False,
            "an average of the network is given as a figure of this patient",
        )
    if clause.has("person") and not clause.has("cue", "network") and figure in ("accuracy", "macro_f1"):
        clause.add(
            ("F13", figure), f"{figure} of a person", False, "a figure of the network is given as a person's"
        )
    ends = ("", "_low", "_high")
    for n, q in enumerate(numbers):
        key = (
            ("F13", names[n])
            if len(numbers) == len(names) > 1
            else ("F13", figure + (ends[n] if n < 3 else "_none"))
        )
        clause.compare(key, q, 1.0 if q.unit == "%" else 100.0, more=1 if q.unit == "" else 0)
