"""Every mutation makes a real change, says what is wrong, and applies to some findings of every base."""

from __future__ import annotations

import re
from collections import Counter
from random import Random

import pytest

from saliscribe.core.language.parse import readings
from saliscribe.core.language.reported import reported
from saliscribe.faithfulness.mutate_quantity import in_words
from saliscribe.faithfulness.mutations import MUTATIONS
from saliscribe.faithfulness.run_bench import BASES

DRAFTS = {base: [make(seed)[1] for seed in range(60)] for base, make in BASES.items()}


def test_there_are_51_types_in_nine_letters():
    assert Counter(m.letter for m in MUTATIONS) == {
        "A": 6, "B": 7, "C": 5, "D": 10, "E": 5, "F": 3, "G": 8, "H": 5, "I": 2,
    }  # fmt: skip
    assert len({m.id for m in MUTATIONS}) == len({m.what for m in MUTATIONS}) == 51


@pytest.mark.parametrize("base", BASES)
@pytest.mark.parametrize("mutation", MUTATIONS, ids=lambda m: m.id)
def test_a_mutation_changes_a_report_and_says_how(mutation, base):
    applied = 0
    for draft in DRAFTS[base]:
        mutant = mutation.mutate(draft, Random(1))
        if mutant is None:
            continue
        applied += 1
        before = [line.text for line in draft.lines]
        after = [line.text for line in mutant.lines]
        assert after != before
        assert mutant.wrong
        assert bool(mutant.changed) != bool(mutant.missing)
        for text in mutant.changed:
            assert text in after
            assert text not in before
            assert text[0].isupper() or text[0].isdigit()
            assert text.endswith(".")
            assert not re.search(r",[,.;]", text)
            assert "  " not in text
        assert mutation.mutate(draft, Random(1)) == mutant
    assert applied >= 3


@pytest.mark.parametrize("mutation", MUTATIONS, ids=lambda m: m.id)
def test_no_mutant_of_the_template_is_still_true(mutation):
    """The grammar, which the mutations do not use, reads no changed sentence as claims that all hold."""
    for draft in DRAFTS["template"]:
        mutant = mutation.mutate(draft, Random(2))
        known = reported(draft.findings)
        for text in mutant.changed if mutant else ():
            for claims in readings(text):
                assert any(known.get(key) != value for key, value in claims.items()), text


def test_numbers_in_words():
    assert [in_words(n) for n in (0, 13, 20, 64, 99)] == [
        "zero",
        "thirteen",
        "twenty",
        "sixty-four",
        "ninety-nine",
    ]
