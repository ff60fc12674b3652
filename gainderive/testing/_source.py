"""Initializers of any framework as one thing: something that returns an array for a shape and a number to seed it."""

from __future__ import annotations

import functools
import inspect
import random
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt

from gainderive.errors import BadCallable

T = TypeVar("T")
Call = Callable[[tuple[int, ...], int], Any]

SEEDING = ("generator", "rng", "key", "seed", "random_state", "prng_key", "prng")
"""Names of arguments that carry randomness, the more telling first."""


@dataclass(frozen=True)
class Drawn:
    """One answer of an initializer: its values in double precision, and what they were before."""

    values: npt.NDArray[np.float64]
    dtype: str
    epsilon: float
    """Relative spacing of the numbers that it returned; 0 where they were not floating point."""
    kind: str
    """``f`` for floating point, ``c`` complex, else NumPy's letter."""


@dataclass(frozen=True)
class Source:
    """An initializer and how it is called.

    Attributes
    ----------
    name : str
        For messages.
    call : callable
        ``call(shape, seed)`` returns what the initializer returned.
    takes_shape, takes_seed : bool
        Whether it can be asked for other shapes, and whether the seed means something to it.
    framework : str
        ``torch``, ``jax``, ``keras``, or ``numpy`` for everything else.
    """

    name: str
    call: Call
    takes_shape: bool
    takes_seed: bool
    framework: str

    def draw(self, shape: tuple[int, ...], seed: int) -> Drawn:
        """Return the values for one call.

        Raises
        ------
        BadCallable
            When the initializer raises, or returns no array of numbers.
        """
        try:
            returned = self.call(shape, seed)
        except Exception as error:
            raise BadCallable(
                f"{self.name} cannot be called with the shape {shape}: {type(error).__name__}: {error}"
            ) from error
        return as_drawn(returned, self.name)


def source(fn: Any, shape: tuple[int, ...]) -> Source:
    """Recognise how an initializer wants to be called.

    In this order: a Keras initializer (made anew from its configuration for each seed); a function whose first
    arguments are a key and a shape, as JAX has them; a function of :mod:`torch.nn.init`, or a partial of one, which
    fills a tensor; a function that takes ``shape`` as a keyword only; a function without arguments; else a function of
    a shape, or, if it fails on that, of a tensor, or of the axes' lengths one by one. A keyword among ``SEEDING`` that
    is not bound yet is used for seeding.

    Raises
    ------
    BadCallable
        For something that cannot be called, or needs more than a shape.
    """
    if isinstance(fn, type) and _is_keras(fn):
        fn = fn()
    if not callable(fn):
        raise BadCallable(f"{fn!r} cannot be called; give a function that returns weights for a shape")
    name = _name(fn)
    if _is_keras(type(fn)):
        return _keras(fn, name)
    parameters = _parameters(fn)
    if parameters is None:
        return _unknown_signature(fn, name, shape)
    if any(p.name == "dtype" and p.default is p.empty for p in parameters):
        fn, parameters = functools.partial(fn, dtype="float32"), [p for p in parameters if p.name != "dtype"]
    positional = [p for p in parameters if p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD)]
    if len(positional) > 1 and positional[0].name in SEEDING and positional[0].default is inspect.Parameter.empty:
        return _key_first(fn, name, positional[0], shape)
    seeding = next((p for wanted in SEEDING for p in parameters if p.name == wanted), None)
    first = next((p for p in positional if p is not seeding), None)
    variadic = any(p.kind is p.VAR_POSITIONAL for p in parameters)
    if first is None and any(p.kind is p.KEYWORD_ONLY and p.name == "shape" for p in parameters):
        return _of_shape(_by_keyword(fn), name, None, seeding, shape)
    if first is None and not variadic:
        return _without_shape(fn, name, seeding, shape)
    if first is None:
        try:
            return _of_shape(fn, name, None, seeding, shape)
        except BadCallable:
            return _of_shape(_by_lengths(fn), name, None, seeding, shape)
    return _of_shape(fn, name, first, seeding, shape)


def as_drawn(returned: Any, name: str) -> Drawn:
    """Return what an initializer returned as an array, with the precision that it had."""
    if hasattr(returned, "detach"):
        returned = returned.detach().cpu()
        dtype = str(returned.dtype).removeprefix("torch.")
        returned = returned.float().numpy() if dtype == "bfloat16" else returned.resolve_conj().numpy()
    else:
        try:
            returned = np.asarray(returned)
        except Exception as error:
            raise BadCallable(f"{name} returned {type(returned).__name__}, which is no array of numbers") from error
        dtype = str(returned.dtype)
        if dtype in ("bfloat16",) or dtype.startswith("float8"):
            returned = returned.astype(np.float32)
    kind = returned.dtype.kind
    if kind not in "fiubc":
        raise BadCallable(f"{name} returned an array of {dtype}; weights are numbers")
    values = returned.astype(np.float64) if kind != "c" else returned.astype(np.complex128)
    epsilon = 2.0**-7 if dtype == "bfloat16" else float(np.finfo(returned.dtype).eps) if kind in "fc" else 0.0
    return Drawn(values, dtype, epsilon, kind)


@contextmanager
def kept_randomness(seed: int) -> Iterator[None]:
    """Seed the global generators of Python, NumPy and torch, and give them back their states afterwards."""
    torch = sys.modules.get("torch")
    with ExitStack() as stack:
        stack.callback(random.setstate, random.getstate())
        stack.callback(np.random.set_state, np.random.get_state())  # noqa: NPY002 - whose state others use
        random.seed(seed)
        np.random.seed(seed % 2**32)  # noqa: NPY002
        if torch is not None:
            stack.enter_context(torch.random.fork_rng(devices=[]))
            torch.default_generator.manual_seed(seed)
        yield


def _name(fn: Any) -> str:
    inner = fn
    while isinstance(inner, functools.partial):
        inner = inner.func
    return getattr(inner, "__name__", type(inner).__name__)


def _parameters(fn: Any) -> list[inspect.Parameter] | None:
    """Return the parameters of a function that are not bound yet, or None where Python does not know them."""
    try:
        parameters = inspect.signature(fn).parameters.values()
    except (TypeError, ValueError):
        return None
    bound = fn.keywords if isinstance(fn, functools.partial) else {}
    return [p for p in parameters if p.name not in bound]


def _is_keras(kind: type) -> bool:
    return any(base.__module__.split(".")[0] in ("keras", "tf_keras") for base in kind.__mro__) and hasattr(
        kind, "from_config"
    )


def _keras(fn: Any, name: str) -> Source:
    config = fn.get_config()
    seeded = "seed" in config

    def call(shape: tuple[int, ...], seed: int) -> Any:
        made = type(fn).from_config(config | {"seed": seed % 2**31}) if seeded else fn
        return _keras_array(made(shape))

    return Source(name, call, takes_shape=True, takes_seed=seeded, framework="keras")


def _keras_array(returned: Any) -> Any:
    return returned if hasattr(returned, "detach") else np.asarray(returned)


def _key_first(fn: Any, name: str, argument: inspect.Parameter, shape: tuple[int, ...]) -> Source:
    def calling(make: Callable[[int], Any]) -> Call:
        return lambda shape, seed: fn(make(seed), shape)

    make = _first_that_works(seed_makers(argument), calling, name, shape)
    return Source(name, calling(make), True, True, "jax" if make is _jax_key else "numpy")


def _by_keyword(fn: Any) -> Callable[..., Any]:
    """Return a function of a shape for one that takes it by keyword only."""
    return lambda shape, **settings: fn(shape=shape, **settings)


def _by_lengths(fn: Any) -> Callable[..., Any]:
    """Return a function of a shape for one that takes each axis' length as an argument, as ``numpy.random.randn``."""
    return lambda shape, **settings: fn(*shape, **settings)


def _without_shape(fn: Any, name: str, seeding: inspect.Parameter | None, shape: tuple[int, ...]) -> Source:
    if seeding is None:
        return Source(name, lambda shape, seed: fn(), False, False, "numpy")

    def calling(make: Callable[[int], Any]) -> Call:
        return lambda shape, seed: fn(**{seeding.name: make(seed)})

    make = _first_that_works(seed_makers(seeding), calling, name, shape)
    return Source(name, calling(make), False, True, "numpy")


def _of_shape(
    fn: Any, name: str, first: inspect.Parameter | None, seeding: inspect.Parameter | None, shape: tuple[int, ...]
) -> Source:
    """Return a source for a function of a shape, of a tensor to fill, or of the lengths one by one, whichever works."""
    if first is not None and _fills_tensors(fn, first):
        ways = [_filling]
    else:
        ways = [_returning, *([_filling] if "torch" in sys.modules else []), _spreading]
    candidates = [
        (way, make)
        for way in ways
        for make in ([_nothing] if seeding is None else seed_makers(seeding, of_tensor=way is _filling))
    ]

    def calling(candidate: tuple[Callable[..., Call], Callable[[int], Any]]) -> Call:
        way, make = candidate
        if seeding is None or make is _nothing:
            return way(fn, lambda seed: {})
        return way(fn, lambda seed: {seeding.name: make(seed)})

    chosen = _first_that_works(candidates, calling, name, shape)
    way, make = chosen
    return Source(name, calling(chosen), True, make is not _nothing, "torch" if way is _filling else "numpy")


def _first_that_works(candidates: Sequence[T], calling: Callable[[T], Call], name: str, shape: tuple[int, ...]) -> T:
    """Return the first candidate whose way of calling returns or fills numbers."""
    reasons = []
    for candidate in candidates:
        try:
            as_drawn(calling(candidate)(shape, 0), name)
        except Exception as error:
            reasons.append(f"{type(error).__name__}: {error}")
        else:
            return candidate
    raise BadCallable(f"{name} cannot be called with the shape {shape}: {reasons[0]}")


def _unknown_signature(fn: Any, name: str, shape: tuple[int, ...]) -> Source:
    """Return a source for a function whose parameters Python does not know: called with a shape, else with nothing."""
    candidates: list[tuple[bool, Call]] = [(True, _returning(fn, lambda seed: {})), (False, lambda shape, seed: fn())]
    takes_shape, call = _first_that_works(candidates, lambda candidate: candidate[1], name, shape)
    return Source(name, call, takes_shape, False, "numpy")


def _returning(fn: Any, settings: Callable[[int], dict[str, Any]]) -> Call:
    return lambda shape, seed: fn(shape, **settings(seed))


def _spreading(fn: Any, settings: Callable[[int], dict[str, Any]]) -> Call:
    return lambda shape, seed: fn(*shape, **settings(seed))


def _filling(fn: Any, settings: Callable[[int], dict[str, Any]]) -> Call:
    torch = sys.modules["torch"]

    def call(shape: tuple[int, ...], seed: int) -> Any:
        tensor = torch.zeros(shape)
        with torch.no_grad():
            returned = fn(tensor, **settings(seed))
        return tensor if returned is None else returned

    return call


def _fills_tensors(fn: Any, first: inspect.Parameter) -> bool:
    inner = fn
    while isinstance(inner, functools.partial):
        inner = inner.func
    of_torch = (getattr(inner, "__module__", "") or "").startswith("torch.nn.init")
    return "torch" in sys.modules and (of_torch or "Tensor" in str(first.annotation))


def seed_makers(argument: inspect.Parameter, *, of_tensor: bool = False) -> list[Callable[[int], Any]]:
    """Return what may make of a seed the object that an argument expects, the likeliest first."""
    if argument.name in ("seed", "random_state"):
        makers: list[Callable[[int], Any]] = [_whole]
    else:
        makers = [np.random.default_rng]
        if "jax" in sys.modules:
            makers.insert(0 if "key" in argument.name else 1, _jax_key)
        if "torch" in sys.modules:
            likely = of_tensor or "torch" in str(argument.annotation)
            makers.insert(0 if likely else len(makers), _torch_generator)
    optional = argument.default is not inspect.Parameter.empty
    return [*makers, _nothing] if optional else makers


def _whole(seed: int) -> int:
    return seed % 2**31


def _torch_generator(seed: int) -> Any:
    return sys.modules["torch"].Generator().manual_seed(seed)


def _jax_key(seed: int) -> Any:
    return sys.modules["jax"].random.key(seed % 2**31)


def _nothing(seed: int) -> None:
    """Stand for an argument that is left out."""
