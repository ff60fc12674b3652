r"""Gains of callables without a formula, estimated from samples; each with the error that its moments carry.

``forward``, ``centered`` and ``backward`` are :math:`g = M^{-1/2}`, so relatively half as wrong as the moment ``M``. A
root of the ``activation`` criterion is as wrong as :math:`E\phi(gz)^2`, divided by its derivative in ``g``.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np
from scipy.optimize import brentq, minimize_scalar

from gainderive.callables import Opaque, Sampled
from gainderive.criteria import Criterion
from gainderive.errors import BadDigits, BadParameter, NoSuchGain, SeveralGains, Undecided
from gainderive.facade._gain import Gain
from gainderive.facade._remarks import DIRAC
from gainderive.quadrature import Estimate
from gainderive.status import Status

MOST_DIGITS = 15
SCANNED = (1e-3, 1e3)
"""Range of ``g`` in which roots of the ``activation`` criterion are looked for."""
_POINTS = 121
_ROUNDINGS = 4 * float(np.finfo(float).eps)


def estimated(what: Opaque, criterion: Criterion, digits: int, parameters: Mapping[str, Any]) -> Gain:
    """Return the estimate of a gain of `what`.

    Raises
    ------
    BadDigits
        When more digits are asked for than a double has.
    BadParameter
        When parameters are given, of which a callable has none.
    BadCallable, NoSuchGain, SeveralGains, Undecided
        As :func:`gainderive.gain`.
    """
    if parameters:
        raise BadParameter(
            f"{what.name} is a callable and takes no parameters here, but {', '.join(parameters)} was given; "
            "bind them with functools.partial or a lambda"
        )
    if digits > MOST_DIGITS:
        raise BadDigits(
            f"{what.name} is a callable and computes in double precision: at most {MOST_DIGITS} digits may be asked, "
            f"not {digits}; write it as an expression in x to get more."
        )
    if criterion is Criterion.ACTIVATION:
        return _only(what, _activation_gains(what))
    return _gain(what, criterion, _solved(what, criterion))


def _gain(what: Opaque, criterion: Criterion, found: Estimate) -> Gain:
    jumps = what.sampled.jumps
    remark = DIRAC.format(at=", ".join(f"{jump.at:.6g}" for jump in jumps[:3])) if jumps else None
    return Gain(
        activation=what,
        criterion=criterion,
        value=found.value,
        exact=None,
        formula=None,
        enclosure=None,
        status=Status.ESTIMATED,
        error=found.error,
        remark=remark if criterion is Criterion.BACKWARD else None,
    )


def _solved(what: Opaque, criterion: Criterion) -> Estimate:
    sampled = what.sampled
    match criterion:
        case Criterion.CENTERED:
            return _inverse_root(what, criterion, sampled.variance(), "its variance is 0, as far as doubles tell")
        case Criterion.BACKWARD:
            return _inverse_root(what, criterion, sampled.slope_moment(), "its derivative is 0 almost everywhere")
        case Criterion.LINEARIZED:
            return _of_tangent(what)
    return _inverse_root(what, criterion, sampled.second_moment(), "it is 0, as far as doubles tell")


def _inverse_root(what: Opaque, criterion: Criterion, moment: Estimate, vanishing: str) -> Estimate:
    if moment.value <= moment.error:
        raise NoSuchGain(f"{what.title} has no {criterion} gain: {vanishing}.")
    value = 1 / math.sqrt(moment.value)
    below = 1 / math.sqrt(moment.value - moment.error) - value
    return Estimate(value, below + _ROUNDINGS * value)


def _of_tangent(what: Opaque) -> Estimate:
    at_zero, slope = what.sampled.tangent_at_zero()
    if abs(slope.value) <= slope.error:
        raise NoSuchGain(f"{what.title} has no linearized gain: its slope at 0 is 0, as far as doubles tell.")
    factor = math.hypot(1, at_zero)
    value = 1 / (abs(slope.value) * factor)
    below = 1 / ((abs(slope.value) - slope.error) * factor) - value
    rounded = what.function.unit * at_zero**2 / factor**2
    return Estimate(value, below + (_ROUNDINGS + 8 * rounded) * value)


def _only(what: Opaque, roots: tuple[Estimate, ...]) -> Gain:
    if len(roots) == 1:
        return _gain(what, Criterion.ACTIVATION, roots[0])
    raise SeveralGains(
        f"{what.title} has {len(roots)} activation gains: {', '.join(str(root.value) for root in roots)}",
        [_gain(what, Criterion.ACTIVATION, root) for root in roots],
    )


def _activation_gains(what: Opaque) -> tuple[Estimate, ...]:
    """Return all roots that a scan finds, in ascending order."""
    scan = what.sampled.for_scales(SCANNED[1])
    gains = np.geomspace(*SCANNED, _POINTS)
    residual = scan.second_moments(gains) - 1
    known = np.isfinite(residual)
    gains, residual = gains[known], residual[known]
    if not gains.size:
        raise Undecided(f"E φ(g z)² of {what.title} could not be computed for any g; it may be infinite")
    noise = 1e-12 + 4 * what.function.unit
    if np.all(np.abs(residual) <= noise):
        raise SeveralGains(f"every g between {gains[0]:g} and {gains[-1]:g} is an activation gain of {what.title}", ())
    roots = tuple(_root(scan, low, high) for low, high in _brackets(scan, gains, residual, what.title))
    if not roots:
        raise NoSuchGain(
            f"no activation gain of {what.title} was found for g between {gains[0]:g} and {gains[-1]:g}, where "
            f"E φ(g z)² lies between {1 + residual.min():.6g} and {1 + residual.max():.6g}; nothing is known beyond."
        )
    return roots


def _brackets(scan: Sampled, gains: Any, residual: Any, title: str) -> list[tuple[float, float]]:
    """Return intervals at whose ends the residual has opposite signs, those around a turning point included."""
    found = [(gains[i], gains[i + 1]) for i in np.flatnonzero(residual[:-1] * residual[1:] < 0)]
    found += [(gain, gain) for gain in gains[residual == 0]]
    size = np.abs(residual)
    turning = np.flatnonzero((size[1:-1] < size[:-2]) & (size[1:-1] <= size[2:])) + 1
    for i in turning:
        if len({np.sign(residual[j]) for j in (i - 1, i, i + 1)}) > 1:
            continue
        sign = float(np.sign(residual[i]))
        lowest = minimize_scalar(
            lambda log_g, sign=sign: sign * (scan.second_moment(math.exp(log_g)).value - 1),
            bounds=(math.log(gains[i - 1]), math.log(gains[i + 1])),
            method="bounded",
            options={"xatol": 1e-9},
        )
        at = math.exp(lowest.x)
        doubt = scan.second_moment(at).error
        if abs(lowest.fun) <= 4 * doubt:
            raise Undecided(
                f"E φ(g z)² of {title} touches 1 near g = {at:.9g} to within its error ({doubt:.1e}): "
                "one gain, two or none"
            )
        if lowest.fun < 0:
            found += [(gains[i - 1], at), (at, gains[i + 1])]
    return sorted(found)


def _root(scan: Sampled, low: float, high: float) -> Estimate:
    def residual(g: float) -> float:
        return scan.second_moment(g).value - 1

    value = low if low == high else float(brentq(residual, low, high, xtol=1e-300, rtol=_ROUNDINGS))
    moment, slope = scan.second_moment(value), abs(scan.scale_derivative(value))
    error = (moment.error + abs(moment.value - 1)) / slope if slope else math.inf
    if error > 0.1 * value:
        raise Undecided(f"E φ(g z)² is 1 over a stretch of g near {value:.9g}, as far as doubles tell")
    return Estimate(value, 2 * error + _ROUNDINGS * value)
