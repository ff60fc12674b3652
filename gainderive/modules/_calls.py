"""How to call an object with an array of doubles: through the framework it comes from, without leaving traces.

Modules are copied and the copy is brought to double precision, so the object keeps its mode, its gradients and its
buffers; torch's random state is put back after every call. jax computes in doubles only inside ``enable_x64``, which is
left again.
"""

from __future__ import annotations

import copy
import itertools
import math
import sys
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from importlib import import_module
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gainderive.callables import pointwise
from gainderive.errors import BadCallable
from gainderive.modules._names import origin

Array = NDArray[np.float64]
Answer = Callable[[Array], Any]


def calls(what: Any) -> tuple[Answer, ...]:
    """Return the ways in which `what` might want to be called, the most likely first.

    >>> import math, numpy
    >>> [float(call(numpy.array([0.0]))[0]) for call in calls(math.cos)[-1:]]
    [1.0]
    """
    match origin(what):
        case "torch":
            return _with_tensors(what)
        case "jax":
            return (_with_jax(what),)
        case "keras":
            return (_with_keras(what),)
    # A user's own function does not tell which arrays it wants.
    found: list[Answer] = [_plainly(what)]
    if "jax" in sys.modules:
        found.append(_with_jax(what))
    if "torch" in sys.modules:
        found.extend(_with_tensors(what))
    return (*found, pointwise(what))


def _plainly(what: Any) -> Answer:
    def answer(x: Array) -> Any:
        returned = what(x)
        if (package := type(returned).__module__.partition(".")[0]) in ("jax", "jaxlib", "torch"):
            raise BadCallable(f"returns an array of {package}, so it is called with one") from TypeError("not NumPy's")
        return returned

    return answer


def _with_tensors(what: Any) -> tuple[Answer, ...]:
    torch = sys.modules["torch"]
    called, double = what, what
    if isinstance(what, torch.nn.Module):
        try:
            called, double = copy.deepcopy(what), copy.deepcopy(what).double()
        except Exception as error:
            raise BadCallable(
                f"{type(what).__name__} cannot be copied ({error}), and a module is not called itself, since that may "
                "change it; pass a function"
            ) from error

    seeds = itertools.count()

    def answers(function: Any, dtype: Any) -> Answer:
        def answer(x: Array) -> Any:
            with torch.random.fork_rng(devices=[]), torch.no_grad():
                torch.manual_seed(next(seeds))  # Else a random function would repeat itself.
                returned = function(torch.from_numpy(x).to(dtype))
            if not isinstance(returned, torch.Tensor):
                return returned
            returned = returned.detach().cpu()
            # NumPy has no bfloat16; the half precision of float16 is the nearest that tells how few digits there are.
            return (returned.half() if returned.dtype == torch.bfloat16 else returned).numpy()

        return answer

    return answers(double, torch.float64), answers(called, torch.float32)


def _with_jax(what: Any) -> Answer:
    jax = sys.modules["jax"]

    def answer(x: Array) -> Any:
        # jax compiles for every shape anew, so there are only a few: powers of 8.
        size = 8 ** math.ceil(math.log(max(x.size, 64), 8) - 1e-9)
        padded = np.concatenate([x, np.full(size - x.size, x[-1])])
        with _doubles(jax):
            returned = np.asarray(what(jax.numpy.asarray(padded)))
        return returned[: x.size] if returned.shape == padded.shape else returned

    return answer


def _doubles(jax: Any) -> AbstractContextManager[Any]:
    """Return the context in which jax keeps doubles; it has moved between versions."""
    enable = jax.enable_x64 if hasattr(jax, "enable_x64") else import_module("jax.experimental").enable_x64
    context: AbstractContextManager[Any] = enable(True)
    return context


def _with_keras(what: Any) -> Answer:
    keras = sys.modules["keras"]
    backend = keras.backend.backend()

    def answer(x: Array) -> Any:
        quietly = sys.modules["torch"].no_grad() if backend == "torch" else nullcontext()
        with _doubles(sys.modules["jax"]) if backend == "jax" else nullcontext(), quietly:
            return keras.ops.convert_to_numpy(what(keras.ops.convert_to_tensor(x, dtype="float64")))

    return answer
