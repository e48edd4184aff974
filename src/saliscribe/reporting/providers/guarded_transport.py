"""The way out and back: only known headers leave, and no answer is larger or slower than allowed."""

from __future__ import annotations

import time
from collections.abc import Iterator
from urllib.request import getproxies, proxy_bypass

import httpx2

import saliscribe
from saliscribe.reporting.chat import WriterFault
from saliscribe.reporting.providers.loopback import is_loopback

MAX_BYTES = 1_000_000
#: What the SDK adds beyond these (operating system, Python version, organisation, ...) does not leave the machine.
_HEADERS = ("host", "content-type", "content-length", "authorization")


class GuardedTransport(httpx2.BaseTransport):
    """Sends requests with the fewest headers and cuts answers off at ``MAX_BYTES`` and at the moment ``until``."""

    def __init__(self, url: str, until: float) -> None:
        self._until = until
        self._inner = httpx2.HTTPTransport(proxy=_proxy(url))

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        # A new request: the library reads its own headers on the old one when the answer is there.
        response = self._inner.handle_request(
            httpx2.Request(
                request.method,
                request.url,
                headers=_few_headers(request),
                stream=request.stream,
                extensions=request.extensions,
            )
        )
        length = response.headers.get("content-length", "0")
        if length.isdigit() and int(length) > MAX_BYTES:
            response.close()
            raise WriterFault("too_long")
        if response.headers.get("content-encoding", "identity").lower() != "identity":
            response.close()
            raise WriterFault("compressed")
        return httpx2.Response(
            response.status_code,
            headers=response.headers,
            stream=_Cut(response, self._until),
            extensions=response.extensions,
        )

    def close(self) -> None:
        self._inner.close()


class _Cut(httpx2.SyncByteStream):
    def __init__(self, response: httpx2.Response, until: float) -> None:
        self._response, self._until = response, until

    def __iter__(self) -> Iterator[bytes]:
        seen = 0
        for chunk in self._response.iter_raw():
            seen += len(chunk)
            if seen > MAX_BYTES:
                raise WriterFault("too_long")
            if time.monotonic() > self._until:
                raise WriterFault("deadline")
            yield chunk

    def close(self) -> None:
        self._response.close()


def _few_headers(request: httpx2.Request) -> httpx2.Headers:
    """The headers that leave the machine."""
    kept = {name: request.headers[name] for name in _HEADERS if name in request.headers}
    own = {
        "accept": "application/json",
        "accept-encoding": "identity",
        "user-agent": f"saliscribe/{saliscribe.__version__}",
    }
    return httpx2.Headers(kept | own)


def _proxy(url: str) -> str | None:
    parts = httpx2.URL(url)
    return None if is_loopback(url) or proxy_bypass(parts.host) else getproxies().get(parts.scheme)
