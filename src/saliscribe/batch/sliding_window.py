"""Many tasks on Dask workers, a bounded number of them at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from distributed import Client

T = TypeVar("T")
R = TypeVar("R")

#: Tasks that the scheduler knows at once: some seconds of work for a thousand processes, a few MB of its memory.
IN_FLIGHT = 2000


def run_on_workers(
    client: Client, function: Callable[[T], R], items: Iterable[T], in_flight: int = IN_FLIGHT
) -> Iterator[tuple[T, R | BaseException]]:
    """Each item with what ``function`` returned or raised on a worker, as they come.

    A task whose worker died is run again elsewhere, as often as the scheduler's ``allowed-failures`` says. Dask blames
    every task that a dead worker had; so those that are left are tried again at the end, alone. What still kills its
    workers comes with ``KilledWorker``.
    """
    from distributed import KilledWorker

    blamed: list[T] = []
    for item, result in _window(client, function, items, in_flight):
        if isinstance(result, KilledWorker):
            blamed.append(item)
        else:
            yield item, result
    yield from _window(client, function, blamed, 1)


def _window(
    client: Client, function: Callable[[T], R], items: Iterable[T], in_flight: int
) -> Iterator[tuple[T, R | BaseException]]:
    from distributed import as_completed

    to_do = iter(items)
    running: dict[object, T] = {}
    completed = as_completed(with_results=True, raise_errors=False, loop=client.loop)

    def send() -> None:
        for item in islice(to_do, in_flight - len(running)):
            future = client.submit(function, item, pure=False)
            running[future.key] = item
            completed.add(future)

    send()
    for future, result in completed:
        item = running.pop(future.key)
        # A failed task comes as (type, error, traceback).
        outcome = result[1] if future.status == "error" else result
        del future  # the scheduler forgets the task
        send()
        yield item, outcome
