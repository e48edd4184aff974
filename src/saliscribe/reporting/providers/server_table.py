"""The servers: where each is and which model it is asked for. Reading the table needs no client library."""

from __future__ import annotations

import os
from dataclasses import dataclass
from urllib.parse import urlsplit

from saliscribe.errors import UsageError


@dataclass(frozen=True)
class Server:
    """One writer's defaults. ``seed_field`` is what this server calls the seed."""

    writer: str
    url: str
    model: str
    key_name: str
    seed_field: str = "seed"


#: ``SALISCRIBE_<WRITER>_URL`` and ``SALISCRIBE_<WRITER>_MODEL`` override the first two of each.
SERVERS = {
    "grok": Server("grok", "https://api.x.ai/v1", "grok-4.3", "XAI_API_KEY"),
    "mistral": Server(
        "mistral", "https://api.mistral.ai/v1", "mistral-large-latest", "MISTRAL_API_KEY", "random_seed"
    ),
    "llama": Server("llama", "http://127.0.0.1:11434/v1", "llama3.3", "LLAMA_API_KEY"),
    "openai": Server("openai", "", "", "SALISCRIBE_OPENAI_KEY"),
}


def address(writer: str, argument: str) -> tuple[str, str]:
    """(URL, model) that a writer with this argument would ask.

    Raises:
        UsageError: ``openai`` without URL and model, or something that is no address of a server.
    """
    server = SERVERS[writer]
    if writer == "openai":
        url, _, model = argument.partition("#")
    else:
        prefix = f"SALISCRIBE_{writer.upper()}"
        url = os.environ.get(f"{prefix}_URL") or server.url
        model = argument or os.environ.get(f"{prefix}_MODEL") or server.model
    try:
        parts = urlsplit(url)
        whole = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        whole = False
    if not whole or not model or parts.username or parts.query:
        raise UsageError(
            f"the writer '{writer}' needs the address of a server and a model",
            expected="openai:http://127.0.0.1:8080/v1#MODEL" if writer == "openai" else "http(s)://HOST/v1",
            do="put keys into the environment, not into the address",
        )
    return url, model
