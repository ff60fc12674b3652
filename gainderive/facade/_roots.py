r"""All solutions of the ``activation`` criterion :math:`E\phi(g z)^2 = 1`, each certified.

The left side is scanned in double precision over many decades of ``g`` with shared quadrature nodes, and its turning
points towards 1 are looked into; every change of sign is then certified: balls at both ends of a bracket of the width
asked have strictly opposite signs, so a solution lies inside (intermediate value theorem). When :math:`\phi^2` never
reaches 1 there is none, and a derivation proves it.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from scipy.optimize import brentq
from sympy import Expr, S, StrictLessThan

from gainderive import quadrature
from gainderive.activations import Activation
from gainderive.criteria import Criterion
from gainderive.derivation import Derivation, Step, ending
from gainderive.derivation.reasons import Definition, PointwiseBound
from gainderive.enclosure import Enclosure
from gainderive.errors import MomentDiverges, NoSuchGain, StepRefused, Undecided
from gainderive.facade._scan import RANGE, brackets
from gainderive.gaussian import GaussMean
from gainderive.roots import enclose_root
from gainderive.symbols import g, x

_POINTS = 1201
_SMALLEST_STRETCH = 40


def activation_gains(activation: Activation, digits: int) -> tuple[Enclosure, ...]:
    """Return an enclosure of every solution found, in ascending order.

    Raises
    ------
    NoSuchGain
        With a proof where the activation's square stays below 1, else saying which range was searched.
    """
    square = activation.numeric**2
    rough = _rough_roots(square, activation.title)
    if not rough:
        raise _no_root(activation)
    residual = GaussMean(square, x, g**2) - 1
    return tuple(enclose_root(residual, g, start, digits) for start in rough)


def _no_root(activation: Activation) -> NoSuchGain:
    try:
        proof = unreachable(activation)
    except StepRefused:
        return NoSuchGain(
            f"no activation gain of {activation.title} was found for g between {RANGE[0]:g} and {RANGE[1]:g}; "
            "that there is none elsewhere is not proved."
        )
    return NoSuchGain(
        f"{activation.title} has no activation gain: its square stays below 1, so E φ(g z)² < 1 for every g.", proof
    )


@lru_cache(maxsize=256)
def unreachable(activation: Activation) -> Derivation:
    r"""Return the checked proof that :math:`E\phi(gz)^2 < 1` for every ``g``.

    Raises
    ------
    StepRefused
        When the activation's square is not shown to stay below 1.
    """
    mean = Criterion.ACTIVATION.left(activation)
    unfolded = GaussMean(activation.numeric**2, x, g**2)
    last = StrictLessThan(unfolded, S.One, evaluate=False)
    unfolding = () if mean == unfolded else (Step(unfolded, Definition(activation)),)
    proof = Derivation(
        title=f"No gain gives {activation.title} unit activation second moment",
        given=mean,
        claim=ending(mean, last),
        steps=(*unfolding, Step(last, PointwiseBound(unfolded, S.One))),
        assumptions=("z is standard normal", "g is any positive number"),
    )
    proof.check()
    return proof


def _means(rule: quadrature.Rule, q: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return means and errors, not a number for stretches of `q` on which they cannot be computed."""
    try:
        return rule.means(q)
    except (Undecided, MomentDiverges):
        if q.size <= _SMALLEST_STRETCH:
            return np.full(q.size, np.nan), np.full(q.size, np.inf)
    halves = [_means(rule, half) for half in np.array_split(q, 2)]
    return np.concatenate([values for values, _ in halves]), np.concatenate([errors for _, errors in halves])


@lru_cache(maxsize=256)
def _rough_roots(square: Expr, title: str) -> tuple[float, ...]:
    gains = np.geomspace(*RANGE, _POINTS)
    rule = quadrature.rule(square)
    values, errors = _means(rule, gains**2)
    sure = np.isfinite(values) & (np.abs(values - 1) > errors)
    found = brackets(lambda gain: rule.mean(gain**2), gains[sure], values[sure] - 1, title)
    return tuple(float(brentq(lambda gain: rule.mean(gain**2).value - 1, low, high)) for low, high in found)
