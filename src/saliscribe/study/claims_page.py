"""The claims and their verdicts as a Markdown page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

_TITLES = {
    "held": "What held here",
    "not_held": "What did not hold here",
    "undecided": "What these data cannot decide",
}


def claims_page(claims: Sequence[Mapping[str, str]], noted: Mapping[str, Any]) -> str:
    """One section per verdict, in plain words, with what each rests on."""
    data = noted["data"]
    lines = [
        "# Which claims held",
        "",
        f"From {data['slices']:,} slices of {data['patients']} patients ({data['name']}), maps on "
        f"{data['map_slices']:,} of them; analysis plan `{noted['sha256'][:12]}`, hashed {noted['hashed_at']}. Made "
        "from the tables beside this page by `saliscribe study --from-tables`; the figures are in `report.html`. "
        "Research use only.",
    ]
    if data["synthetic"]:
        lines += ["", "**These are painted phantoms, not patients: nothing here is about people.**"]
    for verdict, title in _TITLES.items():
        own = [one for one in claims if one["verdict"] == verdict]
        lines += ["", f"## {title}", ""]
        lines += [f"- **{one['claim']}.** {one['why']}" for one in own] or ["Nothing."]
    return "\n".join(lines) + "\n"
