"""A number of a volume against the facts that it may speak of."""

from __future__ import annotations

from saliscribe.audit.clause import Clause
from saliscribe.audit.quantities import Quantity


def one_of(
    clause: Clause, q: Quantity, options: list[tuple[tuple[str, str], float | None]], same: object = None
) -> None:
    """A number against the facts that it may speak of."""
    clause.take_number(q)
    known = [(about, value) for about, value in options if value is not None]
    said = f"{options[0][0][1]} {q.value:g} {q.unit}".strip()
    if not known:
        clause.add(options[0][0], said, None)
        return
    agrees = same if callable(same) else lambda quantity, value: quantity.says(value, 1, 1.0, 0.0)
    about, value = next(((a, v) for a, v in known if agrees(q, v)), known[0])
    clause.add(about, said, bool(agrees(q, value)), f"{said}: the findings say {value:.1f}", value)
