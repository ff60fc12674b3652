"""Layers of any framework as one thing: something that gives a fresh layer's outputs for fresh inputs."""

from __future__ import annotations

import copy
import inspect
import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from gainderive.errors import BadCallable, BadParameter
from gainderive.testing._source import SEEDING, as_drawn, seed_makers

Array = npt.NDArray[np.float64]
FreshLayer = Callable[[int], Callable[[Any], Any]]


@dataclass(frozen=True)
class LayerSource:
    """A layer to draw anew, and its inputs.

    Attributes
    ----------
    name : str
        For messages.
    fresh : callable
        ``fresh(seed)`` returns a function of a batch, with weights of its own.
    inputs : callable
        ``inputs(generator)`` returns a batch, in double precision.
    second_moment : float
        The second moment expected behind the layer.
    settled : str
        What to say of the gain that was expected.
    framework : str
        ``torch``, ``jax`` or ``numpy``: of what a batch is made.
    generator : Generator
        Of inputs and seeds.
    """

    name: str
    fresh: FreshLayer
    inputs: Callable[[np.random.Generator], Array]
    second_moment: float
    settled: str
    framework: str
    generator: np.random.Generator
    rounding: float = 2.0**-18

    def values(self, count: int) -> Array:
        """Return the mean square of outputs over what is expected, for each of `count` fresh layers and batches."""
        return np.array([self._value() for _ in range(count)])

    def _value(self) -> float:
        batch = self.inputs(self.generator)
        seed = int(self.generator.integers(2**31))
        try:
            returned = self.fresh(seed)(_batch(batch, self.framework))
        except Exception as error:
            raise BadCallable(f"{self.name} cannot be called: {type(error).__name__}: {error}") from error
        drawn = as_drawn(returned, self.name)
        if drawn.kind not in "fiu" or not np.isfinite(drawn.values).all():
            raise BadCallable(f"{self.name} returns outputs of type {drawn.dtype} that are not all finite real numbers")
        return float(np.mean(drawn.values**2)) / self.second_moment


def layer_source(layer: Any, batch: tuple[int, ...], activation: Any, second_moment: float, seed: int) -> LayerSource:
    """Recognise what a layer is and how to draw it anew."""
    generator = np.random.default_rng(seed)
    if not callable(layer):
        raise BadCallable(f"{layer!r} cannot be called; give a layer, a function of a batch, or a factory of layers")
    name = getattr(layer, "__name__", type(layer).__name__)
    torch = sys.modules.get("torch")
    inputs, settled = _inputs(batch, activation, second_moment)
    if torch is not None and isinstance(layer, torch.nn.Module):
        fresh: FreshLayer = _reset_copies(layer, torch)
    else:
        fresh = _fresh(layer, inputs(np.random.default_rng(seed)), name)
    framework = _framework(fresh, inputs(np.random.default_rng(seed)), name)
    return LayerSource(name, fresh, inputs, second_moment, settled, framework, generator)


def _inputs(
    batch: tuple[int, ...], activation: Any, second_moment: float
) -> tuple[Callable[[np.random.Generator], Array], str]:
    scale = np.sqrt(second_moment)
    if activation is None:
        return (lambda generator: scale * generator.standard_normal(batch)), ""
    from sympy import lambdify

    from gainderive import symbols
    from gainderive.activations import Activation
    from gainderive.callables import Opaque
    from gainderive.facade import gain as derive

    found = derive(activation)
    settled = f"; that of {found.activation.name} is derived in {found.id}" if found.id else ""
    match found.activation:
        case Activation() as known:
            phi = lambdify(symbols.x, known.expression, modules=["scipy", "numpy"])
        case Opaque() as unknown:
            phi = unknown.function
        case unit:
            raise BadParameter(f"{unit.name} is a unit of several preactivations; give an elementwise activation")

    def inputs(generator: np.random.Generator) -> Array:
        with np.errstate(all="ignore"):
            return np.broadcast_to(phi(scale * generator.standard_normal(batch)), batch)

    return inputs, settled


def _reset_copies(layer: Any, torch: Any) -> FreshLayer:
    resettable = [module for module in layer.modules() if hasattr(module, "reset_parameters")]
    if not resettable:
        raise BadCallable(f"{type(layer).__name__} has no reset_parameters; give a function that makes a fresh layer")

    def fresh(seed: int) -> Callable[[Any], Any]:
        torch.default_generator.manual_seed(seed)
        made = copy.deepcopy(layer)
        for module in made.modules():
            if hasattr(module, "reset_parameters"):
                module.reset_parameters()
        return made  # type: ignore[no-any-return]

    return fresh


def _fresh(layer: Any, batch: Array, name: str) -> FreshLayer:
    """Return what draws a layer, from a factory or from a function of a batch that draws its own weights."""
    try:
        parameters = list(inspect.signature(layer).parameters.values())
    except (TypeError, ValueError):
        parameters = []
    required = [
        p for p in parameters if p.default is p.empty and p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD)
    ]
    seeding = next((p for wanted in SEEDING for p in parameters if p.name == wanted), None)
    takes_batch = any(p is not seeding for p in required)
    makers = [None] if seeding is None else seed_makers(seeding)

    def calling(make: Callable[[int], Any] | None) -> FreshLayer:
        def fresh(seed: int) -> Callable[[Any], Any]:
            seeded = {} if make is None or seeding is None else {seeding.name: make(seed)}
            _seed_globally(seed)
            if takes_batch:
                return lambda inputs: layer(inputs, **seeded)
            return layer(**seeded)  # type: ignore[no-any-return]

        return fresh

    reasons = []
    for make in makers:
        for framework in ("numpy", "torch", "jax"):
            try:
                calling(make)(0)(_batch(batch, framework))
            except Exception as error:
                reasons.append(f"{type(error).__name__}: {error}")
            else:
                return calling(make)
    raise BadCallable(f"{name} cannot be called with a batch of shape {batch.shape}: {reasons[0]}")


def _framework(fresh: FreshLayer, batch: Array, name: str) -> str:
    """Return the first framework whose arrays the layer accepts."""
    reasons = []
    for framework in ("numpy", "torch", "jax"):
        if framework != "numpy" and framework not in sys.modules:
            continue
        try:
            as_drawn(fresh(0)(_batch(batch, framework)), name)
        except Exception as error:
            reasons.append(f"{type(error).__name__}: {error}")
        else:
            return framework
    raise BadCallable(f"{name} cannot be called with a batch of shape {batch.shape}: {reasons[-1]}")


def _batch(batch: Array, framework: str) -> Any:
    if framework == "torch":
        torch = sys.modules["torch"]
        return torch.as_tensor(np.array(batch), dtype=torch.get_default_dtype())
    if framework == "jax":
        return sys.modules["jax"].numpy.asarray(batch)
    return batch


def _seed_globally(seed: int) -> None:
    """Seed the global generators from which a layer may draw; the caller gives them back as they were."""
    np.random.seed(seed % 2**32)  # noqa: NPY002
    if "torch" in sys.modules:
        sys.modules["torch"].default_generator.manual_seed(seed)
