"""One conversation with a server that speaks the OpenAI protocol, on the official client library."""

from __future__ import annotations

import ssl
import time
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import httpx2
import openai

from saliscribe.errors import MissingError
from saliscribe.reporting.chat import Author, Reply, Request, WriterFault
from saliscribe.reporting.providers.completion import read_completion
from saliscribe.reporting.providers.deadline import within
from saliscribe.reporting.providers.guarded_transport import GuardedTransport

#: Faults that may pass by themselves, and the pauses before asking again (a server may ask for longer ones).
_PASSING = ("unavailable", "rate_limited", "reset")
PAUSES_S = (0.5, 2.0)
#: Ways to ask for JSON, best first; a server that refuses one is asked in the next. The answer is always checked here.
_FORMS = ("json_schema", "json_object", "text")
_BY_STATUS = {
    400: "bad_request", 401: "key_refused", 403: "key_refused", 404: "not_found", 413: "bad_request",
    422: "bad_request", 429: "rate_limited",
}  # fmt: skip


class ServerChat:
    """Asks one model on one server. The key is used for the request and appears nowhere else.

    ``lacking`` names the environment's variable of a key that the server wants and that is not there.
    """

    def __init__(
        self,
        writer: str,
        url: str,
        model: str,
        key: str,
        seed_field: str = "seed",
        lacking: str | None = None,
    ) -> None:
        self.author = Author(writer=writer, address=url, model=model)
        self._url, self._model, self._seed_field = url, model, seed_field
        self._key, self._lacking = key, lacking
        self._form = 0

    def __repr__(self) -> str:
        return f"ServerChat({self.author!r})"

    def __call__(self, request: Request, seconds: float) -> Reply:
        """The model's answer, with bounded retries, within ``seconds``.

        Raises:
            WriterFault: whatever else came, with a reason that quotes nothing of it.
        """
        until = time.monotonic() + seconds
        pauses = iter(PAUSES_S)
        while True:
            try:
                reply = within(until - time.monotonic(), lambda: self._ask(request, until))
                return Reply(text=self._without_key(reply.text), model=self._without_key(reply.model or ""))
            except WriterFault as fault:
                if request.json_schema and _refuses_form(fault) and self._form + 1 < len(_FORMS):
                    self._form += 1
                    continue
                _pause(fault, pauses, until)

    def check_key(self) -> None:
        """Raises MissingError where the server wants a key and there is none."""
        if self._lacking is not None:
            raise MissingError(
                f"the writer '{self.author.writer}' needs a key", do=f"set {self._lacking} in the environment"
            )

    def payload(self, request: Request) -> bytes:
        """Exactly the body that asking would send first; nothing is sent."""
        seen: list[bytes] = []

        def record(sent: httpx2.Request) -> httpx2.Response:
            seen.append(sent.read())
            return httpx2.Response(418)

        with suppress(openai.APIStatusError):
            self._create(request, httpx2.MockTransport(record), 1.0)
        return seen[0]

    def _ask(self, request: Request, until: float) -> Reply:
        left = max(until - time.monotonic(), 0.01)
        try:
            body, kind = self._create(request, GuardedTransport(self._url, until), left)
            return read_completion(body, kind, self._model)
        except openai.APIStatusError as error:
            raise _status_fault(error) from None
        except (openai.APIConnectionError, httpx2.HTTPError) as error:
            raise _connection_fault(error) from None
        except (openai.OpenAIError, ValueError):
            raise WriterFault("wrong_schema") from None

    def _create(self, request: Request, transport: httpx2.BaseTransport, left: float) -> tuple[bytes, str]:
        """(body, content type) of the answer, unread: the library would take much on trust."""
        asked = request.parameters
        more: dict[str, Any] = {self._seed_field: asked.seed}
        if request.json_schema and _FORMS[self._form] != "text":
            more["response_format"] = _response_format(_FORMS[self._form], request.json_schema)
        messages: Any = [message.model_dump() for message in request.messages]
        with (
            httpx2.Client(transport=transport, follow_redirects=False, trust_env=False) as http,
            openai.OpenAI(
                base_url=self._url, api_key=self._key or "none", max_retries=0, timeout=left, http_client=http
            ) as client,
            client.chat.completions.with_streaming_response.create(
                model=self._model,
                messages=messages,
                temperature=asked.temperature,
                top_p=asked.top_p,
                max_tokens=asked.max_tokens,
                extra_body=more,
            ) as answer,
        ):
            return answer.read(), answer.headers.get("content-type", "")

    def _without_key(self, text: str) -> str:
        return text.replace(self._key, "[key]") if self._key else text


def _refuses_form(fault: WriterFault) -> bool:
    """True where another form may help; llama-cpp-python's server says 500 to a form that it does not know."""
    return fault.reason == "bad_request" or fault.status == 500


def _response_format(form: str, schema: dict[str, Any]) -> dict[str, Any]:
    if form == "json_schema":
        return {"type": form, "json_schema": {"name": "report", "schema": schema, "strict": True}}
    return {"type": form, "schema": schema}


def _pause(fault: WriterFault, pauses: Iterator[float], until: float) -> None:
    """Wait before the next try, or raise ``fault`` where another try makes no sense or has no time left."""
    usual = next(pauses, None)
    if fault.reason not in _PASSING or usual is None:
        raise fault
    pause = usual if fault.wait_s is None else max(fault.wait_s, 0.0)
    if time.monotonic() + pause >= until:
        raise fault
    time.sleep(pause)


def _status_fault(error: openai.APIStatusError) -> WriterFault:
    status = error.status_code
    wait = error.response.headers.get("retry-after", "")
    wait_s = float(wait) if wait.isascii() and wait.isdigit() and len(wait) < 6 else None
    if 300 <= status < 400:
        return WriterFault("redirect", status)
    reason = _BY_STATUS.get(status, "unavailable" if status >= 500 else "other_status")
    return WriterFault(reason, status, wait_s)


def _connection_fault(error: BaseException) -> WriterFault:
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, WriterFault):
            return cause
        if isinstance(cause, ssl.SSLError):
            return WriterFault("tls")
        if isinstance(cause, (httpx2.TimeoutException, TimeoutError)):
            return WriterFault("deadline")
        if isinstance(cause, httpx2.ConnectError) and not isinstance(cause.__cause__, BaseException):
            return WriterFault("refused")
        inner = cause.__cause__ or cause.__context__
        if inner is None and isinstance(cause, (ConnectionRefusedError, OSError)):
            return WriterFault("reset" if isinstance(cause, ConnectionResetError) else "refused")
        cause = inner
    return WriterFault("reset")
