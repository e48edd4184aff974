"""Every item of every checklist is answered, and never by a blank."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from saliscribe.errors import InputError, UsageError
from saliscribe.study.checklist import LISTS, WORDS, checklist, checklist_page

NOTED: dict[str, Any] = {
    "sha256": "abc" * 20, "hashed_at": "2026-11-22T10:00:00+00:00",
    "facts": {"saliscribe": "0.1.0", "source_sha256": "d" * 64},
    "plan": {"title": "Two networks", "folds": [], "resamples": 10000, "rules": ["otsu"]},
    "data": {"name": "made up", "synthetic": False, "slices": 60, "patients": 30, "map_slices": 30},
}  # fmt: skip
NOTHING: dict[str, Any] = {
    "networks": [], "classification": {"networks": {}, "family": None}, "overlap": {"networks": {}}, "trust": {},
    "costs": [], "reports": {}, "controls": {}, "worst": [], "claims": [],
}  # fmt: skip


@pytest.fixture
def empty_study(tmp_path: Path) -> Path:
    (tmp_path / "plan.json").write_text(json.dumps(NOTED), encoding="utf-8")
    (tmp_path / "statistics.json").write_text(json.dumps(NOTHING), encoding="utf-8")
    return tmp_path


def test_numbers_of_items_are_those_of_the_published_lists(empty_study: Path) -> None:
    filled = {one.name: one for one in checklist(empty_study)}
    assert tuple(filled) == LISTS
    assert [item.number for item in filled["claim_2024"].answers] == [str(n) for n in range(1, 45)]
    main = dict.fromkeys(item.number.rstrip("abcdefg") for item in filled["tripod_ai"].answers)
    assert list(main) == [str(n) for n in range(1, 28)]
    assert len(filled["mi_clear_llm"].answers) == 6
    assert len(filled["model_card"].answers) == 9


def test_no_blanks_and_what_a_run_does_not_hold_needs_a_person(empty_study: Path) -> None:
    for one in checklist(empty_study):
        assert "paraphrased" in one.source
        assert sum(one.counts.values()) == len(one.answers)
        for item in one.answers:
            assert item.status in WORDS
            assert item.answer.strip()
            assert "{" not in item.answer
            assert "None" not in item.answer
    claim = {item.number: item for item in checklist(empty_study, ("claim_2024",))[0].answers}
    assert claim["37"].status == "person"
    assert "accuracy" in claim["37"].answer
    assert claim["7"].answer == "made up: 60 slices of 30 patients."


def test_evidence_is_the_run_s_own(empty_study: Path) -> None:
    figure = {"value": 0.912, "low": 0.85, "high": 0.96, "n": 60, "n_patients": 30, "level": 0.95}
    figures = dict.fromkeys(("accuracy", "macro_f1", "macro_auroc", "ece", "recall_glioma"), figure)
    networks = {"lite": {"figures": figures, "ece_before": figure}}
    own = NOTHING | {"classification": {"networks": networks, "family": None}}
    (empty_study / "statistics.json").write_text(json.dumps(own), encoding="utf-8")
    answers = {item.number: item for item in checklist(empty_study, ("claim_2024",))[0].answers}
    assert answers["32"].status == "evidence"
    assert "lite: accuracy 0.912 (0.850 to 0.960; n = 60)" in answers["32"].answer


def test_libraries_are_those_of_the_run(empty_study: Path) -> None:
    claim = {item.number: item for item in checklist(empty_study, ("claim_2024",))[0].answers}
    assert claim["23"].status == "person"
    noted = NOTED | {"libraries": {"torch": "2.13.0", "numpy": "2.4.1"}}
    (empty_study / "plan.json").write_text(json.dumps(noted), encoding="utf-8")
    claim = {item.number: item for item in checklist(empty_study, ("claim_2024",))[0].answers}
    assert claim["23"].answer == "saliscribe 0.1.0, source dddddddddddddddd; torch 2.13.0; numpy 2.4.1."


def test_page_and_errors(empty_study: Path, tmp_path: Path) -> None:
    page = checklist_page(checklist(empty_study))
    assert page.count("\n| ") > 44
    with pytest.raises(UsageError, match="unknown checklist"):
        checklist(empty_study, ("stard",))
    with pytest.raises(InputError, match="no study here"):
        checklist(tmp_path / "nothing")
