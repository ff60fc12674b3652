"""One function over many items, by however many workers: the same answers in the same order.

``workers`` is what SciPy calls so: a number of processes, or anything that is called like ``map``, such as
``multiprocessing.Pool(2).map``, the ``map`` of an executor of ``concurrent.futures``, or that of a
``dask.distributed.Client``, which returns futures.

>>> list(mapped(abs, [-1, 2, -3]))
[1, 2, 3]
>>> list(mapped(abs, [-1, 2, -3], workers=map))
[1, 2, 3]
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from gainderive.errors import BadWorkers, GainderiveError, WorkFailed

Item = TypeVar("Item")
Answer = TypeVar("Answer")
Workers = int | Callable[..., Iterable[Any]]


def cores() -> int:
    """Return how many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def mapped(
    function: Callable[[Item], Answer],
    items: Iterable[Item],
    workers: Workers = 1,
    *,
    progress: bool = False,
    what: str = "work",
    unit: str = "item",
) -> Iterator[Answer]:
    """Yield ``function(item)`` for each item, in the order of the items, each as soon as it and those before are there.

    Parameters
    ----------
    function : callable
        Defined at the top of a module where processes are to call it.
    items : iterable
        Whose text names the item in an error.
    workers : int or callable
        Number of processes, 1 for none but this one; or a function that is called like ``map``.
    progress : bool
        Show a bar on stderr, if that is a terminal.
    what, unit : str
        The bar's description, and what an item is called in it.

    Raises
    ------
    BadWorkers
        For `workers` that are neither.
    WorkFailed
        When the function raises anything but a ``GainderiveError``, which is raised as it is, or a worker dies.
    """
    everything = list(items)
    chosen = _checked(workers)
    guarded = _Guarded(function)
    answers: Iterable[Any]
    if not isinstance(chosen, int):
        answers = chosen(guarded, everything)
    elif chosen == 1 or len(everything) < 2:
        answers = map(guarded, everything)
    else:
        answers = _by_processes(guarded, everything, min(chosen, len(everything)))
    return _opened(answers, everything, progress=progress, what=what, unit=unit)


def _checked(workers: Any) -> Any:
    if callable(workers):
        return workers
    # A bool is an int to Python, and a NumPy integer is none.
    if isinstance(workers, bool) or not hasattr(workers, "__index__") or int(workers) < 1:
        raise BadWorkers(
            f"workers={workers!r}: give a number of processes of at least 1, or a function that is called like map, "
            "such as multiprocessing.Pool(2).map"
        )
    return int(workers)


@dataclass(frozen=True)
class _Guarded(Generic[Item, Answer]):
    """The function, with every error caught where it happens and sent back instead of an answer."""

    function: Callable[[Item], Answer]

    def __call__(self, item: Item) -> Answer | _Failure:
        try:
            return self.function(item)
        except GainderiveError as error:
            return _Failure(error)
        except Exception as error:
            return _Failure(WorkFailed(f"{item}: {type(error).__name__}: {error}"))


@dataclass(frozen=True)
class _Failure:
    error: GainderiveError


def _opened(answers: Iterable[Any], items: Sequence[Any], *, progress: bool, what: str, unit: str) -> Iterator[Any]:
    for answer in _shown(answers, len(items), what, unit) if progress and items else answers:
        # A map of a cluster returns futures at once.
        found = answer.result() if not isinstance(answer, _Failure) and hasattr(answer, "result") else answer
        if isinstance(found, _Failure):
            raise found.error
        yield found


def _shown(answers: Iterable[Any], total: int, what: str, unit: str) -> Iterable[Any]:
    from tqdm import tqdm

    # `disable=None` is tqdm's way to say: only on a terminal.
    bar: Iterable[Any] = tqdm(answers, desc=what, total=total, unit=unit, file=sys.stderr, disable=None)
    return bar


def _by_processes(function: Callable[[Any], Any], items: Sequence[Any], workers: int) -> Iterator[Any]:
    from concurrent.futures import ProcessPoolExecutor
    from concurrent.futures.process import BrokenProcessPool
    from multiprocessing import get_context

    # A forked copy of a process with threads may wait for ever for a lock that a thread held; a spawned one cannot.
    pool = ProcessPoolExecutor(workers, get_context("spawn"), _die_at_once_when_interrupted)
    try:
        futures = [pool.submit(function, item) for item in items]
        for item, future in zip(items, futures, strict=True):
            try:
                answer = future.result()
            except BrokenProcessPool:
                raise WorkFailed(f"{item}: a worker process died. {_ADVICE}") from None
            except Exception as error:
                # What cannot be sent to a process, or back.
                raise WorkFailed(f"{item}: {type(error).__name__}: {error}") from error
            yield answer
    finally:
        pool.shutdown(wait=False, cancel_futures=True)


_ADVICE = (
    "In a script, work with workers= stands under `if __name__ == '__main__':`, because every worker imports the "
    "script; workers=1 needs no process"
)


def _die_at_once_when_interrupted() -> None:
    """Leave Ctrl-C to the parent: a traceback from each worker would bury what it says."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)
