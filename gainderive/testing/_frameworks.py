"""The initializers of the frameworks that are installed, found by looking into their modules, with what each promises.

What is data here is how names and arguments are read: that *kaiming* and *he* stand for the gain of a rectifier over
fan_in, that ``std`` is a standard deviation. No verdict is.
"""

from __future__ import annotations

import functools
import importlib
import inspect
import itertools
import math
import os
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from gainderive.errors import GainderiveError, MissingExtra
from gainderive.testing._conformance import Conformance
from gainderive.testing._initializer import check_initializer
from gainderive.testing._promise import FANS, Promise, read_gain

MODULES = {
    "torch": "torch.nn.init",
    "jax": "jax.nn.initializers",
    "flax": "flax.linen.initializers",
    "keras": "keras.initializers",
}
"""Where each package keeps its initializers."""
ALPHA = 1e-9
"""False-alarm rate of one test; a table makes some hundred of them."""
SHAPES = {"oi": (48, 32), "io": (32, 48)}
"""A shape that is not square, for each order of axes."""
LAWS = ("normal", "uniform", "truncated_normal", "untruncated_normal")
"""Words for a distribution that an argument of that name may take."""
REQUIRED: Mapping[str, Any] = {"scale": 1.0, "val": 1.0, "value": 1.0}
"""Values for arguments without a default."""


@dataclass(frozen=True)
class Found:
    """An initializer that was found, with all its arguments set.

    Attributes
    ----------
    package, name : str
        Where it is, and what it is called there.
    settings : mapping
        Arguments that are not left at their defaults.
    arguments : mapping
        All arguments by name, with the values that they have.
    initializer : callable
        What :func:`check_initializer` takes.
    text : str
        Its documentation.
    """

    package: str
    name: str
    settings: Mapping[str, Any]
    arguments: Mapping[str, Any]
    initializer: Any
    text: str

    @property
    def layout(self) -> str:
        """The order of axes in its package."""
        return "oi" if self.package == "torch" else "io"

    def __str__(self) -> str:
        settings = ", ".join(f"{name}={value!r}" for name, value in self.settings.items())
        return f"{self.name}({settings})" if settings else self.name


@dataclass(frozen=True)
class ConformanceRow:
    """An initializer, the verdict on what it says, and what its weights were found to follow instead, if anything."""

    found: Found
    verdict: Conformance
    follows: Promise | None

    @property
    def cells(self) -> tuple[str, str, str, str]:
        """Name, promise, verdict, and what was found, in words."""
        if self.verdict.ok:
            finding = ""
        elif self.follows is not None:
            finding = f"keeps: {self.follows}"
        else:
            finding = self.verdict.reasons[0]
        return (
            f"`{self.found.package}`: `{self.found}`",
            str(self.verdict.promise),
            "yes" if self.verdict.ok else "**no**",
            finding,
        )


@dataclass(frozen=True)
class ConformanceTable:
    """The verdicts on the initializers of some packages.

    Attributes
    ----------
    rows : tuple of ConformanceRow
        In the order in which their modules name them.
    versions : tuple of str
        The packages with their versions.
    unread : tuple of str
        Initializers whose names and arguments promise no scale or no centred weights, or that need shapes of another
        kind.
    """

    rows: tuple[ConformanceRow, ...]
    versions: tuple[str, ...]
    unread: tuple[str, ...]

    def to_markdown(self) -> str:
        """Return the table as Markdown."""
        head = ("initializer", "what its name and arguments say", "kept", "what was found")
        lines = [head, ("---",) * len(head), *(row.cells for row in self.rows)]
        return "\n".join("| " + " | ".join(cell.replace("|", r"\|") for cell in line) + " |" for line in lines)

    def __str__(self) -> str:
        lines = [" - ".join(cell.replace("`", "").replace("*", "") for cell in row.cells if cell) for row in self.rows]
        return "\n".join(lines)


def conformance_table(*packages: str) -> ConformanceTable:
    """Test the initializers of some packages, or of all that are known and installed.

    They are found in the packages' modules. What each promises is read from its name, its arguments and its
    documentation; where the promise is not kept, the other distributions are tried on the same scale.

    Parameters
    ----------
    *packages : str
        ``"torch"``, ``"jax"``, ``"flax"`` or ``"keras"``; none means all that are installed.

    Raises
    ------
    MissingExtra
        For a package asked for that is not installed or not known.

    Examples
    --------
    ``print(conformance_table("torch"))`` shows a line for each initializer of ``torch.nn.init``.

    >>> conformance_table("tensorflow")  # doctest: +ELLIPSIS
    Traceback (most recent call last):
        ...
    gainderive.errors.MissingExtra: ... needs tensorflow, which is not installed: known are torch, jax, flax, keras
    """
    chosen = packages or tuple(name for name in MODULES if _installed(name))
    rows, unread = [], []
    for package in chosen:
        for found in initializers(package):
            promise = read_promise(found)
            row = None if promise is None else _row(found, promise)
            if row is None:
                unread.append(f"{package}: {found}")
            else:
                rows.append(row)
    return ConformanceTable(tuple(rows), tuple(f"{name} {version(name)}" for name in chosen), tuple(unread))


def initializers(package: str) -> Iterator[Found]:
    """Yield the initializers of a package, each with every mode and distribution that it accepts; aliases only once."""
    module = _module(package)
    seen: list[Any] = []
    for name in sorted(dir(module)):
        thing = getattr(module, name)
        if name.startswith("_") or not callable(thing) or any(thing is other for other in seen):
            continue
        if not _makes_weights(package, name, thing):
            continue
        seen.append(thing)
        yield from _settings_of(package, name, thing)


def read_promise(found: Found) -> Promise | None:
    """Return what the name, the arguments and the documentation of an initializer say, or None if that is no scale."""
    words = set(re.findall(r"[a-z]+", re.sub(r"(?<=[a-z])(?=[A-Z])", "_", found.name).lower()))
    value = found.arguments
    base = Promise(layout=found.layout, distribution=_distribution(found, words))
    if words & {"ones", "zeros", "constant"}:
        constant = float(value.get("val", value.get("value", float("ones" in words))))
        return replace(base, distribution="constant", gain=constant)
    if "delta" in words:
        return None
    if "orthogonal" in words:
        return replace(base, distribution="orthogonal", gain=float(value.get("gain", value.get("scale", 1.0))))
    if words & {"kaiming", "he"}:
        gain, settled = read_gain("relu")
        return replace(base, gain=gain, gain_id=settled, mode=value.get("mode", "fan_in"))
    if words & {"xavier", "glorot"}:
        return replace(base, gain=float(value.get("gain", 1.0)), mode="fan_avg")
    if "lecun" in words:
        return base
    if {"variance", "scaling"} <= words:
        return replace(base, gain=math.sqrt(float(value["scale"])), mode=value["mode"])
    if base.distribution == "uniform":
        return _of_bounds(base, value)
    deviation = value.get("std", value.get("stddev"))
    if base.distribution is not None and deviation is not None and not words & {"sparse"}:
        return replace(base, mode="none", gain=float(deviation))
    return None


def _distribution(found: Found, words: set[str]) -> str | None:
    stated = found.arguments.get("distribution")
    if stated is not None:
        # What a package calls so is read as it says; where "normal" means a truncated one, the table shows it.
        return "normal" if stated == "untruncated_normal" else str(stated)
    if "uniform" in words:
        return "uniform"
    if words & {"trunc", "truncated"} or ("normal" in words and "truncated" in found.text):
        return "truncated_normal"
    return "normal" if "normal" in words else None


def _of_bounds(base: Promise, value: Mapping[str, Any]) -> Promise | None:
    """Return the promise of a uniform distribution between stated ends, or None if it is not centred."""
    names = next((pair for pair in (("a", "b"), ("minval", "maxval")) if pair[0] in value), None)
    low, high = (0.0, float(value["scale"])) if names is None else (float(value[name]) for name in names)
    square = (low * low + low * high + high * high) / 3
    return replace(base, mode="none", gain=math.sqrt(square)) if low == -high else None


def _row(found: Found, promise: Promise) -> ConformanceRow | None:
    try:
        verdict = _check(found, promise)
    except GainderiveError:
        return None
    follows = None
    if not verdict.ok and promise.law is not None:
        candidates = (
            replace(promise, distribution=law, corrected=corrected)
            for law, corrected in (
                ("truncated_normal", True),
                ("truncated_normal", False),
                ("normal", True),
                ("uniform", True),
            )
        )
        follows = next((other for other in candidates if other != promise and _check(found, other).ok), None)
    return ConformanceRow(found, verdict, follows)


def _check(found: Found, promise: Promise) -> Conformance:
    return check_initializer(
        found.initializer,
        SHAPES[found.layout],
        promise.mode,
        promise.gain,
        promise.distribution,
        alpha=ALPHA,
        corrected=promise.corrected,
        layout=found.layout,
    )


def _makes_weights(package: str, name: str, thing: Any) -> bool:
    """Tell whether a public object of the module is an initializer, or makes one."""
    if package == "torch":
        return inspect.isfunction(thing) and name.endswith("_")
    if package == "keras":
        # Each is there under the name of its class, and again in lower case.
        return (
            isinstance(thing, type)
            and name != "Initializer"
            and name == thing.__name__
            and not inspect.isabstract(thing)
        )
    return inspect.isfunction(thing) and name != "Initializer"


def _settings_of(package: str, name: str, thing: Any) -> Iterator[Found]:
    """Yield an initializer with every mode and distribution that it accepts."""
    parameters = inspect.signature(thing).parameters
    choices: dict[str, tuple[Any, ...]] = {}
    for parameter in parameters.values():
        if parameter.name == "mode":
            choices["mode"] = tuple(mode for mode in FANS if mode != "none")
        elif parameter.name == "distribution":
            choices["distribution"] = LAWS
        elif parameter.default is parameter.empty and parameter.name in REQUIRED:
            choices[parameter.name] = (REQUIRED[parameter.name],)
    for values in itertools.product(*choices.values()):
        settings = dict(zip(choices, values, strict=True))
        initializer = _made(package, thing, settings)
        if initializer is not None:
            defaults = {p.name: p.default for p in parameters.values() if p.default is not p.empty}
            shown = {key: value for key, value in settings.items() if key not in defaults or len(choices[key]) > 1}
            yield Found(package, name, shown, defaults | settings, initializer, inspect.getdoc(thing) or "")


def _made(package: str, thing: Any, settings: Mapping[str, Any]) -> Any:
    """Return what fills or gives weights, or None where the settings are refused."""
    if package == "torch":
        made: Callable[..., Any] = functools.partial(thing, **settings)
    elif "key" in inspect.signature(thing).parameters:
        return thing
    else:
        try:
            made = thing(**settings)
        except (TypeError, ValueError):
            return None
    try:
        check_initializer(made, SHAPES["oi"], "none", 1.0, "constant")
    except GainderiveError:
        return None if settings else made
    return made


def _installed(package: str) -> bool:
    try:
        version(package)
    except PackageNotFoundError:
        return False
    return True


def _module(package: str) -> Any:
    if package not in MODULES or not _installed(package):
        raise MissingExtra("the table of its initializers", package, "dev", how=f"known are {', '.join(MODULES)}")
    if package == "keras":
        os.environ.setdefault("KERAS_BACKEND", "torch" if _installed("torch") else "jax")
    return importlib.import_module(MODULES[package])
