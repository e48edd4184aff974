"""Text -> headings and sentences, as people and language models write Markdown."""

from __future__ import annotations

import re
from dataclasses import dataclass

_HEADING = re.compile(r"^\s{0,3}#{1,6}\s+(.*?)\s*#*\s*$")
_BULLET = re.compile(r"^\s*(?:[-*+•]|\d{1,2}[.)])\s+")
_IDS = re.compile(r"\s*[\[(]F\d+(?:\.\d+)?(?:\s*,\s*F\d+(?:\.\d+)?)*[\])]")
#: A full stop behind one of these ends no sentence.
_SHORT = ("approx", "ca", "prob", "max", "min", "diam", "perp", "est", "incl", "excl", "vs", "resp", "cf", "i.e", "e.g",
          "viz", "seg", "loc", "acc", "calib", "temp")  # fmt: skip
_NOT_SHORT = "".join(rf"(?<!\b{re.escape(short)}\.)" for short in _SHORT)
_END = re.compile(rf"(?i:{_NOT_SHORT})(?<=[.!?])[\"')]*\s+(?=[\"'(]?[A-Z0-9])")
#: "Impression: 1. ... 2. ...": list numerals inside a line.
_NUMERAL = re.compile(r"(?:(?<=^)|(?<=: )|(?<=[.;!?)] ))(\d{1,2})\. (?=[A-Z])")
_MARKS = re.compile(r"(\*\*|__|`)")


@dataclass(frozen=True)
class Piece:
    """One sentence, or the text of one heading."""

    text: str
    is_heading: bool = False


def split_text(text: str) -> tuple[Piece, ...]:
    """Headings and sentences in reading order. Fact ids such as ``[F5,
    F7]`` and emphasis marks are taken off.

    Nothing else is dropped: a table row, a code fence or a stray word is a sentence like any other.
    """
    pieces: list[Piece] = []
    for block in _blocks(text):
        heading = _HEADING.match(block)
        if heading:
            pieces.append(Piece(_clean(heading[1]), is_heading=True))
        else:
            pieces += [Piece(part) for part in _END.split(_clean(block)) if part.strip()]
    return tuple(piece for piece in pieces if piece.text)


def _blocks(text: str) -> list[str]:
    """Lines joined to paragraphs; a heading, a bullet or an empty line starts a new one."""
    blocks: list[str] = [""]
    for line in map(_unnumbered, text.splitlines()):
        bullet = _BULLET.match(line)
        if not line.strip():
            blocks.append("")
        elif _HEADING.match(line):
            blocks += [line, ""]
        elif bullet:
            blocks.append(line[bullet.end() :])
        else:
            blocks[-1] = f"{blocks[-1]} {line.strip()}".strip()
    return [block for block in blocks if block.strip()]


def _unnumbered(line: str) -> str:
    """The line without the numerals of a list inside it, which count from one on: "Parts: 2. ..." is no list."""
    numerals = [int(found[1]) for found in _NUMERAL.finditer(line)]
    return (
        _NUMERAL.sub("", line)
        if len(numerals) > 1 and numerals == list(range(1, len(numerals) + 1))
        else line
    )


def _clean(text: str) -> str:
    return " ".join(_MARKS.sub("", _IDS.sub("", text)).split())
