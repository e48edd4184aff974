"""Random valid findings, for property tests and for benchmarks of writers and audits."""

from __future__ import annotations

from random import Random
from typing import Any, get_args

from saliscribe.core.names import CAM_METHOD_NAMES, CLASSES, PLANES
from saliscribe.core.records.fact import Figure
from saliscribe.core.records.facts import (
    Architecture,
    ClassFact,
    ClassProbabilities,
    DelineationFact,
    ExtentFact,
    ImageFact,
    ImageFormat,
    LimitsFact,
    LocationFact,
    PlacementFact,
    PlaneFact,
    ReliabilityFact,
    SaliencyFact,
    Sequence,
    SpacingFact,
    StabilityFact,
    StructureFact,
    Topic,
    TopicFact,
    WarningCode,
    WarningsFact,
)
from saliscribe.core.records.findings import Findings
from saliscribe.core.records.map_trust import MapTrustFact, TrustCheck, unassessed_maps
from saliscribe.core.vocabulary import regions, structures
from saliscribe.findings.certainty import certainty_word
from saliscribe.findings.map_trust import region_warnings
from saliscribe.findings.random_volume import random_volume


def random_findings(seed: int) -> Findings:
    """Valid findings drawn from ``seed``: every state, missing values, edge shares 0 and 1, empty masks,
    all grades."""
    draw = Random(seed)
    empty, synthetic = draw.random() < 0.1, draw.random() < 0.2
    spacing = _spacing(draw)
    findings = Findings(
        synthetic=synthetic,
        image=_image(draw),
        plane=_plane(draw),
        spacing=spacing,
        warnings=_warnings(draw),
        tumour_class=_tumour_class(draw),
        delineation=_delineation(draw, empty),
        extent=_extent(draw, empty, spacing.state == "present"),
        placement=_placement(draw),
        location=_location(draw, empty),
        stability=_stability(draw, empty),
        saliency=_saliency(draw, empty),
        not_assessed=_topics(draw),
        reliability=_reliability(draw),
        limits=LimitsFact(stage="summarise", synthetic_input=synthetic),
    )
    findings = _with_trust(findings, Random(f"trust {seed}"))
    return findings if findings.image.slice_count is None else _with_gaps(_of_volume(findings, draw), seed)


def _of_volume(findings: Findings, draw: Random) -> Findings:
    """The same findings, as often as not with facts about the volume; drawn last, so that all others stay the same."""
    return findings if draw.random() < 0.3 else findings.model_copy(update={"volume": random_volume(draw)})


def _with_gaps(findings: Findings, seed: int) -> Findings:
    """The same findings, now and then with slices missing from the volume; drawn apart, as the badges are."""
    draw = Random(f"gaps {seed}")
    if findings.volume is None or draw.random() < 0.7:
        return findings
    missing = draw.choice((None, 1, 3, 1200))
    return findings.model_copy(
        update={"volume": findings.volume.model_copy(update={"missing_slices": missing})}
    )


def _with_trust(findings: Findings, draw: Random) -> Findings:
    """The same findings with badges of the maps, and now and then the warning of a region cut from one of them."""
    first, second, third = (_one_trust(draw, fact) for fact in unassessed_maps())
    maps = (first, second, third)
    codes = region_warnings(findings.delineation.source, maps) if draw.random() < 0.15 else ()
    warnings = findings.warnings
    if codes and warnings.state == "present":
        warnings = warnings.model_copy(update={"codes": (*warnings.codes, *codes)})
    update = {"reliability": findings.reliability.model_copy(update={"maps": maps}), "warnings": warnings}
    return findings.model_copy(update=update)


def _one_trust(draw: Random, fact: MapTrustFact) -> MapTrustFact:
    badge = draw.choice((None, "trusted", "failed"))
    if badge is None:
        return fact
    checks = get_args(TrustCheck)
    values = {
        "state": "present",
        "badge": badge,
        "failed": draw.sample(checks, draw.randint(1, len(checks))) if badge == "failed" else (),
        "slices": draw.randint(2, 2000),
        "study_sha256": f"{draw.getrandbits(256):064x}",
    }
    return MapTrustFact.model_validate(fact.model_dump() | values)


def _share(draw: Random) -> float:
    """A share, with the ends and the rounding edges more often than chance would give them."""
    return draw.choice((0.0, 1.0, 0.005, 0.995, 0.4949, draw.random(), draw.random(), draw.random()))


def _maybe(draw: Random, value: Any, chance: float = 0.7) -> Any:
    return value if draw.random() < chance else None


def _image(draw: Random) -> ImageFact:
    count = draw.randint(1, 200)
    in_volume = draw.random() < 0.3
    return ImageFact(
        state="present",
        stage="read",
        format=draw.choice(get_args(ImageFormat)),
        rows_px=draw.randint(1, 4096),
        columns_px=draw.randint(1, 4096),
        slice_number=draw.randint(1, count) if in_volume else None,
        slice_count=count if in_volume else None,
        sequence=_maybe(draw, draw.choice(get_args(Sequence)), 0.4),
    )


def _plane(draw: Random) -> PlaneFact:
    if draw.random() < 0.1:
        return PlaneFact(state="not_assessed", stage="localise")
    basis = draw.choice(("header", "user", "estimated"))
    probability = _share(draw) if basis == "estimated" else None
    return PlaneFact(
        state="present", stage="localise", plane=draw.choice(PLANES), basis=basis, probability=probability
    )


def _spacing(draw: Random) -> SpacingFact:
    if draw.random() < 0.4:
        return SpacingFact(state="not_assessed", stage="read")
    return SpacingFact(
        state="present", stage="read", row_mm=draw.uniform(0.01, 9.0), column_mm=draw.uniform(0.01, 9.0)
    )


def _warnings(draw: Random) -> WarningsFact:
    every = [
        code
        for code in get_args(WarningCode)
        if code != "missing_slices" and not code.endswith("_map_region")
    ]
    state = draw.choice(("present", "absent", "not_assessed"))
    codes = tuple(draw.sample(every, draw.randint(1, len(every)))) if state == "present" else ()
    return WarningsFact(state=state, stage="prepare", codes=codes)


def _tumour_class(draw: Random) -> ClassFact:
    sharp = draw.choice((0.2, 1.0, 5.0, 40.0))
    weights = [draw.random() ** sharp for _ in CLASSES]
    parts = {name: weight / sum(weights) for name, weight in zip(CLASSES, weights, strict=True)}
    probabilities = ClassProbabilities(**parts)
    first, second, _ = probabilities.ranked()
    return ClassFact(
        stage="predict",
        value=first[0],
        probability=first[1],
        certainty=certainty_word(first[1]),
        runner_up=second[0],
        runner_up_probability=second[1],
        probabilities=probabilities,
    )


def _delineation(draw: Random, empty: bool) -> DelineationFact:
    source = draw.choice(("segmentation_head", *CAM_METHOD_NAMES))
    return DelineationFact(
        state="absent" if empty else "present",
        stage="make_mask",
        source=source,
        criterion="drawn",
        threshold=draw.random(),
        threshold_percentile=None if source == "segmentation_head" else _maybe(draw, draw.uniform(0, 100)),
        parts=0 if empty else draw.choice((1, 1, 2, 5, 10, 11, 42)),
    )


def _extent(draw: Random, empty: bool, scaled: bool) -> ExtentFact:
    if empty or draw.random() < 0.05:
        return ExtentFact(state="not_assessed", stage="summarise")
    longest, thin = draw.choice((0.4, 3.0, draw.uniform(1, 900))), draw.random()
    millimetres = scaled and draw.random() < 0.9
    return ExtentFact(
        state="present",
        stage="summarise",
        area_px=draw.choice((1, 999, 1000, draw.randint(1, 300_000))),
        longest_px=longest,
        perpendicular_px=longest * thin,
        area_mm2=draw.choice((0.2, 99.4, 99.6, 994.9, draw.uniform(0, 20_000))) if millimetres else None,
        longest_mm=longest * 0.7 if millimetres else None,
        perpendicular_mm=longest * thin * 0.7 if millimetres else None,
        share_of_brain=_maybe(draw, _share(draw)),
    )


def _placement(draw: Random) -> PlacementFact:
    grade = draw.choice(("A", "B", "C", "C", "C", "D"))
    if draw.random() < 0.2:
        return PlacementFact(state="not_assessed", stage="localise", grade=grade)
    level = draw.choice((0.0, 0.4, -0.4, draw.uniform(-90, 90)))
    interval = (level - draw.uniform(0, 30), level + draw.uniform(0, 30))
    return PlacementFact(
        state="present",
        stage="localise",
        grade=grade,
        level_mm=level,
        interval_mm=_maybe(draw, interval),
        residual=_maybe(draw, _share(draw)),
    )


def _location(draw: Random, empty: bool) -> LocationFact:
    if empty:
        return LocationFact(state="not_assessed", stage="localise")
    region = _maybe(draw, draw.choice([*regions()]))
    names = draw.sample([*structures()], draw.choice((0, 1, 2, 3, 6, 12)))
    chances = Random(" ".join(names))  # its own: the other draws stay as they were
    found = tuple(
        StructureFact(
            id=f"F9.{number}",
            stage="localise",
            name=name,
            side=draw.choice(("left", "right", "midline", "not_assessed")),
            share_of_lesion=_share(draw),
            share_of_structure=_maybe(draw, _share(draw)),
            stability=draw.choice(("stable", "stable", "fragile")),
            probability=_maybe(chances, _share(chances)),
        )
        for number, name in enumerate(names, start=1)
    )
    side = draw.choice(("left", "right", "midline", "not_assessed"))
    named = bool(found or region)
    return LocationFact(
        state="present" if named else "not_assessed",
        stage="localise",
        region=region,
        side=side,
        side_basis={"midline": "midline_of_slice", "not_assessed": "not_known"}.get(
            side, draw.choice(("header", "user"))
        ),
        image_side=draw.choice(("image-left", "image-right", "image-midline", "not_assessed")),
        share_outside_atlas=_maybe(draw, _share(draw)) if named else None,
        structures=found,
    )


def _stability(draw: Random, empty: bool) -> StabilityFact:
    if empty or draw.random() < 0.2:
        return StabilityFact(state="not_assessed", stage="make_mask")
    return StabilityFact(
        state="present",
        stage="make_mask",
        thresholds=draw.randint(1, 20),
        smallest_area_ratio=draw.random(),
        largest_area_ratio=1.0 + draw.random() * draw.choice((0.1, 1.0, 12.0)),
    )


def _saliency(draw: Random, empty: bool) -> tuple[SaliencyFact, SaliencyFact, SaliencyFact]:
    first, second, third = (_one_map(draw, number, empty) for number in (1, 2, 3))
    return first, second, third


def _one_map(draw: Random, number: int, empty: bool) -> SaliencyFact:
    method = CAM_METHOD_NAMES[number - 1]
    if draw.random() < 0.3:
        return SaliencyFact.model_validate(
            {"id": f"F11.{number}", "state": "not_assessed", "stage": "attribute", "method": method}
        )
    values = {
        "overlap_dice": None if empty else _maybe(draw, _share(draw)),
        "energy_inside": None if empty else _maybe(draw, _share(draw), 0.9),
        "heat_outside_brain": _maybe(draw, _share(draw)),
        "peak_inside": None if empty else _maybe(draw, draw.random() < 0.5, 0.9),
        "threshold_percentile": _maybe(draw, draw.uniform(0, 100)),
        "evaluated_fraction": _maybe(draw, _share(draw)),
    }
    whole = {"id": f"F11.{number}", "state": "present", "stage": "attribute", "method": method} | values
    return SaliencyFact.model_validate(whole)


def _topics(draw: Random) -> tuple[TopicFact, ...]:
    every = get_args(Topic)
    chosen = draw.sample(every, draw.randint(1, len(every)))
    return tuple(
        TopicFact(id=f"F12.{n}", stage="summarise", topic=topic) for n, topic in enumerate(chosen, start=1)
    )


def _figure(draw: Random) -> Figure | None:
    low, value, high = sorted(_share(draw) for _ in range(3))
    interval = draw.random() < 0.7
    return _maybe(draw, Figure(value=value, low=low if interval else None, high=high if interval else None))


def _reliability(draw: Random) -> ReliabilityFact:
    figures = {name: _figure(draw) for name in ("accuracy", "macro_f1", "dice", "calibration_error")}
    return ReliabilityFact(
        state="present" if any(figures.values()) else "not_assessed",
        stage="model_card",
        architecture=draw.choice(get_args(Architecture)),
        weights_sha256=_maybe(draw, f"{draw.getrandbits(256):064x}"),
        population=_maybe(draw, "figshare_cheng_2017"),
        patients=_maybe(draw, draw.randint(1, 50_000)),
        slices=_maybe(draw, draw.randint(1, 900_000)),
        folds=_maybe(draw, draw.randint(2, 10)),
        temperature_scaled=draw.random() < 0.7,
        **figures,
    )
