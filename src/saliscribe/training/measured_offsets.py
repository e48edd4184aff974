"""Where the fields of a trained network look, measured on slices that it learnt from."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from saliscribe.core.records.labelled import LabelledSlice
from saliscribe.models.dual_head import DualHeadNet
from saliscribe.models.field_offsets import FieldOffsets, field_offsets
from saliscribe.preprocess.prepare_labelled import prepare_labelled

#: So many slices, spread over the table: the mean's standard error is then about a pixel at stride 16.
SLICES = 12


def measured_offsets(net: DualHeadNet, slices: Sequence[LabelledSlice], size: int) -> FieldOffsets:
    """``field_offsets`` of ``net`` (in evaluation mode) on ``SLICES`` of ``slices``, at ``size`` pixels."""
    chosen = np.unique(np.linspace(0, len(slices) - 1, SLICES).round().astype(int))
    pictures = [prepare_labelled(slices[at], size)[0].network_input for at in chosen]
    return field_offsets(net, np.stack(pictures))
