"""From settings to the parts of the line; the only place where names become objects."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from saliscribe.anatomy.atlas import load_atlas
from saliscribe.anatomy.localise import localise
from saliscribe.core.names import CamMethod, MaskSource, TumourClass
from saliscribe.core.records.audit import Audit
from saliscribe.core.records.findings import Findings
from saliscribe.core.records.localisation import Localisation
from saliscribe.core.records.mask import Mask
from saliscribe.core.records.prediction import Prediction
from saliscribe.core.records.prepared import Prepared
from saliscribe.core.records.report import Report
from saliscribe.core.records.saliency_map import SaliencyMap
from saliscribe.core.records.volume_facts import VolumeFact
from saliscribe.core.volume import Volume
from saliscribe.findings.summarise import summarise
from saliscribe.io.dicom_series import read_series
from saliscribe.io.read import read_volume
from saliscribe.masking.make_mask import mask_from_heat, mask_from_probability
from saliscribe.models.network import Network, load_network
from saliscribe.models.predict import predict, predict_batch
from saliscribe.pipeline.check_writer import check_writer
from saliscribe.pipeline.report_drafts import Drafted, check_draft, collect_drafts
from saliscribe.pipeline.settings import ExplainSettings
from saliscribe.pipeline.synthetic import is_synthetic
from saliscribe.preprocess.prepare import prepare
from saliscribe.reporting.chat import Chat
from saliscribe.reporting.write_report import chosen_mode, write_report
from saliscribe.reporting.writing import Writing
from saliscribe.saliency.attribute import attribute

Maps = Mapping[CamMethod, SaliencyMap]
Masks = Mapping[MaskSource, Mask]


@dataclass(frozen=True)
class Components:
    """The stages of the line, bound to one network and one set of settings.

    Every method takes records and returns a record; none of them remembers anything about an image.
    """

    settings: ExplainSettings
    network: Network
    chat: Chat | None = None

    def read(self, path: Path, files: tuple[Path, ...] = ()) -> Volume:
        """A file as an image, or ``files`` as the volume of a DICOM series called ``path``."""
        if files:
            return read_series(path, files, spacing_mm=self.settings.spacing_mm)
        return read_volume(path, spacing_mm=self.settings.spacing_mm)

    def prepare(self, image: Volume) -> Prepared:
        """What the network sees of a slice."""
        return prepare(image, self.network.input_size)

    def predict(self, prepared: Prepared) -> Prediction:
        """Class probabilities and, from a dual-head network, tumour probability per pixel."""
        return predict(self.network, prepared)

    def predict_batch(self, batch: list[Prepared]) -> list[Prediction]:
        """The same for several slices in one pass."""
        return predict_batch(self.network, batch)

    def attribute(self, prepared: Prepared, target: TumourClass) -> Maps:
        """One map per chosen saliency method, for the predicted class."""
        return self.attribute_by(prepared, target, self.settings.cam_methods)

    def attribute_by(self, prepared: Prepared, target: TumourClass, methods: tuple[CamMethod, ...]) -> Maps:
        """The maps of some methods only."""
        return attribute(
            self.network.net, prepared.network_input, prepared.crop, prepared.grey.shape, target, methods
        )

    def make_mask(self, prepared: Prepared, prediction: Prediction, maps: Maps) -> Masks:
        """One mask per source; the segmentation head, where there is one, comes first."""
        masks: dict[MaskSource, Mask] = {}
        if prediction.tumour_probability is not None:
            masks["segmentation_head"] = mask_from_probability(prediction.tumour_probability, prepared.brain)
        for method, saliency_map in maps.items():
            masks[method] = mask_from_heat(saliency_map, prepared.brain, prepared.grey)
        return masks

    def choose_mask(self, masks: Masks) -> MaskSource:
        """The mask that the findings rest on: the segmentation head's, else gradient maps before ScoreCAM."""
        order: tuple[MaskSource, ...] = ("segmentation_head", "gradcam++", "gradcam", "scorecam")
        return next(source for source in order if source in masks)

    def localise(self, image: Volume, prepared: Prepared, mask: Mask) -> Localisation:
        """Where the mask lies, in named structures."""
        return localise(
            image,
            prepared.grey,
            mask,
            plane=self.settings.known_plane,
            orientation=self.settings.orientation,
            level_mm=self.settings.level_mm,
            atlas=self.settings.atlas,
        )

    def summarise(
        self,
        image: Volume,
        prepared: Prepared,
        prediction: Prediction,
        maps: Maps,
        masks: Masks,
        mask_source: MaskSource,
        localisation: Localisation,
        position: tuple[int, int] | None = None,
        volume: VolumeFact | None = None,
    ) -> Findings:
        """Everything above as facts; ``position`` is (number from 1, count) of a slice within its ``volume``."""
        number, count = position or (None, None)
        return summarise(
            image,
            prepared,
            prediction,
            maps,
            masks,
            mask_source,
            localisation,
            self.network.card,
            synthetic=is_synthetic(Path(image.source.path)),
            slice_number=number,
            slice_count=count,
            volume=volume,
        )

    def write_report(self, findings: Findings) -> Drafted:
        """The facts in words: the template's, or the best draft of a language model."""
        if self.chat is None:
            return Drafted(write_report(findings))
        mode = chosen_mode(self.settings.writer, self.settings.mode)
        return collect_drafts(findings, self.chat, mode, "structured", self.settings.llm)

    def verify(self, drafted: Drafted, findings: Findings) -> tuple[Report, Audit, Writing | None]:
        """The words against the facts: the report that may be shown, its audit, and how it came to be."""
        return check_draft(drafted, findings)


def build(settings: ExplainSettings) -> Components:
    """Load the network and bind every stage to the settings.

    Raises:
        UsageError: an unknown name. MissingError: weights, an atlas or an extra that is not installed.
    """
    load_atlas(settings.atlas)
    chat = check_writer(settings.writer, settings.mode, settings.offline)
    network = load_network(settings.model, device=settings.device, precision=settings.precision)
    return Components(settings, network, chat)
