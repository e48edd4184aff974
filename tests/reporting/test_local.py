"""The model in this process, with a stand-in for the library: what it is asked, and what becomes of its answers."""

from __future__ import annotations

import sys
import time
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

import saliscribe
from saliscribe.errors import InputError, MissingError
from saliscribe.findings.random_findings import random_findings
from saliscribe.reporting.chat import Parameters
from saliscribe.reporting.open_chat import open_chat
from saliscribe.reporting.providers import local as module

FINDINGS = random_findings(4)


class Llama:
    """Streams one word per piece, as llama-cpp-python does."""

    asked: list[dict[str, Any]] = []  # noqa: RUF012
    words: tuple[str, ...] = ("There ", "is ", "midline ", "shift.")
    ending, pause = "stop", 0.0

    def __init__(self, path: str, **options: Any) -> None:
        self.path = path

    def close(self) -> None: ...

    def create_chat_completion(self, **asked: Any) -> Any:
        type(self).asked.append(asked)
        if self.ending == "raises":
            raise ValueError("Requested tokens exceed context window")
        yield {"choices": [{"delta": {"role": "assistant"}, "finish_reason": None}]}
        for word in self.words:
            time.sleep(self.pause)
            yield {"choices": [{"delta": {"content": word}, "finish_reason": None}]}
        yield {"choices": [{"delta": {}, "finish_reason": self.ending}]}


@pytest.fixture
def model(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    library = ModuleType("llama_cpp")
    library.Llama = Llama  # type: ignore[attr-defined]
    library.__spec__ = sys.__spec__
    monkeypatch.setitem(sys.modules, "llama_cpp", library)
    monkeypatch.setattr(Llama, "asked", [])
    module._load.cache_clear()
    path = tmp_path / "tiny.gguf"
    path.write_bytes(b"GGUF and the rest")
    return path


def test_it_is_asked_with_the_parameters_and_its_text_is_audited(model: Path) -> None:
    written = saliscribe.report(
        FINDINGS, writer=f"local:{model}", parameters=Parameters(seed=3), offline=True
    )
    story = written.writing
    assert story is not None
    assert (story.author.writer, story.author.model) == ("local", "tiny.gguf")
    assert story.attempts[0].reply == "There is midline shift."
    assert story.result == "template"
    assert [(one["seed"], one["temperature"], one["max_tokens"]) for one in Llama.asked] == [
        (3, 0.2, 1200)
    ] * 3
    assert str(model.parent) not in story.model_dump_json()


def test_a_plan_is_asked_for_with_its_schema(model: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Llama, "words", ('{"findings": [["F7"]], ', '"impression": []}'))
    written = saliscribe.report(FINDINGS, writer=f"local:{model}", mode="plan")
    assert written.audit.outcome == "pass"
    assert Llama.asked[0]["response_format"]["schema"]["required"] == ["findings", "impression"]


@pytest.mark.parametrize(
    ("ending", "pause", "reason"),
    [("length", 0.0, "cut_short"), ("raises", 0.0, "local_model"), ("stop", 0.2, "deadline")],
)
def test_what_goes_wrong_gives_the_template(
    model: Path, monkeypatch: pytest.MonkeyPatch, ending: str, pause: float, reason: str
) -> None:
    monkeypatch.setattr(Llama, "ending", ending)
    monkeypatch.setattr(Llama, "pause", pause)
    limit = Parameters(deadline_s=0.5 if pause else 30)
    written = saliscribe.report(FINDINGS, writer=f"local:{model}", parameters=limit)
    assert written.writing is not None
    assert written.writing.attempts[0].fault == reason
    assert written.audit.passed


def test_files_that_are_no_model(model: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(InputError, match="cannot read the model"):
        open_chat(f"local:{tmp_path / 'none.gguf'}")
    (tmp_path / "text.gguf").write_text("hello")
    with pytest.raises(InputError, match="GGUF"):
        open_chat(f"local:{tmp_path / 'text.gguf'}")
    monkeypatch.setattr(module, "_CARRIER", "no_such_package")
    with pytest.raises(MissingError, match=r"saliscribe\[local-llm\]"):
        open_chat("local")
