"""Assertions for test suites: each says what it measured, what it expected, how far off is accepted, and why."""

from __future__ import annotations

import inspect
import math
from typing import Any

import numpy as np

from gainderive.errors import BadCallable, BadParameter, NoSuchGain, SeveralGains
from gainderive.montecarlo import cluster_test, planned_size
from gainderive.testing._initializer import ALPHA, ERROR, POWER, check_initializer
from gainderive.testing._layer import LayerSource, layer_source
from gainderive.testing._promise import Shape
from gainderive.testing._source import kept_randomness

ROUNDING = 4
"""Units in the last place by which a gain may differ: of the double that is compared, and of those it was made from."""
PILOT = 100
"""Layers drawn to plan how many are needed; they are tested too, before the others are drawn."""
PILOT_SHARE = 1 / 8
"""Share of alpha that the test of the pilot spends."""
LARGEST = 50_000
"""Most fresh layers."""


def assert_initializer(fn: Any, shape: Any, mode: str = "fan_in", gain: Any = 1.0, **settings: Any) -> None:
    r"""Assert that an initializer keeps its promise :math:`E W^2 = g^2/\mathrm{fan}`.

    Parameters
    ----------
    fn, shape, mode, gain, **settings
        As in :func:`check_initializer`, which makes the test, with the same defaults of `alpha`, `power` and `error`.

    Raises
    ------
    AssertionError
        When it does not; the message holds every reason.

    Examples
    --------
    >>> import numpy as np
    >>> def half(shape, rng):
    ...     return rng.normal(0, np.sqrt(1 / shape[1]), shape)
    >>> assert_initializer(half, (128, 64), gain="identity", distribution="normal")
    >>> assert_initializer(half, (128, 64), gain="relu", distribution="normal")  # doctest: +ELLIPSIS
    Traceback (most recent call last):
        ...
    AssertionError: half does not keep its promise: normal weights with second moment 2/fan_in
    - the gain measured is 1.0..., expected 1.41421 (accepted ...): the second moment is 0.5... times the promised one
    The gain is that of GD-0005. Refused by chance with probability at most 1e-06. To see this again: ...
    """
    __tracebackhide__ = True
    verdict = check_initializer(fn, shape, mode, gain, **settings)
    if not verdict.ok:
        settled = f"The gain is that of {verdict.promise.gain_id}. " if verdict.promise.gain_id else ""
        raise AssertionError(
            f"{verdict}\n{settled}Refused by chance with probability at most {verdict.alpha:g}. To see this again: "
            f"shape={verdict.shape}, seed={verdict.seed}."
        )


def assert_gain(
    measured: Any, activation: Any, criterion: str = "forward", *, error: float = 0.0, **parameters: Any
) -> None:
    """Assert that a gain, or what a function of an activation's name returns, is the derived one.

    Nothing here is random: a right gain is never refused, and one that is off by more than the bound always.

    Parameters
    ----------
    measured : number or callable
        The gain; or a function such as ``torch.nn.init.calculate_gain``, called with the activation and the values of
        the parameters, if there are any; by keyword where it does not take them by position.
    activation : str or anything that :func:`gainderive.gain` takes
        Whose gain it is.
    criterion : str
        Which of the five meanings of gain.
    error : float
        Relative error that is accepted besides rounding and the error of the derived gain itself, such as 0.005 for a
        constant that was published with two digits after the point.
    **parameters
        The activation's parameters.

    Raises
    ------
    AssertionError
        When it is not, or when there is no such gain.
    BadCallable
        When the function raises, or returns no number.

    Examples
    --------
    >>> assert_gain(2**0.5, "relu")
    >>> assert_gain(lambda name, slope: (2 / (1 + slope**2)) ** 0.5, "leaky_relu", negative_slope=0.2)
    >>> assert_gain(5 / 3, "tanh")
    Traceback (most recent call last):
        ...
    AssertionError: the gain of tanh is 1.66667, expected 1.59254 (accepted within 1.41e-15, from one value)
    The forward gain is derived in GD-0008: Gain(1.5925374197228315, enclosed, GD-0008)
    """
    __tracebackhide__ = True
    from gainderive.facade import gain as derive

    if not 0 <= error < 1:
        raise BadParameter(f"error is {error}; give a relative error of at least 0 and below 1")
    value, epsilon = _number(measured, activation, parameters)
    try:
        candidates = (derive(activation, criterion, **parameters),)
    except SeveralGains as several:
        candidates = several.roots
    except NoSuchGain as none:
        raise AssertionError(f"the gain of {activation} is {value:.6g}, expected none: {none}") from None
    expected = min(candidates, key=lambda gain: abs(float(gain) - value))
    bound = abs(float(expected)) * (error + ROUNDING * epsilon) + (expected.error or 0.0)
    if not abs(value - float(expected)) <= bound:
        set_to = "".join(f", {name} = {given}" for name, given in parameters.items())
        source = f"in {expected.id}" if expected.id else "by gainderive.derive"
        raise AssertionError(
            f"the gain of {expected.activation.name}{set_to} is {value:.6g}, expected {float(expected):.6g} "
            f"(accepted within {bound:.3g}, from one value)\n"
            f"The {expected.criterion} gain is derived {source}: {expected!r}"
        )


def assert_preserves_second_moment(
    layer: Any,
    shape: Any,
    *,
    activation: Any = None,
    second_moment: float = 1.0,
    alpha: float = ALPHA,
    power: float = POWER,
    error: float = ERROR,
    seed: int = 0,
) -> None:
    r"""Assert that a freshly initialized layer keeps the second moment of its preactivations: :math:`E u^2 = q`.

    The inputs are :math:`\phi(\sqrt q\, z)` with independent standard normal `z`; a layer with the gain of :math:`\phi`
    at `q` gives preactivations of second moment `q` again, at every width. Units of a layer share its inputs, and
    inputs share the weights; what is independent is a fresh draw of both. So one fresh layer with one fresh batch gives
    one value, and as many of them are drawn as are needed.

    Parameters
    ----------
    layer : callable or torch module
        A factory: called without arguments, or with the seed, generator or key for which it has an argument, it returns
        a freshly initialized layer, which is then called with a batch. Or a function of a batch that draws its own
        weights at every call, perhaps with an argument for seeding. Or a torch module, of which copies are initialized
        anew by their ``reset_parameters``.
    shape : sequence of int
        Shape of a batch of inputs, such as ``(32, 64)``. The wider the layer, the fewer draws are needed.
    activation : optional
        What stands before the layer: a name, or anything that :func:`gainderive.gain` takes. None: nothing.
    second_moment : float
        The `q` above.
    alpha : float
        Probability that a right layer is refused. It rests on the t test of :mod:`gainderive.montecarlo`.
    power, error : float
        A layer whose gain is off by the share `error` is refused at least with the probability `power`.
    seed : int
        Seeds inputs and layers; equal arguments give an equal verdict.

    Raises
    ------
    AssertionError
        When the second moment is not kept.
    BadParameter
        When more than ``LARGEST`` layers would be needed.
    BadCallable
        When the layer cannot be called, or returns something that is not finite numbers.

    Examples
    --------
    >>> import numpy as np
    >>> def he_layer(inputs, rng):
    ...     fan_in = inputs.shape[1]
    ...     return inputs @ rng.normal(0, np.sqrt(2 / fan_in), (fan_in, 256))
    >>> assert_preserves_second_moment(he_layer, (64, 256), activation="relu")
    >>> assert_preserves_second_moment(he_layer, (64, 256), activation="tanh")  # doctest: +ELLIPSIS
    Traceback (most recent call last):
        ...
    AssertionError: the second moment behind he_layer is 0.78..., expected 1 (accepted ..., from 100 fresh layers)
    The layer's gain would have to be 1.12... times as large; that of tanh is derived in GD-0008.
    Refused by chance with probability at most 1e-06. To see this again: shape=(64, 256), seed=0.
    """
    __tracebackhide__ = True
    for name, value in (("alpha", alpha), ("power", power), ("error", error)):
        if not 0 < value < 1:
            raise BadParameter(f"{name} is {value}; it lies strictly between 0 and 1")
    if not (second_moment > 0 and math.isfinite(second_moment)):
        raise BadParameter(f"the second moment is {second_moment}; give a positive number")
    batch = _batch_shape(shape)
    with kept_randomness(seed):
        source = layer_source(layer, batch, activation, second_moment, seed)
        values = source.values(PILOT)
        _require_mean(values, source, alpha * PILOT_SHARE, alpha, batch, seed)
        needed = _needed(values, alpha * (1 - PILOT_SHARE), power, error, batch)
        _require_mean(source.values(needed), source, alpha * (1 - PILOT_SHARE), alpha, batch, seed)


def _needed(pilot: Any, alpha: float, power: float, error: float, batch: Shape) -> int:
    """Return how many fresh values are needed, the pilot's variance taken with its own doubt."""
    deviations = pilot - pilot.mean()
    variance = float(pilot.var(ddof=1))
    skewness = float((deviations**3).mean() / deviations.std() ** 3) if variance > 0 else 0.0
    doubt = 1 + 3 * math.sqrt(2 / len(pilot))
    try:
        needed = planned_size(variance * doubt, 1 - (1 - error) ** 2, alpha, power, skewness)
    except BadParameter:
        needed = LARGEST + 1
    if needed > LARGEST:
        raise BadParameter(
            f"an error of {error:g} needs more than {LARGEST:,} layers, since the mean square over a batch of shape "
            f"{batch} fluctuates by {math.sqrt(variance):.2g}; make the layer wider, or ask for a larger error"
        )
    return max(PILOT, needed)


def _require_mean(values: Any, source: LayerSource, level: float, alpha: float, batch: Shape, seed: int) -> None:
    __tracebackhide__ = True
    test = cluster_test(values, 1.0, level)
    slack = source.rounding
    if abs(test.mean - 1) <= test.bound + slack:
        return
    q = source.second_moment
    ratio = math.inf if test.mean <= 0 else 1 / math.sqrt(test.mean)
    raise AssertionError(
        f"the second moment behind {source.name} is {q * test.mean:.6g}, expected {q:g} (accepted "
        f"{q * (1 - test.bound - slack):.6g} to {q * (1 + test.bound + slack):.6g}, from {test.size:,} fresh layers)\n"
        f"The layer's gain would have to be {ratio:.4g} times as large{source.settled}.\n"
        f"Refused by chance with probability at most {alpha:g}. To see this again: shape={batch}, seed={seed}."
    )


def _batch_shape(shape: Any) -> Shape:
    try:
        read = tuple(int(n) for n in shape)
    except (TypeError, ValueError):
        read = ()
    if not read or min(read) < 1:
        raise BadParameter(f"the shape is {shape!r}; give that of a batch of inputs, such as (32, 64)")
    return read


def _number(measured: Any, activation: Any, parameters: dict[str, Any]) -> tuple[float, float]:
    """Return a number and the relative spacing of its type."""
    from gainderive.numbers import exact

    if callable(measured):
        name = getattr(measured, "__name__", type(measured).__name__)
        try:
            measured = _called(measured, activation, parameters)
        except Exception as error:
            raise BadCallable(f"{name} fails for {activation!r}: {type(error).__name__}: {error}") from error
    if hasattr(measured, "detach"):
        measured = measured.detach().cpu().numpy()
    if hasattr(measured, "__array__") and np.ndim(measured) == 0:
        measured = np.asarray(measured)[()]
    epsilon = float(np.finfo(measured.dtype).eps) if isinstance(measured, np.floating) else 2.0**-52
    value = float(measured) if isinstance(measured, np.floating) else float(exact(measured, "the gain"))
    return value, epsilon


def _called(function: Any, activation: Any, parameters: dict[str, Any]) -> Any:
    """Return what a gain function returns, its parameters handed over by position or else by keyword."""
    try:
        inspect.signature(function).bind(activation, *parameters.values())
    except TypeError:
        return function(activation, **parameters)
    except ValueError:
        pass
    return function(activation, *parameters.values())
