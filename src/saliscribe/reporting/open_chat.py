"""A writer's name -> somebody to ask."""

from __future__ import annotations

from saliscribe.reporting.chat import Chat, RemoteChat
from saliscribe.reporting.providers import PROVIDERS
from saliscribe.reporting.providers.scripted import Script, Scripted

#: A name of ``PROVIDERS`` with an argument after ":", a list of replies, a function, or a conversation.
Writer = str | Script | Chat


def open_chat(writer: Writer, asks: bool = True) -> Chat:
    """The conversation that a writer other than the template is asked through.

    ``asks``: whether it will be asked, so that a server's key must be there.

    Raises:
        UsageError: no such writer, or a wrong argument. MissingError: its extra, model or key is not here.
        InputError: a file it needs cannot be read.
    """
    if isinstance(writer, str):
        name, _, argument = writer.partition(":")
        chat: Chat = PROVIDERS.load(name)(argument)
        if asks and isinstance(chat, RemoteChat):
            chat.check_key()
        return chat
    if isinstance(writer, Chat):
        return writer
    return Scripted(writer)
