"""The scheduler never holds more tasks than the window; every item comes back once."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

from saliscribe.batch.sliding_window import run_on_workers

WINDOW = 5


def test_the_window_is_never_exceeded_and_a_slow_task_holds_nobody_up(workers: Any) -> None:
    from distributed import Client

    def square(number: int) -> int:
        if number == 13:
            raise ValueError("thirteen")
        time.sleep(0.5 if number == 0 else 0.0)
        return number * number

    held: list[int] = []

    with Client(workers) as client:

        def items() -> Iterator[int]:
            for number in range(60):
                held.append(client.run_on_scheduler(lambda dask_scheduler: len(dask_scheduler.tasks)))
                yield number

        results = list(run_on_workers(client, square, items(), WINDOW))
    assert sorted(item for item, _ in results) == list(range(60))
    by_item = dict(results)
    assert isinstance(by_item.pop(13), ValueError)
    assert by_item == {n: n * n for n in range(60) if n != 13}
    assert [item for item, _ in results].index(0) > WINDOW
    assert 1 < max(held) <= WINDOW
