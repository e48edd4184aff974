"""What ``bench`` measured, for people."""

from __future__ import annotations

from saliscribe.batch.bench import BenchRecord, BenchResult

_COLUMNS = (
    "contender",
    "wall s",
    "CPU s",
    "again CPU s",
    "faster than oracle",
    "peak MiB",
    "added MiB",
    "correlation",
    "largest error",
    "masks run",
)


def bench_table(result: BenchResult) -> str:
    """The result as a Markdown table, with what it was measured on and the limit of exact ScoreCAM."""
    rows = [_row(record) for record in result.records]
    lines = [_COLUMNS, ("---", *("---:" for _ in _COLUMNS[1:])), *rows]
    text = "\n".join("| " + " | ".join(line) + " |" for line in lines) + "\n\n"
    text += f"Network: {result.network}; input {result.size} px; {result.threads} thread(s); "
    text += f"1 picture explained of {result.images}.\n"
    text += f"One forward pass of the network as it is: {1000 * result.forward_cpu_seconds:.1f} ms"
    if result.limit_cpu_seconds is not None:
        text += f"; times its channels: {result.limit_cpu_seconds:.1f} s, the limit of exact ScoreCAM on it"
    text += ".\nSpeed is compared in processor seconds of the first call; the oracle of each method is the peer.\n"
    if result.skipped:
        text += "Not installed: " + ", ".join(result.skipped) + ".\n"
    return text


def _row(record: BenchRecord) -> tuple[str, ...]:
    return (
        record.contender,
        f"{record.seconds:.2f}",
        f"{record.cpu_seconds:.2f}",
        _shown(record.again_cpu_seconds, 2),
        _shown(record.speedup, 2, "x"),
        f"{record.peak_mib:.0f}",
        _shown(record.added_mib, 0),
        _shown(record.correlation, 5),
        _shown(record.error, 6),
        "" if record.run is None else f"{record.run} of {record.channels}",
    )


def _shown(value: float | None, digits: int, unit: str = "") -> str:
    return "" if value is None else f"{value:.{digits}f}{unit}"
