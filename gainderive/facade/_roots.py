r"""All solutions of the ``activation`` criterion :math:`E\phi(g z)^2 = 1`, each certified.

The left side is scanned in double precision over many decades of ``g`` with shared quadrature nodes;
every change of sign is then certified: balls at both ends of a bracket of the width asked have
strictly opposite signs, so a solution lies inside (intermediate value theorem). When :math:`\phi^2` never
reaches 1 there is none, and a derivation proves it.
"""

from __future__ import annotations

from decimal import Decimal, getcontext, localcontext
from functools import lru_cache

import numpy as np
from flint import arb
from sympy import Expr, Rational, S, StrictLessThan

from gainderive import enclosure, quadrature
from gainderive.activations import Activation
from gainderive.criteria import Criterion
from gainderive.derivation import Derivation, Step
from gainderive.derivation.reasons import Definition, PointwiseBound
from gainderive.enclosure import Enclosure
from gainderive.errors import NoSuchGain, StepRefused, Undecided
from gainderive.gaussian import GaussMean
from gainderive.symbols import g, x

SCANNED = (Decimal("1e-4"), Decimal("1e4"))
"""Range of ``g`` in which solutions are looked for."""
_POINTS = 1601


def activation_gains(activation: Activation, digits: int) -> tuple[Enclosure, ...]:
    """Return an enclosure of every solution found, in ascending order.

    Raises
    ------
    NoSuchGain
        With a proof where the activation's square stays below 1, else saying which range was searched.
    """
    square = activation.numeric**2
    brackets = _sign_changes(square)
    if not brackets:
        proof = unreachable(activation)
        if proof is not None:
            raise NoSuchGain(
                f"{activation.title} has no activation gain: its square stays below 1, "
                f"so E phi(g z)^2 < 1 for every g.",
                proof,
            )
        raise NoSuchGain(
            f"no activation gain of {activation.title} was found for g between {SCANNED[0]} and {SCANNED[1]}; "
            "that there is none elsewhere is not proved."
        )
    return tuple(_certified(square, low, high, digits) for low, high in brackets)


@lru_cache(maxsize=256)
def unreachable(activation: Activation) -> Derivation | None:
    """Return the checked proof that :math:`E\\phi(gz)^2 < 1` for every ``g``, or ``None``."""
    mean = Criterion.ACTIVATION.left(activation)
    unfolded = GaussMean(activation.numeric**2, x, g**2)
    claim = StrictLessThan(unfolded, S.One, evaluate=False)
    proof = Derivation(
        title=f"No gain gives {activation.title} unit activation second moment",
        given=mean,
        claim=claim,
        steps=(Step(unfolded, Definition(activation)), Step(claim, PointwiseBound(unfolded, S.One))),
        assumptions=("z is standard normal", "g is any positive number"),
    )
    try:
        proof.check()
    except StepRefused:
        return None
    return proof


@lru_cache(maxsize=256)
def _sign_changes(square: Expr) -> tuple[tuple[float, float], ...]:
    low, high = (float(np.log10(float(end))) for end in SCANNED)
    gains = np.logspace(low, high, _POINTS)
    values, errors = quadrature.rule(square).means(gains**2)
    sure = np.isfinite(values) & (np.abs(values - 1) > errors)
    gains, signs = gains[sure], np.sign(values[sure] - 1)
    changes = np.nonzero(signs[1:] != signs[:-1])[0]
    return tuple((float(gains[i]), float(gains[i + 1])) for i in changes)


def _certified(square: Expr, low: float, high: float, digits: int) -> Enclosure:
    """Find the root by the secant rule at rising precision, then certify a bracket of the width asked."""
    root = _secant(square, Decimal(low), Decimal(high), digits)
    with localcontext() as context:
        context.prec = digits + 20
        width = root.scaleb(-digits) / 2
        lower, upper = root - width, root + width
    precision = _bits(digits)
    left, right = _residual(square, lower, precision), _residual(square, upper, precision)
    if not (left < 0 < right or right < 0 < left):
        raise Undecided(f"the change of sign near g = {float(root)} could not be certified to {digits} digits")
    return Enclosure(lower, upper, digits)


def _secant(square: Expr, a: Decimal, b: Decimal, digits: int) -> Decimal:
    with localcontext() as context:
        context.prec = digits + 20
        fa, fb = (_midpoint(_residual(square, end, _bits(digits))) for end in (a, b))
        for _ in range(200):
            if abs(b - a) <= abs(b).scaleb(-digits - 3) or fa == fb:
                break
            a, fa, b = b, fb, b - fb * (b - a) / (fb - fa)
            fb = _midpoint(_residual(square, b, _bits(digits)))
        return b


def _residual(square: Expr, gain: Decimal, precision: int) -> arb:
    return enclosure.ball(GaussMean(square, x, Rational(str(gain)) ** 2) - 1, precision)


def _midpoint(ball: arb) -> Decimal:
    return Decimal(ball.mid().str(getcontext().prec, radius=False))


def _bits(digits: int) -> int:
    return int(digits * 3.33) + 60
