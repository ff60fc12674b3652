r"""The derivation that encloses one fixed point without biases, with what follows from it, as a checked chain."""

from __future__ import annotations

from typing import Any

from flint import arb
from sympy import Basic, Contains, Expr, Interval, Rational, Tuple, sqrt

from gainderive import enclosure, numbers, quadrature
from gainderive.activations import Activation
from gainderive.assumptions import Assumption
from gainderive.derivation import Derivation, Step, equation
from gainderive.derivation.reasons import Enclosed
from gainderive.derivation.reasons.enclosed import known
from gainderive.enclosure import Enclosure
from gainderive.facade import resolve_elementwise
from gainderive.gaussian import GaussMean
from gainderive.roots import enclose_root
from gainderive.status import Status
from gainderive.symbols import chi_1, deviation, lambda_q, q, second_moment, x

DIGITS = 28
"""Digits of every interval; the fixed point itself is computed to two more, for the sake of what follows from it."""


_ASSUMPTIONS = (
    Assumption(
        "preactivations are centred and Gaussian (infinite width)",
        otherwise="At finite width the second moment fluctuates from layer to layer, by a relative amount of the order "
        "1/√width, about what the length map says; the fixed point is then a centre of fluctuations.",
    ),
    Assumption(
        "weights are independent, centred, with Var W = σ_w² / fan_in; biases are 0",
        otherwise="An independent bias of second moment σ_b² makes the length map q → σ_w² M_2(q) + σ_b², which comes "
        "to rest elsewhere; weights with a mean or correlations leave cross terms (GD-0001).",
    ),
)


def derive_fixed_point(what: Any, sigma_w: Any, **parameters: Any) -> Derivation:
    r"""Return the derivation that encloses the length map's fixed point and what follows from it.

    The claim places in rigorous intervals: the fixed point ``q``; the activation's second moment ``M_2``
    and standard deviation ``sigma_h`` there; the map's slope ``lambda_q``, below 1 in size when the fixed point
    attracts; and ``chi_1``.

    Parameters
    ----------
    what : str, Expr or Activation
        As for :func:`gainderive.gain`.
    sigma_w : number
        Weight scale; with zero bias.

    Raises
    ------
    Undecided
        When no fixed point is found, or its change of sign cannot be certified.
    """
    activation = resolve_elementwise(what).at(**parameters)
    weight = numbers.exact(sigma_w, "sigma_w") ** 2
    unknowns = [equation(symbol, expr) for symbol, expr in _unknowns(activation, weight)]
    given = Tuple(*unknowns, *(equation(c.symbol, c.value) for c in activation.constants))
    steps: list[Step] = []
    line: Tuple = given
    for position, item in enumerate(unknowns):
        ball = _fixed_point(activation, weight) if position == 0 else _evaluated(item.rhs, line)
        interval = Interval(Rational(str(ball.lower)), Rational(str(ball.upper)))
        members: list[Basic] = list(line)
        members[position] = Contains(item.lhs, interval, evaluate=False)
        line = Tuple(*members)
        steps.append(Step(line, Enclosed(DIGITS)))
    return Derivation(
        title=f"Where {activation.title}'s length map comes to rest at σ_w = {numbers.exact(sigma_w, 'sigma_w')}",
        given=given,
        claim=line,
        steps=tuple(steps),
        assumptions=_ASSUMPTIONS,
        status=Status.ENCLOSED,
    )


def _unknowns(activation: Activation, weight: Expr) -> list[tuple[Expr, Expr]]:
    phi, slope = activation.expression, activation.derivative
    return [
        (q, weight * GaussMean(phi**2, x, q)),
        (second_moment, GaussMean(phi**2, x, q)),
        (deviation, sqrt(GaussMean(phi**2, x, q) - GaussMean(phi, x, q) ** 2)),
        (lambda_q, weight * GaussMean(x * phi * slope, x, q) / q),
        (chi_1, weight * GaussMean(slope**2, x, q)),
    ]


def _fixed_point(activation: Activation, weight: Expr) -> Enclosure:
    """Refine the double-precision fixed point by the secant rule; the step's reason certifies it."""
    residual = weight * GaussMean(activation.numeric**2, x, q) / q - 1
    start = quadrature.fixed_point(activation.numeric, float(weight) ** 0.5)
    return enclose_root(residual, q, float(start), DIGITS + 2)


def _evaluated(expr: Expr, line: Tuple) -> Enclosure:
    precision = int(DIGITS * 3.33) + 64
    ball: arb = enclosure.ball(expr, precision, known(line, precision))
    return Enclosure.from_arb(ball, DIGITS)
