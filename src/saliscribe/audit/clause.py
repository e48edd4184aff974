"""One clause while it is read: what its words can mean, what a reader has accounted for, what it claims."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Literal

from saliscribe.audit.ground import Ground
from saliscribe.audit.quantities import Quantity
from saliscribe.audit.tag_sentence import Span, weighs
from saliscribe.core.language.reported import Key

Verdict = Literal["entailed", "contradicted", "unsupported"]


#: What may stand between a denial and the figure that it denies.
_TO_A_NUMBER = frozenset(
    ("a", "an", "the", "at", "by", "in", "of", "to", "with", "on", "for", "only", "just")
)


@dataclass(frozen=True)
class Claim:
    """One claim of a text: what it is about, in words for people, and whether it holds."""

    about: Key
    said: str
    verdict: Verdict
    reason: str | None = None
    value: Any = None


@dataclass
class Context:
    """What earlier sentences and headings leave behind for the next one."""

    listing_unassessed: bool = False
    sentence_unassessed: bool = False
    methods: tuple[str, ...] = ()
    measure: str = ""


@dataclass
class Clause:
    """``spans`` and ``quantities`` of one clause; readers ``take`` what they account for.

    ``charitable``: statements make true claims only; what would be a false one is left to other readers, and its words
    are left over if none takes them. ``noticed``: denials that a notice took, which must share no clause with a value.
    """

    spans: tuple[Span, ...]
    quantities: tuple[Quantity, ...]
    ground: Ground
    context: Context
    sentence: tuple[Span, ...]
    taken: set[int] = field(default_factory=set)
    claims: list[Claim] = field(default_factory=list)
    charitable: bool = False
    noticed: set[int] = field(default_factory=set)

    @cached_property
    def _meanings(self) -> frozenset[tuple[str, str]]:
        found = {
            (kind, value) for span in self.spans for kind, values in span.tags.items() for value in values
        }
        return frozenset(found | {(kind, "") for kind, _ in found})

    def has(self, kind: str, *values: str) -> bool:
        """True if any word of the clause can mean this."""
        meanings = self._meanings
        return any((kind, value) in meanings for value in values) if values else (kind, "") in meanings

    def all(self, kind: str, *values: str) -> list[int]:
        """Indices of the spans, not yet taken, that can mean this."""
        return [i for i, span in enumerate(self.spans) if i not in self.taken and span.has(kind, *values)]

    def take(self, *indices: int) -> None:
        """Mark spans as accounted for."""
        self.taken.update(indices)

    def take_all(self, kind: str, *values: str) -> None:
        """Mark every span that can mean this as accounted for."""
        self.take(*self.all(kind, *values))

    def free_numbers(self) -> list[Quantity]:
        """The numbers that no reader has accounted for."""
        return [q for q in self.quantities if q.at not in self.taken]

    def take_number(self, quantity: Quantity) -> None:
        """Mark a number with its unit as accounted for."""
        self.take(*range(quantity.at, quantity.upto))

    def denials(self) -> tuple[list[int], int]:
        """Denials that are left, and how many times they turn the meaning ("neither ... nor" turns it once)."""
        found = [i for i in self.all("negation", "not") if not self._of_a_number(i)]
        if not self.has("method"):
            found = sorted([*found, *(i for i in self.all("missing") if self.spans[i].text != "missing")])
        alone = [i for i in found if not self.spans[i].text.startswith("nor") and not self._goes_on(i, found)]
        return found, len(alone) or len(found[:1])

    def _of_a_number(self, at: int) -> bool:
        """True for "was not 49.5%": it denies the figure, and nothing else that the clause says."""
        behind = (i for i in range(at + 1, len(self.spans)) if not self._leads_to_a_number(i))
        after = next(behind, None)
        return any(
            q.at == after and (q.unit or q.decimals or not self.spans[q.at].text.isalpha())
            for q in self.quantities
        )

    def _leads_to_a_number(self, i: int) -> bool:
        return self.spans[i].has("bound") or self.spans[i].text in _TO_A_NUMBER

    def _goes_on(self, at: int, denials: list[int]) -> bool:
        """True for the second "not" of "not a device and not for treatment": a list of denials turns once."""
        return (
            at != denials[0]
            and self.spans[at].text in ("not", "no")
            and self.spans[at - 1].text in ("and", "or", ",", ":", "-")
        )

    def negated(self) -> bool:
        """True if a denial is left that no reader has accounted for."""
        return bool(self.all("negation", "not"))

    def gives_chances(self) -> bool:
        """ "Meningioma or lymphoma (37%)": classes with figures, and no list of what nobody knows or assessed."""
        return self.has("class") and any(q.unit == "%" or q.decimals for q in self.quantities)

    def words(self) -> str:
        """The clause as normalised text."""
        return " ".join(span.text for span in self.spans)

    def left_over(self) -> list[Span]:
        """Words with a clinical meaning that nobody accounted for."""
        return [
            span for i, span in enumerate(self.spans)
            if i not in self.taken and weighs(span)
        ]  # fmt: skip

    def add(
        self, about: Key, said: str, holds: bool | None, reason: str | None = None, value: Any = None
    ) -> None:
        """Note a claim: it holds, it does not, or (``None``) the findings are silent."""
        verdict: Verdict = "entailed" if holds else "unsupported" if holds is None else "contradicted"
        if holds is None and reason is None:
            reason = f"the findings do not say this: {said}"
        self.claims.append(Claim(about, said, verdict, None if holds else reason, value))

    def compare(self, about: Key, quantity: Quantity, scale: float = 1.0, more: int = 0) -> None:
        """A number against its fact; ``scale`` turns the unit of the text into that of the fact."""
        self.take_number(quantity)
        said = f"{about[1].replace('_', ' ')} {quantity.value:g}{quantity.unit and ' ' + quantity.unit}"
        if about not in self.ground.numbers:
            self.add(about, said, None)
            return
        value, decimals = self.ground.numbers[about]
        holds = quantity.says(
            value / scale, decimals + more, 1.0 / scale, 100.0 if quantity.unit == "%" else 0.0
        )
        # The grammar rounds areas to tens of a square millimetre.
        tens = quantity.unit == "mm2" and quantity.value >= 100
        holds |= tens and quantity.decimals == 0 and quantity.value == self.ground.known.get(about)
        fine = quantity.decimals > decimals + more
        stated = (
            "the text is more precise than the findings"
            if fine
            else f"the findings say {value / scale:.{decimals + more}f}"
        )
        self.add(about, said, holds, f"{said}: {stated}", value)


def nearest(index: int, options: Iterable[int]) -> int | None:
    """The option closest to an index; the one before it wins a tie."""
    return min(options, key=lambda other: (abs(other - index), other > index), default=None)
