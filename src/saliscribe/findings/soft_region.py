"""Whether the network delineated its region as firmly as it does tumours."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from saliscribe.core.records.mask import Mask


def soft_region_warnings(head: Mask | None, card: Mapping[str, Any]) -> tuple[str, ...]:
    """A line where the segmentation head's region is less firm than the card's limit, else nothing.

    The limit is a low quantile of the firmness over tumours of patients that the network had not seen
    (``region_firmness`` of the card), so that share of real tumours is warned of too. A card without it,
    a network without a segmentation head and an empty region give no line.
    """
    usual = card.get("region_firmness")
    if not usual or head is None or head.firmness is None or head.firmness >= usual["value"]:
        return ()
    return (
        f"the region is delineated less firmly than {1 - usual['share']:.0%} of tumours: {head.firmness:.2f}, "
        f"usually {usual['value']:.2f} or more",
    )
