"""Whatever a server does, the report is faithful, in time, and says why it is not the model's; no key gets out."""

from __future__ import annotations

import json
import logging
import socket
import time

import pytest
from tests.reporting.stub_server import FAULTS, MODEL, Stub, completion, error, http, says, serve

import saliscribe
from saliscribe.audit.verify import verify
from saliscribe.core.language.render import render
from saliscribe.errors import MissingError, UsageError
from saliscribe.findings.random_findings import random_findings
from saliscribe.pipeline.report import shown_payload
from saliscribe.pipeline.report_replay import replay
from saliscribe.pipeline.report_run import write_report_run
from saliscribe.reporting.chat import FAULTS as REASONS
from saliscribe.reporting.chat import Parameters
from saliscribe.reporting.providers.completion import same_model

pytest.importorskip("openai", reason="the extra saliscribe[llm] is not installed")

KEY = "sk-canary-4711"
FINDINGS = random_findings(4)
#: Seconds beyond the deadline that a busy machine may need for everything that is not waiting.
SLACK_S = 4.0


@pytest.fixture(autouse=True)
def _key(monkeypatch):
    monkeypatch.setenv("SALISCRIBE_OPENAI_KEY", KEY)
    monkeypatch.setattr("saliscribe.reporting.providers.server_chat.PAUSES_S", (0.01, 0.01))


def _write(stub: Stub, mode: str = "free", deadline_s: float = 1.2, **options):
    parameters = Parameters(deadline_s=deadline_s)
    return saliscribe.report(
        FINDINGS, writer=f"openai:{stub.url}#{MODEL}", mode=mode, parameters=parameters, **options
    )


def test_there_are_enough_faults_and_every_reason_is_met():
    assert len(FAULTS) >= 36
    elsewhere = {"refused", "tls", "local_model", "script"}
    assert {reason for _, reason in FAULTS.values() if reason} == set(REASONS) - elsewhere


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_gives_the_template_in_time_with_the_reason(name, tmp_path, caplog):
    answer, reason = FAULTS[name]
    caplog.set_level(logging.DEBUG)
    with serve(answer) as stub:
        start = time.monotonic()
        written = _write(stub)
        assert time.monotonic() - start < 1.2 + SLACK_S
    assert written.audit.passed
    assert verify(written.report, FINDINGS).outcome == "pass"
    assert written.report.sections == render(FINDINGS, "structured").sections
    assert written.writing.result == "template"
    assert written.writing.reason
    assert written.writing.attempts[0].fault == reason
    assert len(stub.requests) <= 3
    folder = write_report_run(written, tmp_path / "run")
    kept = b"".join(file.read_bytes() for file in folder.iterdir()).decode()
    for text in (kept, caplog.text, repr(written), json.dumps(written.as_json())):
        assert KEY not in text
    again = replay(folder)
    assert (again.report, again.audit, again.writing) == (written.report, written.audit, written.writing)


def test_a_server_that_is_not_there():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
    written = _write(Stub(f"http://127.0.0.1:{port}/v1"))
    assert written.writing.attempts[0].fault == "refused"
    assert written.audit.passed


@pytest.mark.parametrize("tls", [True, False])
def test_a_certificate_that_nobody_signed_or_no_tls_at_all(tls):
    with serve(says("Hello."), tls=tls) as stub:
        stub.url = stub.url.replace("http:", "https:")
        written = _write(stub)
    assert written.writing.attempts[0].fault == "tls"
    assert written.audit.passed
    assert stub.requests == []


def test_what_passes_by_itself_is_asked_again_and_what_does_not_is_not():
    good = says(_own_text())
    with serve(error("503 Busy"), error("429 Too Many", "Retry-After: 0"), good) as stub:
        written = _write(stub, deadline_s=20)
    assert (written.writing.result, len(stub.requests)) == ("as_written", 3)
    with serve(error("401 Unauthorized"), good) as stub:
        assert _write(stub).writing.result == "template"
    assert len(stub.requests) == 1


def test_a_good_draft_is_shown_as_written_and_a_bad_one_is_asked_for_again():
    with serve(says("There is midline shift."), says(_own_text())) as stub:
        written = _write(stub, deadline_s=20)
    assert (written.writing.result, written.audit.outcome, written.audit.attempts) == (
        "as_written",
        "pass",
        2,
    )
    assert (written.report.writer, written.report.mode) == ("openai", "free")
    assert "There is midline shift." in written.writing.attempts[0].failed[0]
    second = json.loads(stub.requests[1][1])["messages"]
    assert [message["role"] for message in second] == ["system", "user", "assistant", "user"]
    assert "There is midline shift." in second[3]["content"]


def test_one_bad_sentence_is_replaced_after_two_regenerations():
    with serve(says(_own_text() + "\nThere is midline shift.")) as stub:
        written = _write(stub, deadline_s=20)
    assert len(stub.requests) == 3
    assert written.audit.outcome == "repaired"
    assert "midline shift." not in "".join(s.text for s in written.report.sentences() if "Not" not in s.text)
    assert [s.text for s in written.audit.rejected] == ["There is midline shift."]


def test_what_is_sent_is_what_is_shown_and_the_headers_tell_nothing_else():
    with serve(says(_own_text())) as stub:
        shown = shown_payload(FINDINGS, writer=f"openai:{stub.url}#{MODEL}", mode="free")
        assert stub.requests == []
        _write(stub, deadline_s=20)
    head, body = stub.requests[0]
    assert body == shown
    names = {line.split(":")[0].lower() for line in head.split("\r\n")[1:]}
    assert names == {
        "host", "content-type", "content-length", "authorization", "accept", "accept-encoding", "user-agent",
    }  # fmt: skip
    sent = json.loads(body)
    assert (sent["seed"], sent["temperature"], sent["top_p"], sent["max_tokens"]) == (7, 0.2, 1.0, 1200)


@pytest.mark.parametrize("first", ["400 Bad Request", "500 Internal Server Error"])
def test_a_server_without_json_schema_is_asked_in_another_way(first):
    plan = '{"findings": [["F7"], ["F5"]], "impression": [["F5"]]}'
    with serve(error(first), error("422 Unprocessable"), says(plan)) as stub:
        written = _write(stub, mode="plan", deadline_s=20)
    forms = [json.loads(body).get("response_format", {}).get("type") for _, body in stub.requests]
    assert forms == ["json_schema", "json_object", None]
    assert written.writing.result == "as_written"


def test_a_newer_date_of_the_same_model_is_the_same_model():
    with serve(http(completion(_own_text(), model="vendor/tiny-2026-11-01"))) as stub:
        written = _write(stub, deadline_s=20)
    assert written.writing.attempts[0].model == "vendor/tiny-2026-11-01"
    assert written.writing.result == "as_written"


@pytest.mark.parametrize(
    ("answered", "asked", "same"),
    [
        ("grok-4-0709", "grok-4", True),
        ("mistral-large-2411", "mistral-large-latest", True),
        ("/models/SmolLM2-135M-Instruct-Q8_0.gguf", "smollm2-135m", True),
        ("llama3.3", "llama3.3:70b-instruct-q4_K_M", True),
        ("meta-llama/Llama-3.3-70B-Instruct", "llama-3.3-70b-instruct", True),
        ("/models/tiny@main", "tiny", True),
        ("grok-4", "grok-4.3", False),
        ("g", "grok-4.3", False),
        ("grok-4.3-mini", "grok-4.3", False),
        ("gpt-4o-mini", "gpt-4", False),
        ("llama3", "llama3.3", False),
        ("llama3.3-uncensored-fork", "llama3.3", False),
        ("", "llama3.3", False),
    ],
)
def test_what_counts_as_the_model_that_was_asked(answered: str, asked: str, same: bool):
    assert same_model(answered, asked) is same


def test_offline_refuses_other_machines_and_not_this_one(monkeypatch):
    monkeypatch.setenv("XAI_API_KEY", KEY)
    for writer in ("grok", "openai:https://192.0.2.1/v1#m"):
        with pytest.raises(UsageError, match="--offline forbids") as caught:
            saliscribe.report(FINDINGS, writer=writer, offline=True)
        assert KEY not in str(caught.value)
    with serve(says(_own_text())) as stub:
        assert _write(stub, deadline_s=20, offline=True).writing.result == "as_written"


def test_keys_are_asked_for_and_kept_in(monkeypatch):
    monkeypatch.delenv("MISTRAL_API_KEY", raising=False)
    with pytest.raises(MissingError, match="MISTRAL_API_KEY"):
        saliscribe.report(FINDINGS, writer="mistral")
    monkeypatch.setenv("MISTRAL_API_KEY", f"{KEY}\nX-Evil: 1")
    with pytest.raises(MissingError) as caught:
        saliscribe.report(FINDINGS, writer="mistral")
    assert KEY not in str(caught.value)
    with pytest.raises(UsageError, match="unencrypted"):
        saliscribe.report(FINDINGS, writer="openai:http://192.0.2.1/v1#m")
    for wrong in ("openai:", "openai:http://h/v1", "openai:ftp://h/v1#m", f"openai:https://u:{KEY}@h/v1#m"):
        with pytest.raises(UsageError, match="address of a server") as refused:
            saliscribe.report(FINDINGS, writer=wrong)
        assert KEY not in str(refused.value)


@pytest.mark.parametrize(
    ("writer", "model", "seed"),
    [("grok", "grok-4.3", "seed"), ("mistral", "mistral-large-latest", "random_seed")],
)
def test_named_writers_use_their_models_keys_and_addresses(writer, model, seed, monkeypatch):
    monkeypatch.setenv("XAI_API_KEY", KEY)
    monkeypatch.setenv("MISTRAL_API_KEY", KEY)
    with serve(says(_own_text(), model=model)) as stub:
        monkeypatch.setenv(f"SALISCRIBE_{writer.upper()}_URL", stub.url)
        written = saliscribe.report(FINDINGS, writer=writer, parameters=Parameters(deadline_s=20))
    head, body = stub.requests[0]
    assert f"Bearer {KEY}" in head
    assert json.loads(body)["model"] == model
    assert seed in json.loads(body)
    assert (written.writing.author.writer, written.writing.author.model) == (writer, model)
    assert written.writing.result == "as_written"


def _own_text() -> str:
    """What a perfect model would write: the grammar's findings and impression."""
    sections = {section.name: section for section in render(FINDINGS, "structured").sections}
    return "\n\n".join(
        f"## {sections[name].title}\n\n" + "\n".join(f"- {s.text}" for s in sections[name].sentences)
        for name in ("findings", "impression")
    )
