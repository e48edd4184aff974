"""The bench measures what it says: tried on audits whose answers are known."""

from __future__ import annotations

import json
from io import StringIO
from math import sqrt
from random import Random

import pytest
from rich.console import Console

from saliscribe.audit.verify import verify
from saliscribe.cli.main import run
from saliscribe.core.language.render import render
from saliscribe.core.language.split_text import split_text
from saliscribe.core.records.audit import Audit, SentenceAudit
from saliscribe.faithfulness.bench_summary import by_type, false_alarms, pooled
from saliscribe.faithfulness.bench_tables import (
    alarm_sentences_csv,
    alarms_csv,
    detected_csv,
    mutants_csv,
    print_bench,
)
from saliscribe.faithfulness.mutations import MUTATIONS
from saliscribe.faithfulness.plausible_findings import plausible_findings
from saliscribe.faithfulness.rewordings import REWORDINGS, reworded
from saliscribe.faithfulness.run_bench import BASES, run_bench
from saliscribe.faithfulness.shootout import shootout
from saliscribe.faithfulness.template_draft import template_draft
from saliscribe.faithfulness.wilson import Counted
from saliscribe.findings.random_findings import random_findings


def _always(verdict: str, outcome: str):
    def check(text, findings) -> Audit:
        parts = [piece.text for piece in split_text(text)]
        return Audit(
            outcome=outcome, sentences=tuple(SentenceAudit(text=part, verdict=verdict) for part in parts)
        )

    return check


def test_wilson_interval_by_hand():
    # Wilson 1927 for 0 of n: (0, z² / (n + z²)); for half of n the middle is a half.
    z2 = 1.959963984540054**2
    assert Counted(0, 50).interval == pytest.approx((0.0, z2 / (50 + z2)))
    low, high = Counted(10, 20).interval
    half = sqrt(z2) / (1 + z2 / 20) * sqrt(0.25 / 20 + z2 / 1600)
    assert (low, high) == pytest.approx((0.5 - half, 0.5 + half))
    assert Counted(0, 0).interval is None
    assert str(Counted(0, 0)) == "no case"
    stats = pytest.importorskip("scipy.stats")
    for hits, n in ((3, 7), (97, 100), (100, 100)):
        other = stats.binomtest(hits, n).proportion_ci(method="wilson")
        assert Counted(hits, n).interval == pytest.approx((other.low, other.high))


def test_an_audit_that_condemns_everything_finds_all_and_alarms_always():
    results = run_bench(2, 5, ("template",), check=_always("unsupported", "blocked"))
    told = {m.id for m in MUTATIONS if m.letter != "H" and m.id not in ("A4", "F3")}
    for name, (blocked, placed) in by_type(results, "template").items():
        assert blocked.hits == blocked.n == 2
        assert placed.hits == (2 if name in told else 0), name
    for wrong, false, reports in false_alarms(results, "template").values():
        assert wrong.hits == wrong.n
        assert false.hits == 0  # without support is not the same as false
        assert reports.hits == reports.n


def test_true_sentences_called_false_are_counted_apart():
    results = run_bench(2, 5, ("template",), check=_always("contradicted", "blocked"))
    for wrong, false, _ in false_alarms(results, "template").values():
        assert false.hits == wrong.hits == wrong.n


def test_an_audit_that_passes_everything_finds_nothing():
    results = run_bench(2, 5, ("open",), check=_always("entailed", "pass"))
    assert pooled(results, "open") == (Counted(0, 102), Counted(0, 102))
    assert all(wrong.hits == 0 for wrong, _, _ in false_alarms(results, "open").values())


def test_the_audit_finds_most_template_mutants_and_leaves_clean_template_text_alone():
    """The figures themselves are measured with many more mutants, and are in the documentation."""
    results = run_bench(1, 0, ("template",))
    assert pooled(results, "template")[1].share > 0.9
    wrong, false, reports = false_alarms(results, "template")["as written"]
    assert wrong.hits == false.hits == reports.hits == 0
    assert wrong.n > 10


def test_the_same_seed_gives_the_same_run_and_sealed_sentences_are_not_shown():
    first, second = (run_bench(1, 3, ("sealed",), check=_always("entailed", "pass")) for _ in range(2))
    assert first == second
    table = mutants_csv(first)
    changed = [text for found in first.found for text in found.changed]
    assert changed
    assert not any(text in table for text in changed)
    assert len(detected_csv(first).splitlines()) == 52
    every = run_bench(1, 3, ("open", "sealed"), check=_always("unsupported", "blocked"))
    assert {line.split(",")[0] for line in alarm_sentences_csv(every).splitlines()[1:]} == {"open"}
    assert alarms_csv(first).startswith("base,kind,sentences,alarms")


def test_rewordings_by_hand():
    findings = next(
        f for f in map(random_findings, range(300)) if f.extent.longest_mm and f.extent.longest_mm > 20
    )
    draft = template_draft(findings, "structured")
    lines, changed = reworded(draft, "rounding", Random(0))
    long, wide = findings.extent.longest_mm, findings.extent.perpendicular_mm
    assert f"{long:.1f} x {wide:.1f} mm" in changed[0]
    assert len(lines) == len(draft.lines)
    _, american = reworded(draft, "spelling", Random(0))
    assert any("tumor" in text for text in american)
    assert not any("tumour" in text for text in american)
    for seed in range(20):
        _, typos = reworded(draft, "typo", Random(seed))
        originals = [line.text for line in draft.lines]
        for text in typos:
            assert any(abs(len(text) - len(other)) <= 1 and text[:2] == other[:2] for other in originals)


def test_latin_names_and_parents_by_hand():
    texts: set[str] = set()
    parents: set[str] = set()
    for seed in range(250):
        draft = template_draft(random_findings(seed), "structured")
        texts |= set(reworded(draft, "synonym", Random(seed))[1])
        parents |= set(reworded(draft, "parent term", Random(seed))[1])
    joined = " ".join(texts)
    assert "gyrus temporalis medius" in joined
    assert "gyrus frontalis superior" in joined
    assert "is middle" not in joined
    assert any("the middle temporal gyrus" in text and "division" not in text for text in parents)


@pytest.mark.parametrize("kind", REWORDINGS)
def test_every_rewording_applies_to_some_reports(kind):
    assert any(reworded(BASES["template"](seed)[1], kind, Random(seed))[1] for seed in range(40))


def test_plausible_findings_could_be_of_a_slice():
    for seed in range(120):
        f = plausible_findings(seed)
        if f.extent.longest_mm is not None:
            assert 8 <= f.extent.longest_mm <= 85
            assert f.extent.perpendicular_mm <= f.extent.longest_mm
            assert f.extent.area_mm2 <= f.extent.longest_mm * f.extent.perpendicular_mm
        assert sum(s.share_of_lesion for s in f.location.structures) <= 1.0
        assert len({s.side for s in f.location.structures}) <= 1
        assert f == plausible_findings(seed)


def test_a_perfect_audit_and_a_constant_one_in_the_shoot_out(monkeypatch):
    monkeypatch.setattr("saliscribe.faithfulness.shootout.has_embedding", lambda: False)
    rankings = {r.metric: r for r in shootout("template", 1, seed=2, check=verify)}
    assert rankings["audit"].auroc.value > 0.95
    assert {"TTR", "MATTR", "MTLD", "Maas", "ROUGE-L", "coverage", "Gunning fog"} < set(rankings)
    assert not any("MiniLM" in name for name in rankings)
    blind = shootout("template", 1, seed=2, check=_always("entailed", "pass"))
    assert blind[0].auroc.value == 0.5


def test_tables_for_people_name_every_type_and_say_what_faithful_means():
    console = Console(record=True, width=140, file=StringIO())
    print_bench(run_bench(1, 0, ("open",), check=_always("entailed", "pass")), console)
    shown = console.export_text()
    assert all(mutation.what in shown for mutation in MUTATIONS)
    assert "not the same as correct about the patient" in shown


def test_the_command_prints_json_and_writes_csv(tmp_path, capsys):
    options = [
        "audit-bench",
        "--n",
        "1",
        "--base",
        "template",
        "--shoot-out",
        "0",
        "-o",
        str(tmp_path),
        "--json",
    ]
    assert run(options) == 0
    figures = json.loads(capsys.readouterr().out)["bases"]["template"]
    assert len(figures["types"]) == 51
    assert figures["types"]["D1"]["placed"]["n"] == 1
    tables = ("detected.csv", "alarms.csv", "alarm_sentences.csv", "mutants.csv", "shootout.csv")
    assert {path.name for path in tmp_path.iterdir()} == set(tables)
    assert run(["audit-bench", "--base", "klingon"]) == 2


def test_evaluate_reports_by_hand(tmp_path, capsys):
    from saliscribe.faithfulness.evaluate_reports import evaluate_reports
    from saliscribe.reporting.markdown import to_markdown

    for number, extra in enumerate(("", "\n\nThe patient has a headache.\n")):
        findings = random_findings(number + 20)
        place = tmp_path / str(number)
        place.mkdir()
        (place / "findings.json").write_text(findings.model_dump_json(), encoding="utf-8")
        (place / "report.md").write_text(to_markdown(render(findings, "brief")) + extra, encoding="utf-8")
        manifest = {
            "format": "saliscribe-result",
            "files": {},
            "settings": {"writer": f"w{number}", "mode": "free"},
        }
        (place / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    found = evaluate_reports(tmp_path)
    honest, liar = found.writers["w0 (free)"], found.writers["w1 (free)"]
    assert honest["share entailed"].value == 1.0
    n = liar["sentences"].value
    assert liar["share unsupported"].value + liar["share contradicted"].value == pytest.approx(1 / n)
    assert liar["passes the audit"].value == 0.0
    assert liar["omissions"].value == 0.0
    assert "repaired" not in liar
    assert run(["evaluate", "--reports", str(tmp_path), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["n"] == 2
    assert run(["evaluate", "--reports", str(tmp_path / "none")]) == 3
    assert run(["evaluate"]) == 2
