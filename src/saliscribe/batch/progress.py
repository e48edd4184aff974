"""A progress bar on standard error, so that standard output stays clean."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from typing import TypeVar

T = TypeVar("T")


def show_progress(items: Iterable[T], total: int, *, enabled: bool, label: str = "explain") -> Iterator[T]:
    """Pass ``items`` on, one by one, while a bar counts them; silent where standard error is no terminal."""
    if not enabled or total < 2 or not sys.stderr.isatty():
        yield from items
        return
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeElapsedColumn,
        TimeRemainingColumn,
    )

    columns = (
        TextColumn(label),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
    )
    # Lines for people may pass through the bar's console; lines for programs must never be touched.
    to_terminal = sys.stdout.isatty()
    with Progress(*columns, console=Console(stderr=True), redirect_stdout=to_terminal) as bar:
        task = bar.add_task(label, total=total)
        for item in items:
            bar.advance(task)
            yield item


def show_stage(stage: str, done: int, total: int) -> None:
    """One line on standard error that follows the work on a volume; silent where standard error is no terminal."""
    if sys.stderr.isatty():
        sys.stderr.write(f"\r\033[K{stage} {done}/{total}" + ("\n" if done >= total else ""))
        sys.stderr.flush()
