"""What is explained: one scalar per sample, taken from a model's (named) outputs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from torch import Tensor

from saliscribe.errors import UsageError

#: Any callable that turns what the model returns into one scalar per sample, shape (N,).
Target = Callable[[Any], Tensor]


@dataclass(frozen=True)
class ClassTarget:
    """The logit of class ``index``, before softmax.

    ``output`` names the classification output of a model with several (an attribute of a NamedTuple, a key of
    a mapping); a model that returns a plain (N, classes) tensor needs no name. Two equal targets are
    interchangeable, and all classes of one model share one ``logits``: a fast copy of the model is made once.
    """

    index: int
    output: str = "class_logits"

    def logits(self, outputs: Any) -> Tensor:
        """The (N, classes) tensor inside ``outputs``. Raises UsageError when it is not there."""
        found = outputs
        if isinstance(outputs, Mapping):
            found = outputs.get(self.output)
        elif not isinstance(outputs, Tensor):
            found = getattr(outputs, self.output, None)
        if not isinstance(found, Tensor) or found.ndim != 2:
            raise UsageError(
                "cannot find the classification output to explain",
                expected=f"a (samples, classes) tensor, or an output named '{self.output}'",
                got=type(outputs).__name__,
                do="give the output's name, or a target of your own: a callable on the outputs",
            )
        return found

    def __call__(self, outputs: Any) -> Tensor:
        return self.logits(outputs)[:, self.index]


def checked_scores(target: Target, outputs: Any, samples: int) -> Tensor:
    """``target(outputs)``, or a UsageError if that is not one scalar per sample."""
    scores = target(outputs)
    if not isinstance(scores, Tensor) or scores.shape != (samples,):
        got = tuple(scores.shape) if isinstance(scores, Tensor) else type(scores).__name__
        raise UsageError(
            "the target must give one scalar per sample",
            expected=f"a tensor of shape ({samples},)",
            got=str(got),
            do="index the class inside the target, for example outputs.class_logits[:, 0]",
        )
    return scores
