"""The main job for one slice: nine stages on one straight line."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from saliscribe.core.names import MaskSource
from saliscribe.core.records.audit import Audit
from saliscribe.core.records.findings import Findings
from saliscribe.core.records.localisation import Localisation
from saliscribe.core.records.mask import Mask
from saliscribe.core.records.prediction import Prediction
from saliscribe.core.records.prepared import Prepared
from saliscribe.core.records.report import Report
from saliscribe.core.volume import Volume
from saliscribe.pipeline.components import Components, Maps, Masks
from saliscribe.pipeline.stopwatch import Stopwatch
from saliscribe.reporting.writing import Writing


@dataclass(frozen=True)
class Explained:
    """Every record that the line produced for one slice, and the seconds that each stage took.

    ``writing`` tells how a language model's report came to be; the template has no story.
    """

    image: Volume
    prepared: Prepared
    prediction: Prediction
    maps: Maps
    masks: Masks
    mask_source: MaskSource
    localisation: Localisation
    findings: Findings
    report: Report
    audit: Audit
    seconds: Mapping[str, float]
    writing: Writing | None = None

    @property
    def mask(self) -> Mask:
        """The mask that the findings rest on."""
        return self.masks[self.mask_source]


def explain_slice(
    source: Path | Volume,
    parts: Components,
    watch: Stopwatch | None = None,
    position: tuple[int, int] | None = None,
) -> Explained:
    """Read -> prepare -> predict -> attribute -> make_mask -> localise -> summarise -> write_report -> verify.

    Args:
        source: an image file, or a one-channel slice that was read already.
        parts: the stages, from ``components.build``.
        watch: continues an earlier measurement.
        position: (number from 1, count) of the slice within its volume.

    Raises:
        InputError: the file is no slice that can be explained. MissingError: a part is not installed.
    """
    clock = watch or Stopwatch()
    with clock("read"):
        image = source if isinstance(source, Volume) else parts.read(source)
    with clock("prepare"):
        prepared = parts.prepare(image)
    with clock("predict"):
        prediction = parts.predict(prepared)
    with clock("attribute"):
        maps = parts.attribute(prepared, prediction.label)
    with clock("make_mask"):
        masks = parts.make_mask(prepared, prediction, maps)
        mask_source = parts.choose_mask(masks)
    with clock("localise"):
        localisation = parts.localise(image, prepared, masks[mask_source])
    with clock("summarise"):
        findings = parts.summarise(
            image, prepared, prediction, maps, masks, mask_source, localisation, position
        )
    with clock("write_report"):
        drafted = parts.write_report(findings)
    with clock("verify"):
        report, audit, writing = parts.verify(drafted, findings)
    return Explained(
        image,
        prepared,
        prediction,
        maps,
        masks,
        mask_source,
        localisation,
        findings,
        report,
        audit,
        clock.seconds,
        writing,
    )
