"""From the facts to the text: a true sentence turned round or led on does not pass, a true one does."""

from __future__ import annotations

from random import Random

import pytest

import saliscribe
from saliscribe.audit.second_look import LONGER, OPPOSITE, second_look, true_sentences
from saliscribe.audit.verify import verify
from saliscribe.core.language.render import render
from saliscribe.core.language.reported import reported
from saliscribe.core.language.split_text import split_text
from saliscribe.core.records.report import STYLES
from saliscribe.faithfulness.mutate_polarity import negation_added, negation_removed
from saliscribe.faithfulness.paraphrase import paraphrased_draft
from saliscribe.faithfulness.plausible_findings import plausible_findings
from saliscribe.faithfulness.template_draft import template_draft
from saliscribe.findings.random_findings import random_findings

FINDINGS = random_findings(4)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("The input check raised a warning, and the network has a class for a healthy brain.", None),
        ("The network has a class for a healthy brain or for any other disease, so this is a choice among three "
         "tumours.", OPPOSITE),
        ("This figure stands alone.", None),
        ("For research use only: this is a medical device and must not guide diagnosis or treatment.", OPPOSITE),
        ("For research use only: this is not a medical device and must not guide diagnosis or treatment, and a biopsy "
         "is advised.", LONGER),
    ],
)  # fmt: skip
def test_sentences_by_hand(text: str, why: str | None) -> None:
    assert second_look(text, true_sentences(reported(FINDINGS))) == why
    if why:
        (sentence,) = verify(text, FINDINGS).sentences
        assert sentence.verdict in ("contradicted", "unsupported")


def test_the_grammar_itself_passes() -> None:
    for seed in range(60):
        findings = random_findings(seed)
        for style in STYLES:
            true = true_sentences(reported(findings))
            assert not any(second_look(s.text, true) for s in render(findings, style).sentences())


@pytest.mark.parametrize("mutate", [negation_added, negation_removed])
def test_a_negation_in_the_grammars_own_words_never_reaches_the_page(mutate) -> None:
    tried = 0
    for seed in range(48):
        findings = random_findings(seed)
        draft = template_draft(findings, STYLES[seed % 4])
        mutant = mutate(draft, Random(seed))
        if mutant is not None:
            text = "\n\n".join(f"{line.text}" for line in mutant.lines)
            shown = saliscribe.report(findings, writer=[text], mode="free").report
            assert not {s.text for s in shown.sentences()} & set(mutant.changed), mutant.changed
            tried += 1
    assert tried > 24


def test_other_true_words_are_seldom_refused() -> None:
    sentences = refused = 0
    for seed in range(40):
        findings = plausible_findings(seed)
        true = true_sentences(reported(findings))
        pieces = [
            p for p in split_text(paraphrased_draft(findings, seed, "open").markdown()) if not p.is_heading
        ]
        sentences += len(pieces)
        refused += sum(second_look(piece.text, true) is not None for piece in pieces)
    assert sentences > 600
    assert refused <= 0.005 * sentences


def test_a_true_sentence_may_go_on_with_what_was_looked_up_and_with_nothing_else() -> None:
    claims = reported(FINDINGS)
    true = true_sentences(claims)
    text = "For research use only: this is not a medical device and must not guide diagnosis or treatment, and so on."
    assert second_look(text, true) == LONGER
    assert second_look(text, true, frozenset({("F7", "brain_share")})) is None
