"""Kept drafts: a true one is shown as it is, a false one is counted and never shown; patients are the clusters."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from saliscribe.core.language.render import render
from saliscribe.core.records.findings import Findings
from saliscribe.errors import InputError
from saliscribe.findings.random_findings import random_findings
from saliscribe.study.cell_store import CellStore
from saliscribe.study.judged_by import judged_by
from saliscribe.study.kept_drafts import kept_cells
from saliscribe.study.report_statistics import report_statistics
from saliscribe.study.settings import KeptDrafts, StudyPlan
from saliscribe.study.writer_claims import writer_claims


def _draft(findings: Findings) -> str:
    """What the free mode asks for, in the grammar's own words."""
    sections = {section.name: section for section in render(findings).sections}
    asked = (sections[name] for name in ("findings", "impression"))
    return "\n\n".join(f"## {one.title}\n\n" + " ".join(s.text for s in one.sentences) for one in asked)


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> KeptDrafts:
    """A true draft, the same with another class, and a true one that was cut short."""
    root = tmp_path_factory.mktemp("kept")
    seed = next(s for s in range(99) if random_findings(s).tumour_class.value == "glioma")
    findings = random_findings(seed)
    true = _draft(findings)
    drafts = [
        {"id": "a", "reply": true, "fault": None, "seconds": 2.0},
        {"id": "b", "reply": true.replace("glioma", "meningioma"), "fault": None, "seconds": 3.0},
        {"id": "c", "reply": true, "fault": "cut_short", "seconds": 4.0},
        {"id": "no findings", "reply": true, "fault": None, "seconds": 9.0},
    ]
    (root / "drafts.jsonl").write_text("\n".join(map(json.dumps, drafts)), encoding="utf-8")
    known = [json.dumps({"id": name, "findings": findings.model_dump(mode="json")}) for name in "abc"]
    (root / "findings.jsonl.gz").write_bytes(gzip.compress("\n".join(known).encode()))
    return KeptDrafts(drafts=str(root / "drafts.jsonl"), findings=str(root / "findings.jsonl.gz"))


@pytest.fixture(scope="module")
def table(kept: KeptDrafts, tmp_path_factory: pytest.TempPathFactory) -> pd.DataFrame:
    """Every cell, made once."""
    store = CellStore(tmp_path_factory.mktemp("cells"))
    patients = {"a": "P1", "b": "P1", "c": "P2"}
    first = pd.concat(kept_cells(kept, ("structured", "plain"), patients, store))
    again = CellStore(store.folder)
    pd.testing.assert_frame_equal(
        first, pd.concat(kept_cells(kept, ("structured", "plain"), patients, again))
    )
    assert (store.computed, again.computed, again.kept) == (4, 0, 4)
    return first


def test_a_true_draft_is_shown_as_it_is_and_a_false_one_never(table: pd.DataFrame) -> None:
    by = {name: its.set_index("picture") for name, its in table.groupby("writer")}
    drafted, shown = by["local (free), as drafted"], by["local (free), as shown"]
    assert drafted["passes the audit"].to_dict() == {"a": 1, "b": 0, "c": 0}
    assert drafted.loc["a", "share entailed"] == drafted.loc["c", "share entailed"] == 1
    assert drafted.loc["b", "share contradicted"] > 0
    assert drafted["seconds"].to_dict() == {"a": 2, "b": 3, "c": 4}
    assert shown["as_written"].to_dict() == {"a": 1, "b": 0, "c": 0}
    assert shown["passes the audit"].min() == 1
    assert shown["share contradicted"].max() == 0
    assert by["template (plain)"]["passes the audit"].min() == 1
    assert by["template (plain)"]["words"].max() < by["template (structured)"]["words"].min()


def test_patients_are_the_clusters_of_reports(table: pd.DataFrame) -> None:
    found = report_statistics(table, StudyPlan(resamples=200))
    assert found["writers"]["template (plain)"]["figures"]["words"]["n_patients"] == 2
    words = next(one for one in found["families"] if one["name"] == "writers: words")
    assert {one["difference"]["n_patients"] for one in words["comparisons"]} == {2}
    unknown = report_statistics(table.drop(columns="patient"), StudyPlan(resamples=200))
    assert unknown["writers"]["template (plain)"]["figures"]["words"]["n_patients"] == 3


def _figure(value: float, low: float, high: float) -> dict[str, Any]:
    return {"value": value, "low": low, "high": high, "n": 300, "n_patients": 165}


@pytest.mark.parametrize(
    ("low", "high", "verdict"), [(0.96, 0.99, "held"), (0.03, 0.08, "not_held"), (0.9, 0.97, "undecided")]
)
def test_drafts_are_fit_to_be_shown_only_where_nearly_all_pass(low: float, high: float, verdict: str) -> None:
    passes = {"passes the audit": _figure((low + high) / 2, low, high)}
    writers = {"local (free), as drafted": {"n": 300, "figures": passes}, "template (plain)": {"n": 300}}
    claims = {one.claim: one for one in writer_claims({"writers": writers, "families": []})}
    assert claims["Reports can be shown as a language model drafts them (local (free))"].verdict == verdict
    printed = claims["One of Grok, Mistral, LLaMA writes the most diverse reports"]
    assert (printed.verdict, printed.why) == (
        "undecided", "No report by Grok, Mistral, LLaMA is in this study."
    )  # fmt: skip


def test_lines_that_cannot_be_read_are_one_line(kept: KeptDrafts, tmp_path: Path) -> None:
    (tmp_path / "x.jsonl").write_text('{"reply": "no id"}', encoding="utf-8")
    wrong = kept.model_copy(update={"drafts": str(tmp_path / "x.jsonl")})
    with pytest.raises(InputError, match="kept lines"):
        list(kept_cells(wrong, ("plain",), {}, CellStore(tmp_path)))


def test_drafts_are_scored_anew_when_the_judge_changes(
    kept: KeptDrafts, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = CellStore(tmp_path)
    for judge, computed in (("one", 2), ("one", 2), ("another", 4)):
        monkeypatch.setattr("saliscribe.study.kept_drafts.judged_by", lambda judge=judge: judge)
        list(kept_cells(kept, (), {}, store))
        assert store.computed == computed


def test_the_judge_is_known_by_its_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("saliscribe.__file__", str(tmp_path / "__init__.py"))
    (tmp_path / "audit").mkdir()
    (tmp_path / "audit" / "words.toml").write_text("one")
    one, *_ = seen = [judged_by.__wrapped__() for _ in range(2)]
    (tmp_path / "audit" / "words.toml").write_text("two")
    assert seen == [one, one] != [one, judged_by.__wrapped__()]
