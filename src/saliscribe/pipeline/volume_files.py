"""From the records of a volume to the bytes of its result folder."""

from __future__ import annotations

import csv
import io
from dataclasses import astuple, fields
from typing import Any

import numpy as np

from saliscribe.core.records.volume_placement import VolumePlacement
from saliscribe.io.encode import json_bytes, nifti_bytes
from saliscribe.pipeline.components import Components
from saliscribe.pipeline.explain_volume import ExplainedVolume, SliceRow
from saliscribe.pipeline.result_files import Files, Manifest, manifest_of, placement_facts, slice_files
from saliscribe.pipeline.slice_sheet import slice_sheet


def volume_files(joined: ExplainedVolume, parts: Components) -> tuple[Files, Manifest]:
    """Every file of a volume's result folder but the manifest, and the manifest.

    The files are those of its key slice, the joined NIfTI files and one line per slice.
    """
    volume = joined.volume
    sheet = slice_sheet(volume, joined.plane, joined.mask > 0, joined.slices_with_region)
    files, _ = slice_files(joined.key, parts, sheet)
    files["image.nii.gz"] = nifti_bytes(volume.data[0], volume.affine, volume.spacing_mm)
    files["mask.nii.gz"] = nifti_bytes(joined.mask, volume.affine, volume.spacing_mm)
    if joined.probability is not None:
        files["probability.nii.gz"] = nifti_bytes(joined.probability, volume.affine, volume.spacing_mm)
    if joined.heat is not None:
        method, heat = joined.heat
        files[f"saliency_{method}.nii.gz"] = nifti_bytes(heat, volume.affine, volume.spacing_mm)
    if joined.brain is not None:
        files["brain.nii.gz"] = nifti_bytes(joined.brain, volume.affine, volume.spacing_mm)
    placement = placement_facts(joined.key.localisation) | {"volume": _volume_placement(joined.placement)}
    files["placement.json"] = json_bytes(placement)
    files["slices.csv"] = _slices_table(joined.rows).encode()
    manifest = manifest_of(joined.key, parts, volume, "volume")
    manifest["volume"] = {
        "plane": None if volume.affine is None else joined.plane,
        "slices": len(joined.rows),
        "key_slice": joined.key_index + 1,
    }
    return files, manifest


def _volume_placement(placement: VolumePlacement) -> dict[str, Any]:
    """The placement of the whole volume; of the deformation only its size, as the field itself is large."""
    shift = None if placement.field is None else np.linalg.norm(placement.field.shift, axis=-1)
    return {
        "grade": placement.grade,
        "method": placement.method,
        "affine": placement.affine,
        "similarity": placement.similarity,
        "deformation_mean_mm": None if shift is None else round(float(shift.mean()), 2),
        "deformation_largest_mm": None if shift is None else round(float(shift.max()), 2),
        "assumed_mm": placement.assumed_mm,
        "estimated_mm": placement.estimated_mm,
        "space": placement.space,
        "how": placement.how,
        "notes": placement.notes,
    }


def _slices_table(rows: tuple[SliceRow, ...]) -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([field.name for field in fields(SliceRow)])
    for row in rows:
        writer.writerow(["" if value is None else value for value in astuple(row)])
    return out.getvalue()
