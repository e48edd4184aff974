"""How much of a report a language model decides: one line per mode."""

from __future__ import annotations

from saliscribe.reporting.modes import free, plan, slots
from saliscribe.reporting.modes.mode import Mode

MODES: dict[str, Mode] = {
    "plan": Mode("plan", plan.ask, plan.schema, plan.read),
    "slots": Mode("slots", slots.ask, lambda findings, style: None, slots.read),
    "free": Mode("free", free.ask, lambda findings, style: None, free.read),
}
