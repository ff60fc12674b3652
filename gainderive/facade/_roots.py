r"""All solutions of the ``activation`` criterion :math:`E\phi(g z)^2 = 1`, each certified.

The left side is scanned in double precision over many decades of ``g`` with shared quadrature nodes, and its turning
points towards 1 are looked into; every change of sign is then certified: balls at both ends of a bracket of the width
asked have strictly opposite signs, so a solution lies inside (intermediate value theorem). When :math:`\phi^2` never
reaches 1 there is none, and a derivation proves it.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from itertools import count

import numpy as np
from scipy.optimize import brentq
from sympy import Expr, S, StrictLessThan, Symbol, lambdify, sqrt

from gainderive import quadrature
from gainderive.activations import Activation
from gainderive.criteria import Criterion
from gainderive.derivation import Derivation, Step, ending
from gainderive.derivation.reasons import Definition, PointwiseBound
from gainderive.enclosure import Enclosure
from gainderive.errors import MomentDiverges, NoSuchGain, StepRefused, Undecided
from gainderive.facade._scan import RANGE, brackets
from gainderive.facade._unit import unit_left
from gainderive.gaussian import GaussMean
from gainderive.roots import enclose_root
from gainderive.symbols import g, parameter, x
from gainderive.units import Unit

_POINTS = 1201
_SMALLEST_STRETCH = 40


def activation_gains(activation: Activation | Unit, digits: int) -> tuple[Enclosure, ...]:
    """Return an enclosure of every solution found, in ascending order.

    Raises
    ------
    NoSuchGain
        With a proof where the activation's square stays below 1, else saying which range was searched.
    """
    if isinstance(activation, Unit):
        left = unit_left(activation, Criterion.ACTIVATION)
    else:
        left = GaussMean(activation.numeric**2, x, g**2)
    rough = _rough_roots(left, activation.title)
    if not rough:
        raise _no_root(activation)
    return tuple(enclose_root(left - 1, g, start, digits) for start in rough)


def _no_root(activation: Activation | Unit) -> NoSuchGain:
    try:
        if isinstance(activation, Unit):
            raise StepRefused(1, None, "a bound is looked for only where there is one preactivation")
        proof = unreachable(activation)
    except StepRefused:
        return NoSuchGain(
            f"no activation gain of {activation.title} was found for g between {RANGE[0]:g} and {RANGE[1]:g}; "
            "that there is none elsewhere is not proved.",
            proved=False,
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
def _rough_roots(left: Expr, title: str) -> tuple[float, ...]:
    gains = np.geomspace(*RANGE, _POINTS)
    scan = _Scan(left)
    values, errors = scan(gains)
    sure = np.isfinite(values) & (np.abs(values - 1) > errors)
    found = brackets(scan.at, gains[sure], values[sure] - 1, title)
    return tuple(float(brentq(lambda gain: scan.at(gain).value - 1, low, high)) for low, high in found)


class _Scan:
    """An expression in ``g`` with Gaussian means, in double precision with an error, vectorised over ``g``."""

    def __init__(self, left: Expr) -> None:
        nodes = dict(
            zip(sorted(left.atoms(GaussMean), key=str), map(parameter, map("m_{}".format, count())), strict=False)
        )
        scaled = {node: _scaled(node) for node in nodes}
        self._rules = [quadrature.rule(mean.integrand) for _, mean in scaled.values()]
        self._seconds = [_vectorised(mean.q, (g,)) for _, mean in scaled.values()]
        outer = left.xreplace({node: scaled[node][0] * symbol for node, symbol in nodes.items()})
        self._outer = _vectorised(outer, (g, *nodes.values()))
        self._slopes = [_vectorised(outer.diff(symbol), (g, *nodes.values())) for symbol in nodes.values()]

    def __call__(self, gains: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return values and errors, the latter to first order in the errors of the means."""
        found = [_means(rule, q(gains)) for rule, q in zip(self._rules, self._seconds, strict=True)]
        values = [value for value, _ in found]
        spread = (np.abs(slope(gains, *values)) * error for slope, (_, error) in zip(self._slopes, found, strict=True))
        return self._outer(gains, *values), sum(spread, start=np.zeros_like(gains))

    def at(self, gain: float) -> quadrature.Estimate:
        """Return the value at one `gain` with its error."""
        values, errors = self(np.array([gain]))
        return quadrature.Estimate(float(values[0]), float(errors[0]))


def _scaled(node: GaussMean) -> tuple[Expr, GaussMean]:
    """Return a factor and a mean whose integrand is free of ``g``, with `node` as their product."""
    if g not in node.integrand.free_symbols:
        return S.One, node
    standardised = node.integrand.subs(x, sqrt(node.q) * x)
    factor, rest = standardised.as_independent(x, as_Add=False)
    if g in rest.free_symbols:
        raise Undecided(f"the activation gain: {node} depends on g in more than its scale")
    return factor, GaussMean(rest, x, 1)


def _vectorised(expr: Expr, arguments: tuple[Symbol, ...]) -> Callable[..., np.ndarray]:
    function = lambdify(arguments, expr, "numpy")
    return lambda gains, *means: np.broadcast_to(np.asarray(function(gains, *means), dtype=float), gains.shape)
