"""The model card: ``metadata.json`` for programs and a Markdown page for people, from the same facts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from saliscribe.core.names import CLASSES
from saliscribe.core.records.labelled import LabelledSlice
from saliscribe.metrics.card_figures import card_figures
from saliscribe.training.out_of_fold import Row
from saliscribe.training.settings import TrainSettings

FORMAT = "saliscribe-model/1"

#: The share of tumours whose region counts as delineated less firmly than usual.
SOFT_SHARE = 0.1

FIGSHARE = {
    "title": "Brain tumor dataset (Cheng 2017), figshare 1512427",
    "doi": "10.6084/m9.figshare.1512427",
    "licence": "CC BY 4.0",
    "attribution": "Jun Cheng, Southern Medical University; Nanfang Hospital and General Hospital of "
    "Tianjin Medical University, 2005 to 2010",
}


def data_facts(slices: Sequence[LabelledSlice], source: Mapping[str, str] | None) -> dict[str, Any]:
    """What a network was trained on: counts by class and plane, and where it came from (``None``: not stated)."""
    return {
        "source": dict(source) if source else None,
        "slices": len(slices),
        "patients": len({one.patient for one in slices}),
        "patients_known": all(one.patient_known for one in slices),
        "slices_by_class": {name: sum(one.label == name for one in slices) for name in CLASSES},
        "slices_by_plane": dict(sorted(Counter(one.plane or "unknown" for one in slices).items())),
        "with_mask": sum(one.mask_path is not None for one in slices),
    }


def make_card(
    name: str,
    settings: TrainSettings,
    data: Mapping[str, Any],
    temperature: float,
    evidence: Sequence[Row],
    split: str,
    **more: Any,
) -> dict[str, Any]:
    """All facts of a card. ``evidence`` are rows of patients that the scored network had not seen (may be empty)."""
    return {
        "format": FORMAT,
        "name": name,
        "classes": list(CLASSES),
        "input_size": settings.size,
        "temperature": temperature,
        "mirror_average": True,
        "settings": _settings_as_data(settings),
        "data": dict(data),
        "split": split,
        "metrics": _figures_as_data(evidence) if evidence else None,
        "failure_cases": worst_slices(evidence),
        "region_firmness": region_firmness(evidence),
        "intended_use": "Research on explanation and reporting. Not a medical device; not for diagnosis or treatment.",
        "licence": "Apache-2.0",
        **more,
    }


def _settings_as_data(settings: TrainSettings) -> dict[str, Any]:
    """The settings without anybody's folders: a card is passed on."""
    data = settings.model_dump(mode="json")
    for key in ("start_from", "weights"):
        data[key] = data[key] and Path(data[key]).name
    return data


def _figures_as_data(evidence: Sequence[Row]) -> dict[str, Any]:
    rows = [row.model_dump() for row in evidence]
    return {name: figure.as_dict() for name, figure in card_figures(rows).items()}


def region_firmness(rows: Sequence[Row]) -> dict[str, Any] | None:
    """What a region's firmness is compared with: the value that ``share`` of the regions of tumours fall below.

    ``None`` where no row has a region: then nobody knows what is usual.
    """
    values = [row.firmness for row in rows if row.firmness is not None]
    if not values:
        return None
    return {"share": SOFT_SHARE, "value": round(float(np.quantile(values, SOFT_SHARE)), 4), "n": len(values)}


def worst_slices(rows: Sequence[Row], count: int = 12) -> list[dict[str, Any]]:
    """The slices with a wrong class (least true-class probability first), then those with the least overlap."""

    def truth(row: Row) -> float:
        return float(getattr(row, f"p_{row.label}"))

    wrong = sorted((row for row in rows if said(row) != row.label), key=truth)
    missed = sorted(
        (row for row in rows if row.dice is not None and said(row) == row.label),
        key=lambda row: row.dice or 0.0,
    )
    chosen = wrong[: count // 2] + missed[: count - min(len(wrong), count // 2)]
    return [
        {
            "file": row.file,
            "plane": row.plane,
            "truth": row.label,
            "said": said(row),
            "p_truth": round(truth(row), 3),
            "dice": None if row.dice is None else round(row.dice, 3),
        }
        for row in chosen
    ]


def said(row: Row) -> str:
    """The most probable class of a row."""
    return max(CLASSES, key=lambda name: float(getattr(row, f"p_{name}")))


def write_card_page(card: Mapping[str, Any], path: Path) -> None:
    """The card as Markdown."""
    path.write_text("\n".join(_lines(card)) + "\n", encoding="utf-8")


def _lines(card: Mapping[str, Any]) -> list[str]:
    data, settings = card["data"], card["settings"]
    source = data["source"]
    lines = [
        f"# Model card: {card['name']}",
        "",
        f"**{card['intended_use']}**",
        "",
        f"- Network: dual head on `{card['backbone']}`, {card['parameters'] / 1e6:.2f} million parameters, "
        f"window {card['input_size']} px, one grey channel"
        if "backbone" in card
        else "",
        f"- Classes: {', '.join(card['classes'])}. "
        "There is no healthy class: a head without a tumour still gets one of the three.",
        f"- Weights: `weights.safetensors`, sha256 `{card.get('weights_sha256', '')}`",
        f"- Licence: {card['licence']}",
        "",
        "## Data",
        "",
        f"- {data['slices']:,} slices of {data['patients']} patients, {data['with_mask']:,} with a tumour mask",
        f"- by class: {_counts(data['slices_by_class'])}; by plane: {_counts(data['slices_by_plane'])}",
    ]
    if source:
        lines.append(
            f"- {source['title']}, doi {source['doi']}, {source['licence']}. {source['attribution']}"
        )
    lines += ["", "## Split", "", card["split"], "", "## Figures on patients not seen in training", ""]
    lines += _figures(card["metrics"])
    lines += [
        "",
        "## Calibration",
        "",
        f"Printed probabilities are softmax(logits / {card['temperature']:.3f}) (temperature scaling).",
        *_firmness_lines(card.get("region_firmness")),
        "",
        *_map_lines(card.get("saliency_trust"), card.get("field_offsets") or {}),
        "## Known failures",
        "",
        "| slice | plane | truth | said | p(truth) | Dice |",
        "|---|---|---|---|---|---|",
    ]
    for case in card["failure_cases"]:
        dice = "not assessed" if case["dice"] is None else f"{case['dice']:.2f}"
        cells = (
            case["file"],
            case["plane"] or "unknown",
            case["truth"],
            case["said"],
            f"{case['p_truth']:.2f}",
            dice,
        )
        lines.append(f"| {' | '.join(cells)} |")
    lines += [
        "",
        "## Training",
        "",
        f"Backbone weights at the start: {settings['weights']}. Settings:",
        "",
        "```",
    ]
    lines += [f"{key} = {value}" for key, value in settings.items()]
    return [*lines, "```"]


def _firmness_lines(usual: Mapping[str, Any] | None) -> list[str]:
    if usual is None:
        return []
    return [
        f"The mean tumour probability inside a region was at least {usual['value']:.2f} in {1 - usual['share']:.0%} of "
        f"{usual['n']:,} regions of unseen patients; a softer region is warned of.",
    ]


def _map_lines(trust: Mapping[str, Any] | None, offsets: Mapping[str, Sequence[float]]) -> list[str]:
    """The badges of the saliency maps and where their fields look; nothing of what was not measured."""
    lines = []
    if trust is not None:
        lines += [f"Tried by the study with the plan `{trust['study_sha256'][:12]}`.", ""]
        for method, its in trust["methods"].items():
            why = f" ({', '.join(its['failed'])})" if its["failed"] else ""
            lines.append(f"- {method}: {its['badge'].replace('_', ' ')}{why}, {its['slices']} slices")
        lines.append("")
    if offsets:
        lines += [
            "Where the fields of a layer look, in pixels down and right of the middles of their cells:",
            "",
        ]
        lines += [f"- `{layer}`: {down:+g}, {right:+g}" for layer, (down, right) in offsets.items()]
        lines.append("")
    return ["## Saliency maps", "", *lines] if lines else []


def _counts(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{name} {count:,}" for name, count in counts.items())


def _figures(metrics: Mapping[str, Any] | None) -> list[str]:
    if not metrics:
        return ["None: no patients were held out."]
    lines = [
        "| figure | value | 95 % interval (patients drawn) | slices | patients |",
        "|---|---|---|---|---|",
    ]
    for name, one in metrics.items():
        interval = "not known" if one["low"] is None else f"{one['low']:.3f} to {one['high']:.3f}"
        lines.append(
            f"| {name.replace('_', ' ')} | {one['value']:.3f} | {interval} | {one['n']:,} | {one['n_patients']} |"
        )
    return lines
