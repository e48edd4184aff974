"""The short form of the prompt: what small models are shown, and that it is recorded and replayed."""

from __future__ import annotations

import re
from pathlib import Path

import saliscribe
from saliscribe.core.language.render import render
from saliscribe.findings.random_findings import random_findings
from saliscribe.pipeline.report_replay import replay
from saliscribe.pipeline.report_run import write_report_run
from saliscribe.reporting.chat import Author, Parameters, Reply, Request, drafts_so_far
from saliscribe.reporting.converse import first_request, next_request, settled
from saliscribe.reporting.fact_lines import fact_lines
from saliscribe.reporting.markdown import to_markdown
from saliscribe.reporting.open_chat import open_chat
from saliscribe.reporting.payload import payload
from saliscribe.reporting.prompt import load_prompt

FINDINGS = random_findings(4)
SHORT = Parameters(prompt="short")
#: The words of the lines themselves, and what stands for a value.
FIXED = r"#|\bmm\b|\bpixels\b|(?:calibrated )?probability|the patient's|with the region|of its heat inside"


class SmallModel:
    """Says the same every time, and is small."""

    author, prompt_form = Author(writer="local", model="tiny.gguf"), "short"

    def __init__(self) -> None:
        self.asked: list[Request] = []

    def __call__(self, request: Request, seconds: float) -> Reply:
        self.asked.append(request)
        return Reply(text="The plane is oblique.")


def _labels(text: str) -> set[str]:
    return {line.partition(":")[0] for line in text.splitlines() if line}


def test_the_lines_are_those_worked_by_hand() -> None:
    findings = next(
        f
        for f in map(random_findings, range(999))
        if f.plane.plane and (f.extent.perpendicular_mm or 0) > 2 and f.location.side == "left"
    )
    lines = fact_lines(payload(findings)).splitlines()
    extent = findings.extent
    assert extent.longest_mm is not None
    assert extent.perpendicular_mm is not None
    assert {
        "Side: the patient's left",
        f"Plane: {findings.plane.plane}",
        f"Size: {int(extent.longest_mm + 0.5)} x {int(extent.perpendicular_mm + 0.5)} mm",
    } <= set(lines)


def test_every_value_of_a_line_is_one_of_the_payload() -> None:
    for seed in range(300):
        facts = payload(random_findings(seed))
        values = sorted(
            {value for fact in facts.facts for value in fact.values.values()}, key=len, reverse=True
        )
        left = fact_lines(facts)
        for value in values:
            left = left.replace(value, "#")
        fixed = re.sub(FIXED, "", left)
        words = {re.sub(r"^[\w+ -]+:", "", line).strip(" ,()x") for line in fixed.splitlines()}
        assert words <= {"", "none was delineated"}, words
        assert "not assessed" not in left


def test_the_examples_show_lines_as_they_are_made() -> None:
    made = set().union(*(_labels(fact_lines(payload(random_findings(seed)))) for seed in range(200)))
    system, *turns = load_prompt("free_short").messages()
    assert [turn.role for turn in turns] == ["user", "assistant"] * 2
    shown = [turn.content for turn in turns if turn.role == "user"]
    assert all(_labels(text) <= made for text in shown)
    assert len(system.content) < 200


def test_examples_are_no_drafts() -> None:
    request = first_request(FINDINGS, "free", "structured", SHORT)
    assert (len(request.messages), request.examples, drafts_so_far(request)) == (6, 2, 0)
    again = next_request(request, "There is oedema.", ("There is oedema. (not assessed)",))
    assert (len(again.messages), drafts_so_far(again)) == (8, 1)
    plan = first_request(FINDINGS, "plan", "structured", SHORT)
    assert plan == first_request(FINDINGS, "plan", "structured", Parameters(prompt="full")).model_copy(
        update={"parameters": SHORT}
    )


def test_the_writer_chooses_and_the_user_overrules() -> None:
    assert settled(Parameters(), open_chat(["x"])).prompt == "full"
    assert settled(Parameters(), SmallModel()).prompt == "short"
    assert settled(Parameters(prompt="full"), SmallModel()).prompt == "full"


def test_the_form_is_recorded_and_replayed(tmp_path: Path) -> None:
    model = SmallModel()
    written = saliscribe.report(FINDINGS, writer=model, mode="free")
    story = written.writing
    assert story is not None
    assert (story.parameters.prompt, story.prompts[0].name) == ("short", "free_short")
    assert [len(request.messages) for request in model.asked] == [6, 8, 10]
    assert replay(write_report_run(written, tmp_path / "run")).writing == story


def test_what_no_payload_says_is_not_held_against_a_draft() -> None:
    report = render(FINDINGS, "structured")
    limits = next(s.text for s in report.sentences() if s.text.startswith("The network has no class"))
    draft = to_markdown(report, show_ids=False).replace(f"- {limits}\n", "")
    assert limits not in draft
    written = saliscribe.report(FINDINGS, writer=[draft], mode="free")
    assert (written.writing.result, len(written.writing.attempts)) == ("as_written", 1)
    assert [s.text for s in written.report.sentences()].count(limits) == 1
    whole = saliscribe.report(FINDINGS, writer=[to_markdown(report, show_ids=False)], mode="free")
    assert [s.text for s in whole.report.sentences()].count(limits) == 1
