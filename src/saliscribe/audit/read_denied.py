"""What the findings deny, said without its denial: the ideas of ``lexicon/denied.toml``.

Words such as "known" and "used" claim nothing by themselves, so that a sentence whose other claims hold could lose its
"not" beside them unnoticed.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

from saliscribe.audit.clause import Clause
from saliscribe.audit.read_lexicon import in_full, lexicon_file, stems
from saliscribe.audit.read_statements import find, occurs, stems_of
from saliscribe.audit.statements import Group, condition, groups_of
from saliscribe.audit.tag_sentence import Span
from saliscribe.core.language.reported import Key

#: Where a stretch of words that has its own denial ends.
_CUTS = frozenset(
    (";", "so", "as", "since", "because", "hence", "thus", "therefore", "but", "while", "whereas",
     "although", "though", "nor", "nor can")
)  # fmt: skip
#: A sentence that opens so has said something of its own at the first comma.
_OPENERS = frozenset(
    ("with", "without", "given", "while", "although", "though", "since", "because", "for", "owing", "due", "if", "when",
     "despite", "as")
)  # fmt: skip
#: Behind a comma or an "and" they start a clause, where both sides have a verb.
_FINITE = frozenset(
    ("is", "are", "was", "were", "can", "cannot", "could", "may", "has", "have", "had", "does", "did")
)
_SUBJECTS = frozenset(("a", "an", "the", "this", "it", "its", "so"))
#: Denials, and what leaves it open, in words of other meanings.
_DENIES = frozenset(
    ("hardly", "scarcely", "barely", "too", "little", "fails", "failed", "instead", "empty", "beyond",
     "impossible", "insufficient", "unless", "if", "would", "whether", "undecided", "neither")
)  # fmt: skip


#: How the reason of such a claim ends.
DENIED = "the findings deny this"
Spans = tuple[Span, ...]


@dataclass(frozen=True)
class _Denied:
    """One entry of the data file; ``when``: a claim and its value in words, ``None`` for always."""

    about: Key
    when: tuple[Key, str] | None
    needs: tuple[Group, ...]
    requires_no: tuple[str, ...]
    words_no: tuple[tuple[str, ...], ...]
    denied: bool
    sentence: tuple[str, ...]


def read_denied(clause: Clause) -> None:
    """A claim without support for each thing that the findings deny and the clause says without a denial."""
    known = clause.ground.known
    here = {key for _, key in stems_of(clause)}
    entries = [
        entry
        for entry in _entries()
        if (entry.when is None or str(known.get(entry.when[0])) == entry.when[1])
        and all(group.meanings or not group.phrases.keys().isdisjoint(here) for group in entry.needs)
    ]
    for stretch in _stretches(clause) if entries else ():
        is_denied = any(map(_denies, stretch.spans))
        for entry in entries:
            if (entry.denied or not is_denied) and _says(entry, stretch):
                said = stretch.words()
                clause.add(entry.about, said, None, f"{said}: {DENIED}")


@cache
def _entries() -> tuple[_Denied, ...]:
    return tuple(
        _Denied(
            about=(entry["about"].rpartition(".")[0], entry["about"].rpartition(".")[2]),
            when=condition(entry.get("when")),
            needs=groups_of(entry["needs"]),
            requires_no=tuple(entry.get("requires_no", ())),
            words_no=tuple(map(stems, entry.get("words_no", ()))),
            denied=entry.get("denied", False),
            sentence=tuple(entry.get("sentence", ())),
        )
        for entry in lexicon_file("denied")["denied"]
    )


def _stretches(clause: Clause) -> Iterator[Clause]:
    """The clause in parts of which none needs the denial of another; all of it where nothing cuts it."""
    main, aside = _without_brackets(clause.spans)
    for spans in (main, *aside):
        starts = [0]
        for i in range(1, len(spans)):
            starts += [i] if _cuts(spans, starts[-1], i) else []
        for start, end in pairwise([*starts, len(spans)]):
            yield Clause(spans[start:end], (), clause.ground, clause.context, clause.sentence)


def _without_brackets(spans: Spans) -> tuple[Spans, list[Spans]]:
    """The words outside brackets, and those of every bracket."""
    main: list[Span] = []
    aside: list[list[Span]] = []
    inside = False
    for span in spans:
        if span.text == "(":
            inside = True
            aside.append([])
        elif span.text == ")":
            inside = False
        else:
            (aside[-1] if inside else main).append(span)
    return tuple(main), [tuple(one) for one in aside]


def _cuts(spans: Spans, start: int, i: int) -> bool:
    """True where the stretch from ``start`` ends at a joint."""
    text, left = spans[i].text, spans[start:i]
    after = spans[i + 1].text if i + 1 < len(spans) else ""
    if text in _CUTS:
        return not spans[i - 1].has("negation")
    if text == ":":
        return any(map(_denies, left))
    if text == "and" and after == "to":
        return True
    if text == "," and left and left[0].text.split()[0] in _OPENERS:
        return True
    return (
        text in (",", "and")
        and after in _SUBJECTS
        and _says_something(left)
        and _says_something(spans[i + 1 :])
    )


def _says_something(spans: Spans) -> bool:
    """True for words with a verb, "the program marked" among them."""
    marked = any(a.has("cue", "network") and b.text.endswith("ed") for a, b in pairwise(spans))
    return marked or any(word in _FINITE for span in spans for word in span.text.split())


def _denies(span: Span) -> bool:
    return (
        span.has("negation")
        or span.has("missing")
        or span.has("certainty", "excluded", "indeterminate")
        or span.text in _DENIES
        or span.text in _unknown()
    )


@cache
def _unknown() -> frozenset[str]:
    return frozenset(in_full(("@unknown", "@left_away")))


def _says(entry: _Denied, stretch: Clause) -> bool:
    keys = stems_of(stretch)
    return (
        all(find(group, stretch, keys) for group in entry.needs)
        and all(any(span.has(*meaning.split(".")) for span in stretch.sentence) for meaning in entry.sentence)
        and not any(stretch.has(*meaning.split(".")) for meaning in entry.requires_no)
        and not any(occurs(words, keys) for words in entry.words_no)
    )
