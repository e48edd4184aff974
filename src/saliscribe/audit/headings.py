"""Headings: those that claim nothing, and those under which a bare list of topics means that they were not assessed."""

from __future__ import annotations

import re

from saliscribe.audit.plain_turns import in_plain_turns
from saliscribe.audit.read_lexicon import lexicon_file
from saliscribe.audit.tag_sentence import tag_sentence
from saliscribe.audit.tokens import tokenise
from saliscribe.core.language.styles import PLAIN_TITLES, TITLES

#: The grammar's own titles need no lexicon, which takes longer to load than a report of the grammar takes to judge.
_OWN = {title: name == "not_assessed" for titles in (TITLES, PLAIN_TITLES) for name, title in titles.items()}


def is_title(text: str) -> bool:
    """True for a line that announces ("The findings are as follows:") or names ("MRI brain report"), no more."""
    bare = text.strip()
    titles = set(lexicon_file("plain")["titles"]["words"].split())
    return bare.endswith(":") or titles.issuperset(re.findall(r"[a-z]+", bare.lower()))


def opens_list(text: str) -> bool:
    """True for "Not assessed", "What was not looked at", "The following could not be evaluated:"."""
    if text in _OWN:
        return _OWN[text]
    spans = tag_sentence(tokenise(in_plain_turns(text)))
    if any(span.has("topic") or span.has("place") or span.has("class") or span.has("side") for span in spans):
        return False
    denials = sum(span.has("negation", "not") for span in spans)
    built_in = any(span.has("negation", "unassessed") for span in spans)
    return (denials == 1 and any(span.has("assess") for span in spans)) or (denials == 0 and built_in)
