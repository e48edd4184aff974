"""The reports of docs/examples: five real slices, every style of the template and every mode of a writer.

    python scripts/make_examples.py DATA

``DATA`` is the shared figshare folder. Modes ``plan`` and ``free`` are written by the small model of the extra
``local-llm``; mode ``slots`` by a stand-in, because that model cannot keep to slots. What the model wrote first is kept
beside its report, with the audit's verdict on every sentence.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import saliscribe
from saliscribe.audit.page import MARKS
from saliscribe.audit.verify import verify
from saliscribe.core.records.report import STYLES
from saliscribe.io.encode import json_bytes
from saliscribe.pipeline.read_findings import read_findings
from saliscribe.pipeline.report import Written
from saliscribe.reporting.chat import Parameters, Request

OUT = Path(__file__).resolve().parent.parent / "docs" / "examples"
#: Slice of the shared data -> name of its folder; the display convention is given as radiological.
SLICES = {
    "0061": "meningioma_axial", "0333": "meningioma_coronal", "0866": "glioma_sagittal",
    "2041": "glioma_axial", "1796": "pituitary_sagittal",
}  # fmt: skip
PARAMETERS = Parameters(temperature=0.2, seed=7, max_tokens=500, deadline_s=900.0)


def stand_in(request: Request) -> str:
    """What a model that keeps to the slots could write: the place before the size, and the size in one sentence."""
    given = {slot["name"]: slot for slot in json.loads(request.messages[-1].content)["slots"]}
    names = list(given)
    impression = names.index("F5b") if "F5b" in given else len(names)
    order = sorted(names[:impression], key=lambda name: (not name.startswith("F9"), names.index(name)))
    order.sort(key=lambda name: name not in ("F5", "F6"))
    lines = ["## Findings", *(_sentence(given, name) for name in order if name != "F7b"), "## Impression"]
    return "\n\n".join([*lines, *(_sentence(given, name) for name in names[impression:])])


def _sentence(given: dict[str, dict[str, str]], name: str) -> str:
    if name == "F7" and "F7b" in given:
        return "The region measures {{F7}}, covering {{F7b}}."
    return f"{given[name]['beginning']}{{{{{name}}}}}."


def first_draft(written: Written) -> str:
    """The model's first draft, sentence by sentence, with the audit's mark and reason."""
    assert written.writing is not None
    audit = verify(written.writing.attempts[0].reply or " ", written.findings)
    lines = [
        f"- {MARKS[s.verdict]} {s.text}" + (f" *({s.reason})*" if s.reason else "") for s in audit.sentences
    ]
    missing = [f"- missing: {omission.what}" for omission in audit.omissions if omission.fact_id in _ASKED]
    return "\n".join(["# The first draft, as it came, with the audit's verdicts", "", *lines, *missing, ""])


#: Facts that the model is asked to tell; the other sections are written by code.
_ASKED = ("F4", "F5", "F6", "F7", "F9", "F11")


def write_example(folder: Path, findings_file: Path) -> dict[str, str]:
    """All reports of one slice; what became of each writer's text."""
    folder.mkdir(parents=True, exist_ok=True)
    findings = read_findings(findings_file)
    (folder / "findings.json").write_bytes(json_bytes(findings))
    for style in STYLES:
        text = saliscribe.report(findings, style=style).markdown
        (folder / f"template_{style}.md").write_text(text, encoding="utf-8")
    results = {}
    for mode, writer in (("plan", "local"), ("slots", stand_in), ("free", "local")):
        written = saliscribe.report(findings, writer=writer, mode=mode, parameters=PARAMETERS)
        assert written.writing is not None
        (folder / f"{mode}.md").write_text(written.markdown, encoding="utf-8")
        results[mode] = f"{written.writing.result}, {len(written.writing.attempts)} drafts"
        if mode == "free":
            (folder / "free_first_draft.md").write_text(first_draft(written), encoding="utf-8")
    return results


def main() -> None:
    """Explain the five slices and write everything."""
    images = [Path(sys.argv[1]) / "images" / f"{name}.png" for name in SLICES]
    with TemporaryDirectory() as scratch:
        saliscribe.explain(images, scratch, orientation="radiological", spacing_mm=(0.98, 0.98))
        for name, folder in SLICES.items():
            print(folder, write_example(OUT / folder, Path(scratch) / name), flush=True)


if __name__ == "__main__":
    main()
