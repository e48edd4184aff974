"""How a mask is cut from heat or from probability."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from saliscribe.core.names import TumourClass
from saliscribe.errors import UsageError


@dataclass(frozen=True)
class MaskSettings:
    """Every number that shapes a mask; lengths and areas are shares, so that they mean the same at any resolution.

    ``criterion`` is a name of ``CRITERIA``. ``percentiles`` are the candidates, inside the brain.
    ``fixed_percentile`` and ``class_percentiles`` serve the criteria that are not chosen per image.
    ``smoothing`` is the Gaussian's sigma over the picture's longer side. A component stays when it has at least
    ``min_area`` of the picture's area and ``component_share`` of the largest component's area.
    ``threshold`` and ``sweep_thresholds`` are for the segmentation head's probability.
    """

    criterion: str = "chan-vese"
    percentiles: tuple[float, ...] = tuple(float(value) for value in (*range(70, 95, 2), *range(95, 100)))
    fixed_percentile: float = 95.0
    class_percentiles: Mapping[TumourClass, float] = field(default_factory=dict)
    smoothing: float = 0.006
    min_area: float = 0.0004
    component_share: float = 0.25
    threshold: float = 0.5
    sweep_thresholds: tuple[float, ...] = (0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8)
    probability_smoothing: float = 0.0

    def __post_init__(self) -> None:
        for value in (*self.percentiles, self.fixed_percentile, *self.class_percentiles.values()):
            if not 0.0 < value < 100.0:
                raise UsageError(
                    "a mask percentile is out of range", expected="between 0 and 100", got=str(value)
                )
        if list(self.percentiles) != sorted(set(self.percentiles)) or not self.percentiles:
            raise UsageError("mask percentiles must rise", expected="at least one, each larger than the last")
        for value in (self.threshold, *self.sweep_thresholds):
            if not 0.0 < value < 1.0:
                raise UsageError(
                    "a mask threshold is out of range", expected="between 0 and 1", got=str(value)
                )


DEFAULT_MASK_SETTINGS = MaskSettings()
