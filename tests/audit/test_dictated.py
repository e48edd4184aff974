"""True sentences as residents dictate and language models write them (``dictated.toml``): the audit stays silent."""

from __future__ import annotations

import tomllib
from pathlib import Path
from random import Random
from typing import Any

import pytest

from saliscribe.audit.verify import verify
from saliscribe.core.language.reported import reported
from saliscribe.faithfulness import paraphrase, paraphrase_values
from saliscribe.faithfulness.paraphrase import SLOTS
from saliscribe.faithfulness.paraphrase_values import Filler
from saliscribe.faithfulness.plausible_findings import plausible_findings

FILE = Path(__file__).parent / "dictated.toml"
DICTATED: dict[str, Any] = tomllib.loads(FILE.read_text(encoding="utf-8"))
FINDINGS = [plausible_findings(seed) for seed in range(60)]


@pytest.fixture(autouse=True)
def _our_wordings(monkeypatch: pytest.MonkeyPatch) -> None:
    """The bench's own fillers, with the words of ``dictated.toml``."""
    read = paraphrase_values.wordings
    ours = lambda part: DICTATED if part == "sealed" else read(part)  # noqa: E731
    monkeypatch.setattr(paraphrase_values, "wordings", ours)
    monkeypatch.setattr(paraphrase, "wordings", ours)


@pytest.mark.parametrize("name", DICTATED["lines"])
def test_dictated_sentences_pass(name: str) -> None:
    kinds = [kind for slot in SLOTS for kind in slot.kinds if kind.name == name]
    assert kinds, f"no kind {name}"
    said = 0
    for text in DICTATED["lines"][name]:
        for seed, findings in enumerate(FINDINGS):
            claims, kind = reported(findings), kinds[seed % len(kinds)]
            if not kind.fits(claims):
                continue
            filler = Filler(claims, Random(f"{seed} {text}"), "sealed", kind.heat)
            pieces = paraphrase._pieces(text, filler)
            if pieces is None:
                continue
            sentence = "".join(piece.text for piece in pieces)
            sentences = verify(sentence, findings).sentences
            wrong = [s.reason for s in sentences if s.verdict not in ("entailed", "harmless")]
            assert not wrong, (sentence, wrong)
            said += 1
            break
    assert said or name == "no_figures"  # plausible findings always have figures
