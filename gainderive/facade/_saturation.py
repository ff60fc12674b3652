r"""Saturation: where an activation is nearly flat, how many preactivations are there, and what they do to a gradient.

An activation is *saturated* at ``x`` where :math:`|\phi'(x)|` is below a share `level` of its largest value. The share
of preactivations there, and the mean of :math:`\ln|\phi'|`, are means over :math:`x = \sqrt q\,z + b` and certified
as all means are.

The mean logarithm says what a product of many slopes typically is: over independent layers
:math:`\prod_l |\phi'(x_l)| = e^{\sum_l \ln|\phi'(x_l)|}`, and the sum is near ``L`` times its mean. The mean *square*,
:math:`E\phi'^2`, is what the gradient's second moment is multiplied by; it is at least the square of the typical
slope, by Jensen's inequality, because the few units that are not saturated carry the gradient.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sympy import Abs, Add, Expr, Piecewise, S, exp, expand_log, factor, limit, log, oo, together

from gainderive import algebra, display, enclosure, numbers, pieces, zeros
from gainderive.enclosure import Enclosure
from gainderive.errors import BadExpression, BadParameter, GainderiveError, MomentDiverges
from gainderive.facade._resolve import resolve_elementwise
from gainderive.gaussian import GaussIntegral, GaussMean
from gainderive.symbols import x


@dataclass(frozen=True)
class Saturation:
    r"""How much an activation saturates under preactivations :math:`\sqrt q\,z + b`.

    Attributes
    ----------
    activation : str
        Its title.
    q, bias, level : Expr
        Second moment of the preactivation without its bias, the bias, and the share of the largest slope below which
        the activation counts as saturated.
    largest_slope : Enclosure
        Supremum of :math:`|\phi'|`.
    intervals : tuple of (Expr, Expr)
        Where :math:`|\phi'|` is below ``level`` times that, in ascending order; ends are exact, or certified zeros.
    share : Enclosure
        Probability that a preactivation lies in one of them.
    mean_log_slope : Enclosure or GainderiveError
        :math:`E \ln|\phi'|`; where it is minus infinity, or could not be bounded, the error that says so.
    """

    activation: str
    q: Expr
    bias: Expr
    level: Expr
    largest_slope: Enclosure
    intervals: tuple[tuple[Expr, Expr], ...]
    share: Enclosure
    mean_log_slope: Enclosure | GainderiveError

    def __str__(self) -> str:
        return "\n".join(f"{name:<20} {value}" for name, value in self._rows())

    def _rows(self) -> Iterator[tuple[str, str]]:
        where = " or ".join(map(_interval, self.intervals))
        yield "activation", self.activation
        yield "preactivation", f"q = {self.q}, bias = {self.bias}"
        yield "largest slope", str(self.largest_slope)
        yield f"slope below {_shown(100 * self.level)} %", where or "nowhere"
        yield "share there", str(self.share)
        yield "mean log-slope", str(self.mean_log_slope)

    def _repr_html_(self) -> str:
        return display.table("", self._rows())


def saturation(
    what: Any, *, q: Any = 1, bias: Any = 0, level: Any = "1/100", digits: int = 10, **parameters: Any
) -> Saturation:
    r"""Return where :math:`|\phi'|` is below `level` times its largest value, and what that means under N(bias, q).

    Parameters
    ----------
    what : str, Expr, Activation or known callable
        As for :func:`gainderive.gain`.
    q : number
        Variance of the preactivation about its bias, positive.
    bias : number
        A shift of the preactivation that is not random.
    level : number
        Between 0 and 1.
    digits : int
        Of the share and of the mean logarithm.

    Raises
    ------
    BadParameter
        For a `q` that is not positive or a `level` outside (0, 1).
    BadExpression
        For an activation whose slope is not bounded, or is 0 everywhere.
    Undecided
        When the largest slope, or all the places where the level is crossed, could not be found.

    Examples
    --------
    >>> print(saturation("tanh", q=4))
    activation           tanh
    preactivation        q = 4, bias = 0
    largest slope        1
    slope below 1 %      x < -2.993 or x > 2.993
    share there          0.13449439608 ± 1e-11
    mean log-slope       -2.1133191325 ± 1e-10
    """
    activation = resolve_elementwise(what).at(**parameters)
    variance, shift, share = numbers.exact(q, "q"), numbers.exact(bias, "bias"), numbers.exact(level, "level")
    if not variance.is_positive:
        raise BadParameter(f"q must be positive, not {variance}; it is the second moment of the preactivation")
    if not (share.is_positive and (1 - share).is_positive):
        raise BadParameter(f"level must be between 0 and 1, not {share}; 0.01 is one per cent of the largest slope")
    slopes = _slopes(activation.numeric)
    largest = _largest(slopes, activation.title)
    places = tuple(_flat(slopes, share * largest))
    return Saturation(
        activation=activation.title,
        q=variance,
        bias=shift,
        level=share,
        largest_slope=enclosure.enclose(largest, digits),
        intervals=places,
        share=enclosure.enclose(
            Add(*(GaussIntegral(S.One, x, variance, lower - shift, upper - shift) for lower, upper in places)), digits
        ),
        mean_log_slope=_mean_log(slopes, shift, variance, digits),
    )


def _slopes(function: Expr) -> tuple[pieces.Piece, ...]:
    """Return the slope on each piece of a function."""
    return tuple(pieces.Piece(part.lower, part.upper, part.expr.diff(x)) for part in pieces.pieces(function))


def _largest(slopes: tuple[pieces.Piece, ...], title: str) -> Expr:
    """Return the supremum of the absolute slope: its largest limit at an end of a piece, or value where it turns."""
    found: list[Expr] = []
    for part in slopes:
        ends = ((part.lower, "+"), (part.upper, "-"))
        found += [limit(part.expr, x, end, side) if end in (oo, -oo) else part.expr.subs(x, end) for end, side in ends]
        turning = factor(together(part.expr.diff(x)))
        if turning != 0:
            found += [part.expr.subs(x, zero) for zero in zeros.real_zeros(turning, x, part.lower, part.upper)]
    if any(value.is_finite is False for value in found):
        raise BadExpression(f"the slope of {title} is not bounded, so it has no largest value to compare with")
    sizes = {abs(value) for value in found}
    largest = max(sizes, key=lambda size: enclosure.enclose(size, 20).mid)
    if largest == 0:
        raise BadExpression(f"the slope of {title} is 0 wherever there is one; there is nothing to saturate")
    return largest


def _flat(slopes: tuple[pieces.Piece, ...], bound: Expr) -> Iterator[tuple[Expr, Expr]]:
    """Yield the intervals on which the size of the slope is below `bound`, neighbours joined."""
    reached: tuple[Expr, Expr] | None = None
    for part in slopes:
        below = Piecewise((S.One, Abs(part.expr) < bound), (S.Zero, True))
        for inside in pieces.pieces(below, x, lower=part.lower, upper=part.upper):
            if inside.expr != 1:
                continue
            if reached is not None and reached[1] == inside.lower:
                reached = (reached[0], inside.upper)
                continue
            if reached is not None:
                yield reached
            reached = (inside.lower, inside.upper)
    if reached is not None:
        yield reached


def _mean_log(slopes: tuple[pieces.Piece, ...], shift: Expr, q: Expr, digits: int) -> Enclosure | GainderiveError:
    if any(part.expr == 0 for part in slopes):
        return MomentDiverges("E ln|φ'| is minus infinity: the slope is 0 on a whole interval")
    logs = (pieces.Piece(part.lower, part.upper, _log(part.expr)) for part in slopes)
    try:
        return enclosure.enclose(GaussMean(pieces.assembled(tuple(logs)).subs(x, x + shift), x, q), digits)
    except GainderiveError as error:
        return error


def _log(slope: Expr) -> Expr:
    """Return the logarithm of the size of a slope, taken apart so that it can be bounded far out, if it can."""
    for candidate in (factor(together(slope.rewrite(exp))), slope):
        apart = expand_log(log(candidate), force=True)
        # That the exponential is the slope shows that it is a product of powers; then so is its size.
        if algebra.equal(exp(apart), slope):
            return apart.replace(log, lambda factor: log(Abs(factor)))
    return log(Abs(slope))


def _interval(ends: tuple[Expr, Expr]) -> str:
    lower, upper = ends
    if lower == -oo:
        return f"x < {_shown(upper)}"
    return f"x > {_shown(lower)}" if upper == oo else f"{_shown(lower)} < x < {_shown(upper)}"


def _shown(end: Expr) -> str:
    return str(end) if end.is_Integer else f"{float(enclosure.enclose(end, 10)):.4g}"
