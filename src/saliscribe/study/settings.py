"""Everything that decides a study, in one frozen record: the analysis plan."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator

import saliscribe
from saliscribe.core.names import CAM_METHOD_NAMES, CamMethod
from saliscribe.core.records.fact import Slug
from saliscribe.core.records.report import Style
from saliscribe.errors import UsageError
from saliscribe.masking.criteria import CRITERIA
from saliscribe.metrics.bootstrap import RESAMPLES, SEED
from saliscribe.pipeline.resolve_settings import read_config, resolve_settings

FIXED = "fixed-"


class _Record(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class NetworkPlan(_Record):
    """One network of the study: where its weights lie (``folder``), or what to train (``train``).

    ``folder`` is a cross-validation folder (one sub-folder per fold) or a single model; ``table`` a CSV of what its
    networks said about unseen patients, which saves running them (and is checked against them). ``shuffled_labels``
    marks the control that was trained on shuffled labels.
    """

    backbone: str = "efficientnet_lite0"
    mask_head: bool = True
    folder: str | None = None
    table: str | None = None
    train: bool = False
    shuffled_labels: bool = False


class LabelPlan(_Record):
    """The control that is taught shuffled labels, off by default because it trains two small networks for each network.

    One learns labels that were shuffled among the patients of all folds but the first, one the true labels in the same
    short way, so that shortness is not taken for the labels. ``train`` are settings of ``saliscribe train``;
    ``train_patients`` (all by default) are learnt from, and the maps of ``patients`` of the first fold are compared.
    """

    enabled: bool = False
    patients: int | None = Field(None, ge=2)
    train_patients: int | None = Field(None, ge=2)
    train: dict[str, Any] = Field(
        default_factory=lambda: {"size": 96, "warm_size": 96, "epochs": 4, "ema_decay": 0.98}
    )


class TrustPlan(_Record):
    """How maps are tried: steps of insertion and deletion, and what a map must reach, stated before any is made.

    ``patients`` (one slice of each; all by default) meet the null maps, ``sanity_patients`` of them shuffled weights
    and harmless changes. ``most_similar_randomised`` bounds the mean rank correlation with the map of the same network
    with all weights shuffled, and with that of a network taught shuffled labels (``labels``); ``least_stable`` the
    mean correlation under harmless changes; ``alpha`` the level of the Holm-adjusted tests against every null map.
    """

    enabled: bool = True
    patients: int | None = Field(None, ge=2)
    sanity_patients: int | None = Field(None, ge=2)
    steps: int = Field(16, ge=2)
    most_similar_randomised: float = 0.5
    least_stable: float = 0.7
    alpha: float = 0.05
    labels: LabelPlan = LabelPlan()


class WriterPlan(_Record):
    """A writer and a mode, as ``explain`` takes them."""

    writer: str = "template"
    mode: str = "template"


class KeptDrafts(_Record):
    """First drafts of a language model that were kept, and the findings that they were written from.

    ``drafts`` is a JSON-lines file (``id``, ``reply``, ``fault``, ``seconds``), ``findings`` one with ``id`` and
    ``findings`` (``.gz`` allowed), or a folder of result folders named by id. ``writer`` (a short code) and
    ``mode`` say who wrote.
    """

    drafts: str
    findings: str
    writer: Slug = "local"
    mode: Literal["free", "plan", "slots"] = "free"


class ReportsPlan(_Record):
    """Which written reports are scored: ``folders`` of them, ``writers`` run on ``patients`` slices (0: none), and
    ``kept`` drafts, as drafted and as shown, beside the grammar in ``styles`` on the same findings."""

    folders: tuple[str, ...] = ()
    kept: tuple[KeptDrafts, ...] = ()
    styles: tuple[Style, ...] = ("structured",)
    writers: tuple[WriterPlan, ...] = ()
    patients: int = Field(0, ge=0)


class StudyPlan(_Record):
    """The ``[study]`` table, with the tables ``networks``, ``trust``, ``reports`` and ``train`` beside it.

    ``data`` is looked for as it is, then in ``$SALISCRIBE_SHARED`` and in ``../shared``; where it is nowhere,
    ``phantoms`` painted slices stand in (0: that is an error). Classification uses ``slices_per_patient`` slices of
    ``patients`` patients (all by default), maps ``map_slices_per_patient`` of these in ``map_patients`` patients,
    evenly spread. ``pictures`` shows the ``worst`` cases with their pixels. ``train`` holds settings of
    ``saliscribe train``.
    """

    title: str = "Networks, saliency methods and writers compared"
    data: str = "data/figshare"
    phantoms: int = Field(0, ge=0)
    patients: int | None = Field(None, ge=2)
    slices_per_patient: int | None = Field(None, ge=1)
    folds: tuple[int, ...] = ()
    map_slices_per_patient: int = Field(1, ge=1)
    map_patients: int | None = Field(None, ge=2)
    methods: tuple[CamMethod, ...] = CAM_METHOD_NAMES
    rules: tuple[str, ...] = ("chan-vese", "fixed-90")
    reference_rule: str = "chan-vese"
    worst: int = Field(20, ge=0)
    pictures: bool = True
    resamples: int = Field(RESAMPLES, ge=100)
    seed: int = SEED
    alpha: float = Field(0.05, gt=0, lt=1)
    networks: dict[str, NetworkPlan] = Field(default_factory=dict)
    trust: TrustPlan = TrustPlan()
    reports: ReportsPlan = ReportsPlan()
    train: dict[str, Any] = Field(default_factory=dict)

    @field_validator("rules")
    @classmethod
    def _known_rules(cls, rules: tuple[str, ...]) -> tuple[str, ...]:
        for rule in rules:
            if rule.startswith(FIXED):
                float(rule.removeprefix(FIXED))
            elif rule not in CRITERIA or rule in {"fixed", "class-tuned"}:
                known = ", ".join(name for name in CRITERIA if name not in {"fixed", "class-tuned"})
                raise ValueError(f"unknown rule '{rule}': expected {known} or {FIXED}PERCENTILE")
        return rules


def load_plan(
    config: Path, folders: dict[str, str] | None = None, map_patients: int | None = None
) -> StudyPlan:
    """The plan in a TOML file; ``folders`` gives networks another folder by name, ``map_patients`` another number.

    Raises:
        UsageError: not such a file, an unknown setting, or a network that the plan does not name.
    """
    tables = read_config(config)
    beside: dict[str, Any] = {
        name: tables[name] for name in ("networks", "trust", "reports", "train") if name in tables
    }
    networks = beside.setdefault("networks", {})
    for name, folder in (folders or {}).items():
        if name not in networks:
            raise UsageError(
                "no such network in the study",
                expected=", ".join(networks) or "a [networks.NAME] table",
                got=name,
                where=str(config),
            )
        networks[name] = networks[name] | {"folder": folder}
    plan = resolve_settings(StudyPlan, "study", config, {**beside, "map_patients": map_patients})
    if plan.reference_rule not in plan.rules:
        raise UsageError(
            "the reference rule is not among the rules",
            expected=", ".join(plan.rules),
            got=plan.reference_rule,
            where=str(config),
        )
    return plan


def plan_facts(plan: StudyPlan, slices_sha256: str) -> dict[str, Any]:
    """The plan as it is hashed: settings (places on this machine left out), code, and which slices."""
    settings = plan.model_dump(mode="json")
    for network in settings["networks"].values():
        network["folder"] = None if network["folder"] is None else "given"
        network["table"] = None if network["table"] is None else "given"
    settings["reports"]["folders"] = len(settings["reports"]["folders"])
    for kept in settings["reports"]["kept"]:
        kept["drafts"], kept["findings"] = "given", "given"
    return {
        "settings": settings,
        "saliscribe": saliscribe.__version__,
        "source_sha256": source_sha256(),
        "slices_sha256": slices_sha256,
    }


def facts_sha256(facts: dict[str, Any]) -> str:
    """Hash of plain data, whatever the order of its keys."""
    return hashlib.sha256(json.dumps(facts, sort_keys=True).encode()).hexdigest()


def source_sha256() -> str:
    """Hash of every Python file of this package: the code version, also where there is no git."""
    root = Path(saliscribe.__file__).parent
    whole = hashlib.sha256()
    for path in sorted(root.rglob("*.py")):
        whole.update(path.relative_to(root).as_posix().encode() + b"\0" + path.read_bytes())
    return whole.hexdigest()
