"""Writers by name, and what they refuse."""

from __future__ import annotations

import subprocess
import sys

import pytest

from saliscribe.core.language.render import render
from saliscribe.errors import InputError, UsageError
from saliscribe.findings.random_findings import random_findings
from saliscribe.reporting.markdown import to_markdown
from saliscribe.reporting.write_report import write_report

FINDINGS = random_findings(4)


def test_the_template_is_deterministic_and_the_default():
    assert write_report(FINDINGS) == write_report(FINDINGS, "template") == render(FINDINGS, "structured")


def test_a_scripted_text_becomes_an_unchecked_report(tmp_path):
    file = tmp_path / "text.md"
    file.write_text(to_markdown(render(FINDINGS, "brief")) + "\nThere is midline shift.", encoding="utf-8")
    report = write_report(FINDINGS, f"scripted:{file}", "brief")
    assert report.writer == "scripted"
    assert report.sentences()[-1].text == "There is midline shift."
    assert not any(sentence.fact_ids for sentence in report.sentences())


def test_wrong_names_and_files_are_told_in_one_line(tmp_path):
    with pytest.raises(UsageError, match="template"):
        write_report(FINDINGS, "templat")
    with pytest.raises(UsageError, match="structured"):
        write_report(FINDINGS, style="poem")
    with pytest.raises(UsageError, match="scripted:FILE"):
        write_report(FINDINGS, "scripted")
    with pytest.raises(InputError):
        write_report(FINDINGS, f"scripted:{tmp_path / 'missing.md'}")
    (tmp_path / "binary").write_bytes(b"\xff\xfe\x00\x80")
    with pytest.raises(InputError):
        write_report(FINDINGS, f"scripted:{tmp_path / 'binary'}")


def test_writing_and_auditing_need_no_torch():
    code = (
        "import sys; from saliscribe.findings.random_findings import random_findings as r;"
        "from saliscribe.reporting.write_report import write_report; from saliscribe.audit.gate import gate;"
        "f = r(1); print(gate(write_report(f), f)[1].outcome, 'torch' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["pass", "False"]
