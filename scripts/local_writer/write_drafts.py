"""One raw draft of the local writer on each of the chosen findings; with ``--loop`` the two that may follow it.

    python scripts/local_writer/write_drafts.py FINDINGS drafts.jsonl --order order.txt
    python scripts/local_writer/write_drafts.py FINDINGS drafts.jsonl --order order.txt --loop loops.jsonl

The temperatures take turns. Every line is one slice; what is there already is kept, so an interrupted call can be
repeated. No verdict is written: those are made from the kept texts by ``tables.py``.
"""

from __future__ import annotations

import argparse
import json
import time
from pathlib import Path

from saliscribe.core.records.findings import Findings
from saliscribe.pipeline.read_findings import read_findings
from saliscribe.pipeline.report_drafts import collect_drafts
from saliscribe.reporting.chat import Chat, Parameters, Reply, Request, WriterFault, drafts_so_far
from saliscribe.reporting.converse import first_request, settled
from saliscribe.reporting.open_chat import open_chat

TEMPERATURES = (0.2, 0.7, 1.0)
MAX_TOKENS, SEED, DEADLINE_S = 250, 7, 900.0


def asked(number: int) -> Parameters:
    """How the slice of this number is asked for; the nine class-and-plane groups each get every temperature."""
    turn = TEMPERATURES[(number + number // 9) % 3]
    return Parameters(
        temperature=turn, seed=SEED, max_tokens=MAX_TOKENS, deadline_s=DEADLINE_S, prompt="short"
    )


class Continued:
    """A conversation whose first draft was given earlier."""

    def __init__(self, first: dict[str, str | None], chat: Chat) -> None:
        self.author, self._first, self._chat = chat.author, first, chat

    def __call__(self, request: Request, seconds: float) -> Reply:
        if drafts_so_far(request):
            return self._chat(request, seconds)
        if self._first["fault"]:
            raise WriterFault(self._first["fault"], text=self._first["reply"])
        return Reply(text=self._first["reply"] or "")


def draft(findings: Findings, chat: Chat, parameters: Parameters) -> dict[str, object]:
    """The text as it came, or as far as it came."""
    request = first_request(findings, "free", "structured", settled(parameters, chat))
    try:
        reply, fault = chat(request, parameters.deadline_s).text, None
    except WriterFault as error:
        reply, fault = error.text or "", error.reason
    return {"reply": reply, "fault": fault}


def loop(
    findings: Findings, chat: Chat, parameters: Parameters, first: dict[str, str | None]
) -> dict[str, object]:
    """The replies of the whole loop, the first one taken from ``first``."""
    writing = collect_drafts(findings, Continued(first, chat), "free", "structured", parameters).writing
    assert writing is not None
    return {"attempts": [one.model_dump(include={"reply", "fault"}) for one in writing.attempts]}


def kept(file: Path) -> dict[str, dict[str, str | None]]:
    """The lines of a file by slice."""
    lines = file.read_text(encoding="utf-8").splitlines() if file.exists() else []
    return {one["id"]: one for one in map(json.loads, lines)}


def main() -> None:
    """Ask for everything that is not there yet."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("findings", type=Path)
    parser.add_argument("drafts", type=Path)
    parser.add_argument("--order", type=Path, required=True, help="file with one slice per line")
    parser.add_argument("--loop", type=Path)
    options = parser.parse_args()
    chat, names = open_chat("local"), options.order.read_text().split()
    drafts, out = kept(options.drafts), options.loop or options.drafts
    done = kept(out)
    for number, name in enumerate(names):
        if name in done or (options.loop and name not in drafts):
            continue
        findings, parameters = read_findings(options.findings / name), asked(number)
        start, used = time.perf_counter(), time.process_time()
        made = (
            loop(findings, chat, parameters, drafts[name])
            if options.loop
            else draft(findings, chat, parameters)
        )
        spent = {
            "seconds": round(time.perf_counter() - start, 1),
            "cpu_seconds": round(time.process_time() - used, 2),
        }
        line = {"id": name, "temperature": parameters.temperature, **made, **spent}
        with out.open("a", encoding="utf-8") as stream:
            stream.write(json.dumps(line, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
