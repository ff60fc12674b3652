"""Whether an initializer does what its name says."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from gainderive.errors import BadParameter
from gainderive.testing._check import Check
from gainderive.testing._conformance import Conformance
from gainderive.testing._promise import Promise, read_gain, read_shape
from gainderive.testing._sampler import Broken, Sampler
from gainderive.testing._source import kept_randomness, source

ALPHA = 1e-6
"""Default probability that an initializer that keeps its promise is refused."""
POWER = 0.999
"""Default probability that one whose gain is off by ``ERROR`` is refused."""
ERROR = 0.01
"""Default relative error of the gain that has to be noticed."""


def check_initializer(
    fn: Any,
    shape: Any,
    mode: str = "fan_in",
    gain: Any = 1.0,
    distribution: str | None = None,
    *,
    alpha: float = ALPHA,
    power: float = POWER,
    error: float = ERROR,
    truncation: float = 2.0,
    corrected: bool = True,
    layout: str | None = None,
    vary_shape: bool = True,
    seed: int = 0,
) -> Conformance:
    r"""Test whether an initializer keeps its promise: :math:`E W^2 = g^2/\mathrm{fan}`, mean 0, and its distribution.

    The test is sequential and anytime valid: it looks at growing data and stops as soon as something is refused, and
    the probability that one that keeps its promise is ever refused, by any of the sub-tests at any look, is at most
    `alpha`. A gain that is off by the share `error` is refused at least with the probability `power`. See the page
    *Test with stated error rates* for the sub-tests and the theorems under them.

    Parameters
    ----------
    fn : callable
        Something that returns weights: NumPy, torch, jax or Keras arrays, or nested lists. It is called as
        ``fn(shape)`` or ``fn()``. Recognised besides: functions that fill a torch tensor in place, such as those of
        ``torch.nn.init``; JAX's ``init(key, shape)``; Keras' initializers, which are made anew with a seed for each
        call. An argument called ``generator``, ``rng``, ``key``, ``seed`` or ``random_state`` is used for seeding.
    shape : sequence of int
        Shape of the weights, in the order of `layout`. Other shapes, derived from it, are asked for too.
    mode : str
        ``"fan_in"``, ``"fan_out"``, ``"fan_avg"``, ``"fan_geo_avg"``, or ``"none"`` for a scale that depends on no fan.
        Without a meaning for orthogonal weights, of which :math:`W W^T = g^2 I` or :math:`W^T W = g^2 I` is promised.
    gain : number, str or Gain
        The gain, or the activation whose gain it is.
    distribution : str, optional
        ``"normal"``, ``"uniform"``, ``"truncated_normal"``, ``"orthogonal"``, or ``"constant"`` (all weights equal
        to the gain). None: any distribution with mean 0 and that second moment.
    alpha, power, error : float
        See above.
    truncation : float
        For truncated normal weights: where the normal is cut off, in its standard deviations.
    corrected : bool
        For truncated normal weights: whether the promised second moment is that after truncation, or before.
    layout : str, optional
        ``"oi"``: (out, in, \*kernel), as in torch; ``"io"``: (\*kernel, in, out), as in JAX and Keras. Left out:
        ``"io"`` for initializers that are recognised as JAX's or Keras', else ``"oi"``.
    vary_shape : bool
        Whether other shapes are asked for. If not, the dependence on the fans is not tested.
    seed : int
        Seed of the calls and of the test's own choices; the global generators of Python, NumPy and torch are seeded
        with it too, and given back as they were. Equal arguments give an equal verdict.

    Raises
    ------
    BadParameter
        For arguments that make no promise, or probabilities outside (0, 1).
    BadCallable
        When `fn` cannot be called, raises, or returns something that is not numbers.

    Examples
    --------
    >>> import numpy as np
    >>> def he(shape, rng):
    ...     return rng.normal(0, np.sqrt(2 / shape[1]), shape)
    >>> check_initializer(he, (128, 64), mode="fan_in", gain="relu", distribution="normal").ok
    True
    >>> wrong = check_initializer(he, (128, 64), mode="fan_in", gain="tanh", distribution="normal")
    >>> print(wrong.reasons[0])  # doctest: +ELLIPSIS
    the gain measured is 1.4..., expected 1.59254 (accepted ...): the second moment is 0.7... times the promised one
    """
    for name, value in (("alpha", alpha), ("power", power), ("error", error)):
        if not 0 < value < 1:
            raise BadParameter(f"{name} is {value}; it lies strictly between 0 and 1")
    number, gain_id = read_gain(gain)
    asked = Promise(mode, number, distribution, float(truncation), corrected, layout or "oi", gain_id)
    read = read_shape(shape, asked)
    with kept_randomness(seed):
        origin = source(fn, read)
        if layout is None and origin.framework in ("jax", "keras"):
            asked = replace(asked, layout="io")
        sampler = Sampler(origin, asked, read, seed, varies=vary_shape)
        sampler.probe_other_shapes()
        checks: list[Check] = []
        looks = 0
        try:
            for checks_of_look in _examination(sampler, asked, alpha, power, error):
                looks += 1
                checks += checks_of_look
                if not all(check.ok for check in checks_of_look):
                    break
        except Broken as broken:
            checks.append(broken.check)
    return Conformance(
        origin.name,
        asked,
        read,
        tuple(checks),
        tuple(sampler.notes),
        sampler.weights,
        sampler.calls,
        looks,
        alpha,
        power,
        error,
        seed,
    )


def _examination(sampler: Sampler, promise: Promise, alpha: float, power: float, error: float) -> Iterator[list[Check]]:
    """Yield the checks of one look after the other."""
    from gainderive.testing import _constant, _independent, _orthogonal, _unknown

    if promise.distribution == "constant":
        yield from _constant.examine(sampler, promise)
        return
    seeding = list(sampler.check_seeding())
    if seeding:
        yield seeding
        return
    law = promise.law
    if law is not None:
        yield from _independent.examine(sampler, promise, law, alpha, power, error)
    elif promise.distribution == "orthogonal":
        yield from _orthogonal.examine(sampler, promise, alpha)
    else:
        yield from _unknown.examine(sampler, promise, alpha, power, error)
