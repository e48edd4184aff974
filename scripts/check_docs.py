"""Check the Markdown files: links lead somewhere, commands and options exist, Python examples use real names."""

from __future__ import annotations

import ast
import re
import shlex
import subprocess
import sys
from functools import cache
from pathlib import Path

import saliscribe

ROOT = Path(__file__).resolve().parent.parent
_LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
_FENCE = re.compile(r"^```(\w*)\n(.*?)^```", re.MULTILINE | re.DOTALL)
_HEADING = re.compile(r"^#+\s+(.*)$", re.MULTILINE)
_PATTERN_WORDS = re.compile(r"[|\[\]]|\.\.\.$")


def main() -> None:
    """Print every complaint; leave with 1 if there is one."""
    pages = [*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").rglob("*.md"))]
    complaints = [line for page in pages for line in _check(page)]
    print("\n".join(complaints) or f"{len(pages)} Markdown files: links, commands and examples hold")
    sys.exit(1 if complaints else 0)


def _check(page: Path) -> list[str]:
    text = page.read_text(encoding="utf-8")
    prose = _FENCE.sub("", text)
    found = [f"link to {target}: {why}" for target in _LINK.findall(prose) if (why := _broken(page, target))]
    for language, block in _FENCE.findall(text):
        if language in ("sh", "bash", "console", ""):
            found += [why for line in block.splitlines() if (why := _bad_command(line.strip()))]
        if language == "python":
            found += _bad_python(block)
    return [f"{page.relative_to(ROOT)}: {line}" for line in found]


def _broken(page: Path, target: str) -> str | None:
    if target.startswith(("http://", "https://", "mailto:")):
        return None
    name, _, anchor = target.partition("#")
    path = (page.parent / name) if name else page
    if not path.exists():
        return "no such file"
    if anchor and anchor not in {
        _slug(title) for title in _HEADING.findall(path.read_text(encoding="utf-8"))
    }:
        return "no such heading"
    return None


def _slug(title: str) -> str:
    return re.sub(r"[^\w\- ]", "", title.strip().lower()).replace(" ", "-")


def _bad_command(line: str) -> str | None:
    line = line.removeprefix("$ ").split(" #")[0]
    if line.startswith("make "):
        goals = [word for word in shlex.split(line)[1:] if "=" not in word]
        unknown = [goal for goal in goals if not re.search(rf"^{goal}:", _makefile(), re.MULTILINE)]
        return f"make has no goal {unknown}" if unknown else None
    if not line.startswith("saliscribe "):
        return None
    words = [word for word in line.split()[1:] if not _PATTERN_WORDS.search(word)]
    if words[0].startswith("-"):
        return None
    help_text = _help(words[0])
    if help_text is None:
        return f"saliscribe has no command {words[0]}"
    options = [word.split("=")[0] for word in words if word.startswith("-")]
    unknown = [option for option in options if not re.search(rf"(^|[\s,]){re.escape(option)}\b", help_text)]
    return f"saliscribe {words[0]} has no option {unknown}" if unknown else None


@cache
def _makefile() -> str:
    return (ROOT / "Makefile").read_text(encoding="utf-8")


@cache
def _help(command: str) -> str | None:
    done = subprocess.run(
        [sys.executable, "-m", "saliscribe", command, "--help"], capture_output=True, text=True, check=False
    )
    return done.stdout if done.returncode == 0 else None


def _bad_python(block: str) -> list[str]:
    try:
        tree = ast.parse(block)
    except SyntaxError as error:
        return [f"Python example does not parse: {error}"]
    used = {
        node.attr
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute)
        and isinstance(node.value, ast.Name)
        and node.value.id == "saliscribe"
    }
    return [f"saliscribe.{name} does not exist" for name in sorted(used) if name not in dir(saliscribe)]


if __name__ == "__main__":
    main()
