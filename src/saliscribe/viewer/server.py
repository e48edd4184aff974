"""The viewer's server: reads only what manifests list, answers only its own address, loads nothing."""

from __future__ import annotations

import ipaddress
import json
import socket
import socketserver
import sys
import traceback
from dataclasses import dataclass
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, unquote, urlsplit

from saliscribe.viewer.card import OVERLAY, REPORT_PAGE, Card
from saliscribe.viewer.page import content_policy, render_index
from saliscribe.viewer.shelf import Shelf
from saliscribe.viewer.thumbnail import thumbnail

THUMBNAIL_PX = 360
_TYPES = {
    ".html": "text/html; charset=utf-8",
    ".json": "application/json",
    ".md": "text/plain; charset=utf-8",
    ".csv": "text/plain; charset=utf-8",
    ".png": "image/png",
}
#: A report page runs in an origin of its own: its script moves pictures about and can reach nothing else.
_REPORT_POLICY = (
    "sandbox allow-scripts allow-modals; default-src 'none'; img-src data:; style-src 'unsafe-inline'; "
    "script-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'"
)
_FILE_POLICY = "sandbox; default-src 'none'; frame-ancestors 'self'"
#: Seconds that an idle connection keeps its thread.
_IDLE_S = 30.0


class ViewerServer(ThreadingHTTPServer):
    """Serves one shelf on one address."""

    daemon_threads = True

    def __init__(self, address: tuple[str, int], shelf: Shelf) -> None:
        """Bind ``address``.

        Raises:
            OSError: the address is taken, not of this machine, or not allowed.
        """
        self.address_family = socket.AF_INET6 if ":" in address[0] else socket.AF_INET
        self.host, self.shelf = address[0], shelf
        super().__init__(address, _Handler)

    def server_bind(self) -> None:
        """Bind without asking the network for this machine's name, as the standard library would."""
        socketserver.TCPServer.server_bind(self)
        self.server_name, self.server_port = self.host, self.server_address[1]

    def is_own_name(self, host: str) -> bool:
        """Whether a request's ``Host`` can only mean this server.

        A number, localhost or the address asked for; never a foreign name that was made to point here (DNS rebinding).
        """
        try:
            name = urlsplit(f"//{host}").hostname or ""
        except ValueError:
            return False
        return name in ("localhost", self.host.lower()) or _is_number(name)

    def handle_error(self, request: object, client_address: object) -> None:
        """A browser that went away is no error; anything else is a bug and shows its traceback."""
        if not isinstance(sys.exception(), ConnectionError):
            traceback.print_exc()


def _is_number(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True


@dataclass(frozen=True)
class Answer:
    """What a request gets; ``policy`` is the content security policy of the page or file."""

    body: bytes
    kind: str = "text/plain; charset=utf-8"
    policy: str = _FILE_POLICY
    status: HTTPStatus = HTTPStatus.OK


def _missing(what: str) -> Answer:
    return Answer(f"no such {what}\n".encode(), status=HTTPStatus.NOT_FOUND)


class _Handler(BaseHTTPRequestHandler):
    server: ViewerServer
    protocol_version = "HTTP/1.1"
    server_version = "saliscribe"
    sys_version = ""
    timeout = _IDLE_S

    def do_GET(self) -> None:
        """Answer; whatever is not a known page, picture or file is 404."""
        hosts = self.headers.get_all("Host", [])
        if len(hosts) != 1 or not self.server.is_own_name(hosts[0]):
            line = "this server answers only by its own address\n"
            self._send(Answer(line.encode(), status=HTTPStatus.FORBIDDEN))
            return
        try:
            answer = answer_to(self.path, self.server.shelf)
        except OSError:
            answer = _missing("file any more")
        self._send(answer)

    do_HEAD = do_GET

    def _send(self, answer: Answer) -> None:
        self.send_response(answer.status)
        if answer.status is not HTTPStatus.NO_CONTENT:
            self.send_header("Content-Type", answer.kind)
            self.send_header("Content-Length", str(len(answer.body)))
        self.send_header("Content-Security-Policy", answer.policy)
        # Nothing of a patient stays in the browser's cache, and no other site may read or embed anything.
        self.send_header("Cache-Control", "no-store")
        self.send_header("X-Content-Type-Options", "nosniff")
        self.send_header("Referrer-Policy", "no-referrer")
        self.send_header("Cross-Origin-Resource-Policy", "same-origin")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(answer.body)

    def log_message(self, *_: object) -> None:
        """Say nothing: standard error is for people."""


def answer_to(address: str, shelf: Shelf) -> Answer:
    """The index, its data, a small picture or a file of a complete result; everything else is missing.

    Raises:
        OSError: a file went away meanwhile.
    """
    path, _, query = address.partition("?")
    verb, _, rest = unquote(path, errors="replace").removeprefix("/").partition("/")
    if verb == "result":
        name, _, file = rest.rpartition("/")
        return _file(shelf.card(name), file)
    if verb == "thumbnail":
        return _thumbnail(shelf.card(rest))
    if verb == "results.json" and not rest:
        return _results(shelf, parse_qs(query).get("have", []))
    return _index(shelf) if not verb and not rest else _missing("page")


def _index(shelf: Shelf) -> Answer:
    page = render_index(shelf.root.resolve().name)
    return Answer(page.encode(), _TYPES[".html"], f"{content_policy(live=True)}; frame-ancestors 'none'")


def _results(shelf: Shelf, have: list[str]) -> Answer:
    stock = shelf.look()
    if have == [stock.version]:
        return Answer(b"", status=HTTPStatus.NO_CONTENT)
    rows = [card.as_json() for card in stock.cards.values()]
    body = json.dumps({"version": stock.version, "results": rows}, allow_nan=False)
    return Answer(body.encode(), _TYPES[".json"])


def _thumbnail(card: Card | None) -> Answer:
    if card is None or not _belongs(card, OVERLAY):
        return _missing("picture")
    return Answer(thumbnail(card.folder / OVERLAY, card.finished, THUMBNAIL_PX), "image/jpeg")


def _file(card: Card | None, file: str) -> Answer:
    if card is None or not _belongs(card, file):
        return _missing("file in a complete result")
    path = card.folder / file
    policy = _REPORT_POLICY if file == REPORT_PAGE else _FILE_POLICY
    return Answer(path.read_bytes(), _TYPES.get(path.suffix, "application/octet-stream"), policy)


def _belongs(card: Card, file: str) -> bool:
    """Listed in the manifest, and a file of that folder itself, not a link out of it."""
    path = card.folder / file
    return file in card.files and path.resolve().parent == card.folder.resolve()
