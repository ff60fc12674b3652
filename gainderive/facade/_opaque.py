r"""Gains of callables without a formula, estimated from samples; each with the error that its moments carry.

``forward``, ``centered`` and ``backward`` are :math:`g = M^{-1/2}`, so relatively half as wrong as the moment ``M``. A
root of the ``activation`` criterion is as wrong as :math:`E\phi(gz)^2`, divided by its derivative in ``g``.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np
from scipy.optimize import brentq

from gainderive.callables import Opaque, Sampled
from gainderive.criteria import Criterion
from gainderive.errors import BadDigits, BadParameter, NoSuchGain, SeveralGains, Undecided
from gainderive.facade._gain import Gain
from gainderive.facade._remarks import FLAT, SCANNED, beside_jumps
from gainderive.facade._scan import RANGE, brackets
from gainderive.quadrature import Estimate
from gainderive.status import Status

MOST_DIGITS = 15
_POINTS = 61
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
        return _only(what, *_activation_gains(what))
    remark = None
    if criterion is Criterion.BACKWARD and what.sampled.jumps:
        remark = beside_jumps([f"{jump.at:.6g}" for jump in what.sampled.jumps])
    return _gain(what, criterion, _solved(what, criterion), remark)


def _gain(what: Opaque, criterion: Criterion, found: Estimate, remark: str | None) -> Gain:
    return Gain(
        activation=what,
        criterion=criterion,
        value=found.value,
        exact=None,
        formula=None,
        enclosure=None,
        status=Status.ESTIMATED,
        error=found.error,
        remark=remark,
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


def _only(what: Opaque, roots: tuple[Estimate, ...], remark: str | None) -> Gain:
    if len(roots) == 1:
        return _gain(what, Criterion.ACTIVATION, roots[0], remark)
    raise SeveralGains(
        f"{what.title} has {len(roots)} activation gains: {', '.join(str(root.value) for root in roots)}",
        [_gain(what, Criterion.ACTIVATION, root, remark) for root in roots],
    )


def _activation_gains(what: Opaque) -> tuple[tuple[Estimate, ...], str | None]:
    """Return all roots that a scan finds, in ascending order, and what has to be said about others."""
    if (degree := what.sampled.degree) is not None:
        moment = what.sampled.second_moment()
        value = moment.value ** (-0.5 / degree)
        error = abs(0.5 / degree) * moment.error / moment.value
        return (Estimate(value, value * (2 * error + _ROUNDINGS)),), None
    scan = what.sampled.for_scales(RANGE[1])
    gains = np.geomspace(*RANGE, _POINTS)
    residual = scan.second_moments(gains) - 1
    known = np.isfinite(residual)
    gains, residual = gains[known], residual[known]
    if not gains.size:
        raise Undecided(f"E φ(g z)² of {what.title} could not be computed for any g; it may be infinite")
    noise = 1e-12 + 4 * what.function.unit
    if np.all(np.abs(residual) <= noise):
        raise SeveralGains(f"every g between {gains[0]:g} and {gains[-1]:g} is an activation gain of {what.title}", ())
    sure = np.abs(residual) > noise
    flat = gains[~sure]
    gains, residual = gains[sure], residual[sure]
    found = brackets(scan.second_moment, gains, residual, what.title)
    roots = tuple(_root(scan, low, high) for low, high in found)
    if not roots:
        raise NoSuchGain(
            f"no activation gain of {what.title} was found for g between {gains[0]:g} and {gains[-1]:g}, where "
            f"E φ(g z)² lies between {1 + residual.min():.6g} and {1 + residual.max():.6g}; nothing is known beyond."
        )
    remark = SCANNED.format(low=gains[0], high=gains[-1]) if len(roots) == 1 else None
    return roots, FLAT.format(low=flat[0], high=flat[-1]) if flat.size > 1 else remark


def _root(scan: Sampled, low: float, high: float) -> Estimate:
    def residual(g: float) -> float:
        return scan.second_moment(g).value - 1

    value = float(brentq(residual, low, high, xtol=1e-300, rtol=_ROUNDINGS))
    moment, slope = scan.second_moment(value), abs(scan.scale_derivative(value))
    error = (moment.error + abs(moment.value - 1)) / slope if slope else math.inf
    if error > 0.1 * value:
        raise Undecided(f"E φ(g z)² is 1 over a stretch of g near {value:.9g}, as far as doubles tell")
    return Estimate(value, 2 * error + _ROUNDINGS * value)
