"""The verb ``view``: a local viewer over result folders."""

from __future__ import annotations

import errno
import ipaddress
import os
import socket
import sys
import threading
import webbrowser
from pathlib import Path
from typing import Self

from saliscribe.errors import UsageError
from saliscribe.viewer.server import ViewerServer
from saliscribe.viewer.shelf import Shelf

LOOPBACK = "127.0.0.1"
#: Tried in this order where no port is asked for; then any free one.
PORTS = (*range(8765, 8775), 0)

#: How often the server looks whether it should stop, in seconds.
_STOP_S = 0.05


class Viewer:
    """A running viewer: ``url`` leads to it; ``close`` (or leaving a ``with`` block) ends it."""

    def __init__(self, server: ViewerServer) -> None:
        self._server = server
        self._thread = threading.Thread(target=server.serve_forever, args=(_STOP_S,), daemon=True)
        self._thread.start()
        host = f"[{server.host}]" if ":" in server.host else server.host
        self.url = f"http://{host}:{server.server_port}/"

    @property
    def is_private(self) -> bool:
        """Whether only this machine can reach it."""
        return ipaddress.ip_address(str(self._server.server_address[0])).is_loopback

    def wait(self) -> None:
        """Stay until the viewer is closed, or Ctrl-C."""
        self._thread.join()

    def close(self) -> None:
        """Stop answering and free the port."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"<saliscribe viewer of {self._server.shelf.root} at {self.url}>"


def view(out: str | Path, *, host: str = LOOPBACK, port: int | None = None, browser: bool = True) -> Viewer:
    """Show the result folders below ``out`` in a browser, also those that appear while a run goes on.

    Returns at once; call ``wait()`` in a script that would end otherwise.

    Args:
        out: the folder that ``explain -o`` wrote to (or one result folder).
        host: address to answer on; anything but the loopback lets other machines read the results.
        port: 0 for any free one; without it 8765 or one of the next.
        browser: open the page, where there is a desktop to open it on.

    Raises:
        InputError: ``out`` is no folder. UsageError: the address cannot be had.
    """
    shelf = Shelf(out)
    viewer = Viewer(_listen(host, PORTS if port is None else (port,), shelf))
    if browser and _has_desktop():
        webbrowser.open(viewer.url)
    return viewer


def _listen(host: str, ports: tuple[int, ...], shelf: Shelf) -> ViewerServer:
    for port in ports:
        try:
            return ViewerServer((host, port), shelf)
        except OSError as error:
            if error.errno == errno.EADDRINUSE and port != ports[-1]:
                continue
            what = "host" if isinstance(error, socket.gaierror) else "address"
            reason = (error.strerror or str(error)).lower()
            do = "choose another --port, or none" if error.errno == errno.EADDRINUSE else "choose another"
            where = f"{host}:{port}"
            raise UsageError(f"the viewer cannot use this {what}", got=reason, where=where, do=do) from None
        except OverflowError:
            raise UsageError("--port", expected="0 to 65535", got=str(port)) from None
    raise AssertionError("the last port is any free one")


def _has_desktop() -> bool:
    """Elsewhere ``webbrowser`` may take the terminal for a text browser."""
    return sys.platform != "linux" or bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
