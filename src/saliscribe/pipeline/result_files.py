"""From records to the bytes of a result folder; ``io.runs`` writes them."""

from __future__ import annotations

import hashlib
from dataclasses import fields
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

import saliscribe
from saliscribe.anatomy.atlas import load_atlas
from saliscribe.anatomy.placement_picture import placement_picture
from saliscribe.core.names import SHOWN_FIRST
from saliscribe.core.records.localisation import Localisation, Placement
from saliscribe.core.records.saliency_map import SaliencyMap
from saliscribe.core.volume import Volume
from saliscribe.io.encode import json_bytes, npz_bytes, png_bytes
from saliscribe.pipeline.components import Components
from saliscribe.pipeline.explain import Explained
from saliscribe.pipeline.info import library_versions
from saliscribe.pipeline.report_run import reply_files, writing_facts
from saliscribe.pipeline.unused_settings import unused_settings
from saliscribe.reporting.html import render_html
from saliscribe.reporting.markdown import to_markdown
from saliscribe.reporting.pictures import Pictures, Placed, make_pictures, overlay

Files = dict[str, bytes]
Manifest = dict[str, Any]


def slice_files(
    explained: Explained, parts: Components, sheet: NDArray[np.uint8] | None = None
) -> tuple[Files, Manifest]:
    """Every file of a slice's result folder but the manifest, and the manifest (``io.runs`` adds the file list)."""
    manifest = manifest_of(explained, parts, explained.image, "slice")
    pictures = _pictures(explained, parts, sheet)
    files = _picture_files(explained, pictures) | {
        f"saliency_{name}.npz": _saliency(one) for name, one in explained.maps.items()
    }
    files["placement.json"] = json_bytes(placement_facts(explained.localisation))
    files["findings.json"] = json_bytes(explained.findings)
    files["audit.json"] = json_bytes(explained.audit)
    files["report.md"] = to_markdown(explained.report).encode()
    files |= reply_files(explained.writing)
    # No seconds here: the page must be the same whenever it is made.
    files["report.html"] = render_html(
        explained.findings, explained.report, explained.audit, pictures, provenance=_provenance(manifest)
    ).encode()
    return files, manifest


def _pictures(explained: Explained, parts: Components, sheet: NDArray[np.uint8] | None) -> Pictures:
    grey = explained.prepared.grey
    drawn = placement_picture(grey, explained.mask.pixels, explained.localisation, atlas=parts.settings.atlas)
    return make_pictures(
        grey,
        {method: one.heat for method, one in explained.maps.items()},
        {source: one.pixels for source, one in explained.masks.items()},
        explained.mask_source,
        None if drawn is None else Placed(drawn.slice_view, drawn.template_view, drawn.palette, drawn.legend),
        sheet,
    )


def _picture_files(explained: Explained, pictures: Pictures) -> Files:
    heat = next((explained.maps[name].heat for name in SHOWN_FIRST if name in explained.maps), None)
    files = {f"mask_{source}.png": png_bytes(mask.pixels) for source, mask in explained.masks.items()}
    files["mask.png"] = files[f"mask_{explained.mask_source}.png"]
    files["image.png"] = pictures.image
    files["overlay.png"] = png_bytes(overlay(explained.prepared.grey, heat, explained.mask.pixels))
    return files if pictures.sheet_png is None else files | {"slices.png": pictures.sheet_png}


def _saliency(one: SaliencyMap) -> bytes:
    return npz_bytes(
        **{
            field.name: getattr(one, field.name)
            for field in fields(one)
            if field.name not in ("raw_min", "raw_max")
        },
        raw_min=np.float64(one.raw_min),
        raw_max=np.float64(one.raw_max),
    )


def placement_facts(localisation: Localisation) -> dict[str, Any]:
    """The content of ``placement.json`` for a slice."""
    placement: Placement = localisation.placement
    plain = {field.name: getattr(placement, field.name) for field in fields(placement)}
    plain["alternatives"] = [
        {"plane": plane, "level_mm": level, "similarity": similarity}
        for plane, level, similarity in placement.alternatives
    ]
    return plain | {
        "structures": [
            {field.name: getattr(one, field.name) for field in fields(one)} for one in localisation.structures
        ],
        "side": localisation.side,
        "side_basis": localisation.side_basis,
        "image_side": localisation.image_side,
        "atlas": localisation.atlas,
        "atlas_sha256": localisation.atlas_sha256,
        "notes": localisation.notes,
    }


def _provenance(manifest: Manifest) -> dict[str, str]:
    """What the page tells of its making; the input's name stays in the manifest."""
    versions = {name: value for name, value in manifest["versions"].items() if value is not None}
    return {
        "saliscribe": manifest["saliscribe"],
        "input sha256": manifest["input"]["sha256"],
        "network": manifest["model"]["name"],
        "weights sha256": manifest["model"]["weights_sha256"],
        "atlas": manifest["atlas"]["name"],
        "settings sha256": manifest["settings_sha256"],
        "libraries": ", ".join(f"{name} {value}" for name, value in versions.items()),
        **_author(manifest.get("writing")),
    }


def _author(writing: Manifest | None) -> dict[str, str]:
    """Who was asked for the words, and what became of them."""
    if writing is None:
        return {}
    asked = " ".join(writing["author"][name] or "" for name in ("writer", "model")).strip()
    became = f"{writing['result'].replace('_', ' ')}{': ' + writing['reason'] if writing['reason'] else ''}"
    return {
        "writer asked": f"{asked}, mode {writing['mode']}",
        "drafts": f"{len(writing['attempts'])}, {became}",
        "prompt": ", ".join(
            f"{one['name']} {one['version']} ({one['sha256'][:12]})" for one in writing["prompts"]
        ),
    }


def manifest_of(explained: Explained, parts: Components, image: Volume, kind: str) -> Manifest:
    """What the manifest says of ``image``, a "slice" or the "volume" whose key slice was explained."""
    settings = parts.settings
    return {
        "kind": kind,
        "saliscribe": saliscribe.__version__,
        "research_use_only": True,
        "input": _input_facts(image),
        "model": {"name": parts.network.name, "weights_sha256": parts.network.weights_sha256},
        "atlas": {"name": explained.localisation.atlas, "sha256": explained.localisation.atlas_sha256},
        **writing_facts(explained.writing),
        "settings": settings.model_dump(mode="json"),
        "settings_sha256": settings.sha256(),
        "versions": library_versions(),
        "result": _result(explained, parts, image),
    }


def _input_facts(image: Volume) -> dict[str, Any]:
    return {
        "name": Path(image.source.path).name,
        "format": image.source.format,
        "sha256": image.source.file_sha256,
        "pixels_sha256": hashlib.sha256(np.ascontiguousarray(image.data).tobytes()).hexdigest(),
        "shape": image.data.shape,
        "spacing_mm": image.spacing_mm,
        "affine": image.affine,
    }


def _result(explained: Explained, parts: Components, image: Volume) -> dict[str, Any]:
    """What the JSON line of ``explain`` repeats, so that a finished folder can speak for itself."""
    return {
        "label": explained.prediction.label,
        "probabilities": {
            name: round(float(value), 6) for name, value in explained.prediction.probabilities.items()
        },
        "support": None if explained.findings.volume is None else explained.findings.volume.support,
        "mask_source": explained.mask_source,
        "structures": [
            {
                "name": one.name,
                "side": one.side,
                "share_of_lesion": round(one.share_of_lesion, 4),
                "stability": one.stability,
            }
            for one in explained.localisation.structures
        ],
        "audit": explained.audit.outcome,
        "warnings": [
            *image.warnings,
            *explained.prepared.warnings,
            *explained.localisation.placement.notes,
            *load_atlas(parts.settings.atlas).remarks,
            *unused_settings(parts.settings, image, explained.localisation.placement.plane),
        ],
    }
