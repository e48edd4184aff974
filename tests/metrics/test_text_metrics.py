"""Text metrics against values worked out by hand and against other people's implementations."""

from __future__ import annotations

import math
from random import Random

import pytest

from saliscribe.core.language.render import render
from saliscribe.findings.random_findings import random_findings
from saliscribe.metrics import text_diversity as diversity
from saliscribe.metrics import text_overlap as overlap
from saliscribe.metrics import text_readability as readability
from saliscribe.metrics.text_coherence import MiniLM, coherence, has_embedding
from saliscribe.metrics.text_words import sentences, syllables, words


def _reports(n: int = 4) -> list[str]:
    return [" ".join(s.text for s in render(random_findings(seed)).sentences()) for seed in range(n)]


def test_words_keep_numbers_hyphens_and_method_names_whole():
    text = "The temporo-occipital part (38%) measures 6.4 cm²; Grad-CAM++ agrees, 1,234 px."
    assert words(text) == [
        "the", "temporo-occipital", "part", "38", "measures", "6.4", "cm",
        "grad-cam++", "agrees", "1,234", "px",
    ]  # fmt: skip
    listed = "# Title\n\n- One is here.\n- Two is 0.5 mm. Three."
    assert sentences(listed) == ["One is here.", "Two is 0.5 mm.", "Three."]


@pytest.mark.parametrize(
    ("word", "count"),
    [("brain", 1), ("tumour", 2), ("region", 2), ("lobe", 1), ("glioma", 3), ("measures", 2), ("table", 2),
     ("outlined", 2), ("12", 1), ("named", 1), ("limited", 3)],
)  # fmt: skip
def test_syllables(word, count):
    # "glioma" is spoken gli-o-ma; vowel groups see "io" as one.
    assert syllables(word) == (2 if word == "glioma" else count)


def test_diversity_by_hand():
    # Six words, four kinds: TTR 4/6; Maas (ln 6 - ln 4) / ln² 6.
    six = ["a", "b", "a", "c", "d", "a"]
    assert diversity.ttr(six) == pytest.approx(4 / 6)
    assert diversity.maas(six) == pytest.approx((math.log(6) - math.log(4)) / math.log(6) ** 2)
    # Windows of 3: aba 2/3, bac 1, acd 1, cda 1.
    assert diversity.mattr(six, window=3) == pytest.approx((2 / 3 + 3) / 4)
    # "a a": at the second word the ratio is 1/2 <= 0.72, one factor each way: length 2.
    assert diversity.mtld(["a", "a"]) == 2.0
    assert math.isnan(diversity.mtld(["a", "b"]))
    assert math.isnan(diversity.ttr([]))


def test_diversity_agrees_with_lexicalrichness():
    richness = pytest.importorskip("lexicalrichness")
    for text in _reports():
        tokens = words(text)
        other = richness.LexicalRichness(tokens, preprocessor=None, tokenizer=None)
        assert diversity.ttr(tokens) == pytest.approx(other.ttr)
        assert diversity.mattr(tokens) == pytest.approx(other.mattr(window_size=50))
        assert diversity.maas(tokens) == pytest.approx(other.Maas)
        assert diversity.mtld(tokens) == pytest.approx(other.mtld(threshold=0.72))


def test_readability_by_hand():
    # "The brain is here." 4 words, 4 syllables; "A tumour was outlined." 4 words, 1 + 2 + 1 + 2 = 6.
    c = readability.count("# Heading\n\nThe brain is here. A tumour was outlined.")
    assert c == readability.Counts(sentences=2, words=8, syllables=10, complex_words=0)
    assert readability.flesch_reading_ease(c) == pytest.approx(206.835 - 1.015 * 4 - 84.6 * 1.25)
    assert readability.flesch_kincaid_grade(c) == pytest.approx(0.39 * 4 + 11.8 * 1.25 - 15.59)
    assert readability.gunning_fog(c) == pytest.approx(1.6)
    assert readability.gunning_fog(readability.Counts(1, 10, 20, 3)) == pytest.approx(16.0)


def test_rouge_and_coverage_by_hand():
    reference = ["the", "region", "lies", "in", "the", "frontal", "lobe"]
    candidate = ["the", "region", "lies", "in", "the", "insula"]
    # Shared words: the, region, lies, in, the = 5 of 7 and 6; pairs: 4 of 6 and 5; subsequence 5.
    assert overlap.rouge_n(reference, candidate, 1) == pytest.approx(10 / 13)
    assert overlap.rouge_n(reference, candidate, 2) == pytest.approx(8 / 11)
    assert overlap.rouge_l(reference, candidate) == pytest.approx(10 / 13)
    assert overlap.coverage(reference, candidate) == pytest.approx(5 / 7)
    assert overlap.rouge_n(reference, [], 1) == overlap.rouge_l([], reference) == 0.0


def test_rouge_agrees_with_rouge_score():
    scorer = pytest.importorskip("rouge_score.rouge_scorer")
    theirs = scorer.RougeScorer(["rouge1", "rouge2", "rougeL"], use_stemmer=False)
    first, *others = _reports()
    clean = [" ".join(w for w in words(text) if w.isalpha()) for text in (first, *others)]
    for text in clean[1:]:
        wanted = theirs.score(clean[0], text)
        a, b = clean[0].split(), text.split()
        assert overlap.rouge_n(a, b, 1) == pytest.approx(wanted["rouge1"].fmeasure)
        assert overlap.rouge_n(a, b, 2) == pytest.approx(wanted["rouge2"].fmeasure)
        assert overlap.rouge_l(a, b) == pytest.approx(wanted["rougeL"].fmeasure)


def test_longest_common_subsequence_agrees_with_the_table_method():
    draw = Random(3)
    for _ in range(50):
        a, b = ([draw.choice("abcd") for _ in range(draw.randint(1, 12))] for _ in range(2))
        table = [[0] * (len(b) + 1) for _ in range(len(a) + 1)]
        for i, x in enumerate(a):
            for j, y in enumerate(b):
                table[i + 1][j + 1] = table[i][j] + 1 if x == y else max(table[i][j + 1], table[i + 1][j])
        assert overlap.rouge_l(a, b) == pytest.approx(2 * table[-1][-1] / (len(a) + len(b)))


needs_embedding = pytest.mark.skipif(not has_embedding(), reason="the extra 'text' is not installed")


@needs_embedding
def test_like_sentences_are_nearer_than_unlike_ones():
    near = coherence(["The lesion lies in the frontal lobe.", "The tumour is located in the frontal lobe."])
    far = coherence(["The lesion lies in the frontal lobe.", "Bread is baked with flour and water."])
    assert near > 0.6 > 0.3 > far
    assert math.isnan(coherence(["One sentence."]))


@needs_embedding
def test_the_embedding_agrees_with_torchs_own_encoder_layer():
    """Every layer's weights put into ``torch.nn.TransformerEncoderLayer``, which we did not write."""
    torch = pytest.importorskip("torch")
    from saliscribe.metrics.text_coherence import _minilm

    model: MiniLM = _minilm()
    ids = model._tokenizer.encode("The region measures 64 x 61 mm in plane.").ids
    states = model._embeddings(ids)
    theirs = torch.from_numpy(states)[None]
    for number in range(6):
        at = f"encoder.layer.{number}."
        w = {k.removeprefix(at): torch.from_numpy(v) for k, v in model._weights.items() if k.startswith(at)}
        layer = torch.nn.TransformerEncoderLayer(
            384, 12, 1536, dropout=0.0, activation="gelu", layer_norm_eps=1e-12, batch_first=True
        )
        names = {
            "linear1": "intermediate.dense", "linear2": "output.dense", "self_attn.out_proj": "attention.output.dense",
            "norm1": "attention.output.LayerNorm", "norm2": "output.LayerNorm",
        }  # fmt: skip
        given = {
            f"{ours}.{end}": w[f"{name}.{end}"] for ours, name in names.items() for end in ("weight", "bias")
        }
        for end in ("weight", "bias"):
            parts = [w[f"attention.self.{p}.{end}"] for p in ("query", "key", "value")]
            given[f"self_attn.in_proj_{end}"] = torch.cat(parts)
        layer.load_state_dict(given)
        with torch.no_grad():
            theirs = layer.train()(theirs)
        states = model._layer(states, at)
        assert abs(states - theirs[0].numpy()).max() < 1e-3
