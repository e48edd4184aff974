"""Whether the chosen writer and mode can be had, told once before any image is read."""

from __future__ import annotations

from saliscribe.errors import UsageError
from saliscribe.reporting.chat import Chat
from saliscribe.reporting.open_chat import Writer, open_chat
from saliscribe.reporting.providers.loopback import is_loopback
from saliscribe.reporting.write_report import chosen_mode


def check_writer(writer: Writer, mode: str, offline: bool = False, asks: bool = True) -> Chat | None:
    """The conversation to write with; ``None`` for the template, which needs none.

    Naming a writer on another machine is the consent to send it findings, for this run only. ``asks``: whether it will
    be asked, so that its key must be there.

    Raises:
        MissingError: an extra, a model or a key that is not here.
        UsageError: no such writer, a mode that the writer does not have, or a remote writer while ``offline``.
        InputError: a script or model file that cannot be read.
    """
    if chosen_mode(writer, mode) == "template":
        return None
    chat = open_chat(writer, asks)
    address = chat.author.address
    if offline and address is not None and not is_loopback(address):
        raise UsageError(
            f"--offline forbids the writer '{chat.author.writer}', which is on another machine",
            got=address,
            do="leave --offline out, or use --writer template, local, or a server on this machine",
        )
    return chat
