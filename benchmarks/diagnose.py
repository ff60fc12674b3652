"""Ratios of `diagnose` to a plain forward and backward pass on models of 100 million parameters, all in one run.

Run: ``python -m benchmarks.diagnose``. Times are processor seconds, so that other work on the machine does not count;
memory is what a run adds at its peak to what the process holds before it.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import torch
from torch import nn

from gainderive.pytorch import diagnose

REPEATS = 3
TIMES, MEBIBYTES = 2.0, 200.0
"""What is wanted at most."""


def resident() -> float:
    """Return the memory of this process in MiB."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * 4096 / 2**20


@contextmanager
def peak() -> Iterator[list[float]]:
    """Watch the memory; the list's one number is by how much it grew at most."""
    start, grown, running = resident(), [0.0], True

    def watch() -> None:
        while running:
            grown[0] = max(grown[0], resident() - start)
            time.sleep(0.01)

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        yield grown
    finally:
        running = False
        watcher.join()


def measured(call: Callable[[], Any]) -> tuple[float, float]:
    """Return the least processor time of `REPEATS` calls, and the largest growth of memory."""
    times, sizes = [], []
    for _ in range(REPEATS):
        start = time.process_time()
        with peak() as grown:
            call()
        times.append(time.process_time() - start)
        sizes.append(grown[0])
    return min(times), max(sizes)


def perceptron() -> tuple[Any, Any]:
    """Return six hidden layers of 4096 units, and a batch."""
    layers = [part for _ in range(6) for part in (nn.Linear(4096, 4096), nn.ReLU())]
    return nn.Sequential(*layers, nn.Linear(4096, 10)), torch.randn(256, 4096)


def transformer() -> tuple[Any, Any]:
    """Return an encoder of eleven layers with 768 features and a vocabulary of 32,000, and a batch."""
    layer = nn.TransformerEncoderLayer(768, 12, 3072, batch_first=True, dropout=0.0)
    encoder = nn.TransformerEncoder(layer, 11, enable_nested_tensor=False)
    return nn.Sequential(nn.Embedding(32000, 768), encoder), torch.randint(0, 32000, (8, 64))


def main() -> None:
    """Print the table."""
    heads = {"parameters": 12, "plain s": 9, "diagnose s": 12, "ratio": 7, "plain MiB": 11, "diagnose MiB": 14}
    print(f"{'model':12}" + "".join(f"{head:>{width}}" for head, width in heads.items()))
    for make in (perceptron, transformer):
        torch.manual_seed(0)
        model, batch = make()

        def plain(model: Any = model, batch: Any = batch) -> None:
            model(batch).sum().backward()
            model.zero_grad(set_to_none=True)

        plain()
        diagnose(nn.Sequential(nn.Linear(4, 4), nn.ReLU()), torch.randn(8, 4))
        one, other = measured(plain), measured(lambda model=model, batch=batch: diagnose(model, batch))
        size = sum(parameter.numel() for parameter in model.parameters())
        ratio = other[0] / one[0]
        met = "met" if ratio <= TIMES and other[1] <= MEBIBYTES else "missed"
        times = f"{one[0]:9.2f}{other[0]:12.2f}{ratio:7.2f}"
        print(f"{make.__name__:12}{size:12,}{times}{one[1]:11.0f}{other[1]:14.0f}  {met}")


if __name__ == "__main__":
    main()
