"""A writer on a server -> a conversation with it; the key comes from the environment."""

from __future__ import annotations

import os
from collections.abc import Callable

from saliscribe.errors import MissingError, UsageError
from saliscribe.reporting.providers.loopback import is_loopback
from saliscribe.reporting.providers.server_chat import ServerChat
from saliscribe.reporting.providers.server_table import SERVERS, Server, address


def _named(writer: str) -> Callable[[str], ServerChat]:
    def open_server(argument: str) -> ServerChat:
        return _open(SERVERS[writer], *address(writer, argument))

    open_server.__doc__ = f"A conversation with {writer}; ``argument`` names another model than the default."
    return open_server


def _open(server: Server, url: str, model: str) -> ServerChat:
    near = is_loopback(url)
    key = os.environ.get(server.key_name, "").strip()
    if any(not "!" <= letter <= "~" for letter in key):
        raise MissingError(
            "the key holds characters that no key has", where=server.key_name, do="set it again"
        )
    if key and not near and url.startswith("http:"):
        raise UsageError(
            "the key would travel unencrypted",
            expected="https",
            got="http",
            do=f"use https, or unset {server.key_name}",
        )
    lacking = server.key_name if not key and not near and server.writer != "openai" else None
    return ServerChat(server.writer, url, model, key, server.seed_field, lacking)


grok, mistral, llama = _named("grok"), _named("mistral"), _named("llama")
openai_compatible = _named("openai")
