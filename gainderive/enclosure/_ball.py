"""The ball of any closed expression at a given working precision."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from flint import arb, ctx
from sympy import Basic, Expr, Symbol, sympify

from gainderive.balls import Values, evaluate, working_precision
from gainderive.enclosure._mean import node_ball, node_values
from gainderive.errors import Undecided
from gainderive.gaussian import GaussMean


def ball(
    expr: Expr,
    prec: int,
    values: Mapping[Symbol, Any] | None = None,
    mean: Callable[[Any, int], arb] | None = None,
) -> arb:
    r"""Return a ball that contains the value of `expr`, computed with `prec` bits.

    Every operation maps balls to balls that contain all values of the operation, so the result contains the value of
    the whole (inclusion principle of interval arithmetic).

    Parameters
    ----------
    expr : Expr
        Elementary functions, error functions, constants, algebraic numbers, Gaussian means and integrals.
    prec : int
        Bits of working precision.
    values : mapping from Symbol to Expr or arb, optional
        What stands for the free symbols; all numbers in the balls given are covered.
    mean : callable, optional
        ``mean(node, prec)`` gives the ball of a ``GaussMean`` or ``GaussIntegral`` without free symbols;
        the certified one by default. Other routes pass their own intervals through the same expression.

    Raises
    ------
    BadExpression
        When a symbol has no value, or a function no enclosure.
    MomentDiverges
        When a Gaussian mean is proved to be infinite.
    Undecided
        When the ball is not finite, or a tail could not be bounded.

    Examples
    --------
    >>> from sympy import sqrt
    >>> from gainderive.symbols import q
    >>> ball(sqrt(q), 30, {q: 2})
    [1.41421356 +/- 2.39e-9]
    """
    value = ball_or_nonfinite(expr, prec, values, mean)
    if not value.is_finite():
        raise Undecided(f"no finite enclosure of {expr} was found: it may be undefined, not real, or divide by 0")
    return value


def ball_or_nonfinite(
    expr: Expr,
    prec: int,
    values: Mapping[Symbol, Any] | None = None,
    mean: Callable[[Any, int], arb] | None = None,
) -> arb:
    """Return the same as :func:`ball`, also when it is not finite, which a higher precision may cure."""
    expr = sympify(expr)
    with working_precision(prec):
        if isinstance(expr, GaussMean) and mean is None and not values:
            return node_ball(expr, {})
        known = {s: v if isinstance(v, arb) else sympify(v) for s, v in (values or {}).items()}
        return evaluate(expr, known, node_ball if mean is None else _through(mean))


def _through(mean: Callable[[Any, int], arb]) -> Callable[[Basic, Values], arb]:
    """Return the evaluator of nodes that asks `mean`, with expressions in the place of symbols."""

    def evaluate_node(node: Basic, values: Values) -> arb:
        known = {s: v for s, v in node_values(node, values).items() if not isinstance(v, arb)}
        return mean(node.xreplace(known) if known else node, ctx.prec)

    return evaluate_node
