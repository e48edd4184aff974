"""How much of a report a language model decides: one line per mode."""

from __future__ import annotations

from saliscribe.reporting.chat import PromptForm
from saliscribe.reporting.modes import free, plan, slots
from saliscribe.reporting.modes.mode import Mode

MODES: dict[str, Mode] = {
    "plan": Mode("plan", plan.ask, plan.schema, plan.read),
    "slots": Mode("slots", slots.ask, lambda findings, style: None, slots.read),
    "free": Mode("free", free.ask, lambda findings, style: None, free.read),
}
#: The same for models that are too small for the full prompt; a mode that is not here has the full one only.
SHORT_MODES: dict[str, Mode] = {
    "free": Mode("free_short", free.ask_shortly, lambda findings, style: None, free.read),
}


def asked_as(mode: str, form: PromptForm) -> Mode:
    """The mode in the form of prompt that was settled on."""
    return SHORT_MODES.get(mode, MODES[mode]) if form == "short" else MODES[mode]
