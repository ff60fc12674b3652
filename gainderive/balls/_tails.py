r"""How an expression grows on a half-line: bounds derived from its tree, valid for all :math:`|x| = t \ge T_0`.

Of every subexpression :math:`f` a :class:`Tail` states what could be shown on the half-line:

* ``high``, ``low``: :math:`|f|` is at most, at least :math:`C (1+t)^n e^{kt+At^2}` (:class:`Growth`);
* ``sign``: :math:`f \ge 0` or :math:`f \le 0` throughout;
* ``above``, ``below``: :math:`f` is at most, at least :math:`c_0 + c_1 t + c_2 t^2`.

The exponents of ``exp(f)`` come from ``above`` and ``below``; a quotient's upper bound needs the denominator's ``low``;
a sum's ``low`` needs equal signs, or one term that is shown to outweigh the others. What cannot be shown is ``None``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

import sympy
from flint import arb, fmpq
from sympy import Add, Basic, E, Expr, Integer, Max, Min, Mul, Piecewise, Pow, Rational, exp, log
from sympy.core.relational import Relational

from gainderive.balls._growth import ONE, ZERO, Exact, Growth, greatest, largest, smallest
from gainderive.balls._numbers import rational
from gainderive.balls._operations import FUNCTIONS, REAL
from gainderive.errors import Undecided
from gainderive.symbols import x

Quadratic = tuple[Exact, Exact, Exact]
"""Coefficients of ``1, t, t**2``."""
_NOTHING: Quadratic = (ZERO, ZERO, ZERO)


@dataclass(frozen=True)
class Tail:
    """What is shown about an expression on a half-line."""

    high: Growth | None = None
    low: Growth | None = None
    sign: int | None = None
    above: Quadratic | None = None
    below: Quadratic | None = None

    @property
    def mirrored(self) -> Tail:
        """The same of the negated expression."""
        return Tail(
            self.high, self.low, None if self.sign is None else -self.sign, _negative(self.below), _negative(self.above)
        )


@dataclass(frozen=True)
class HalfLine:
    """The half-line ``side * x = t >= start``; `constant` gives the ball of an expression without ``x``."""

    side: int
    start: fmpq
    constant: Callable[[Expr], arb]

    def tail(self, expr: Basic) -> Tail:
        """Return what is shown about `expr`.

        Raises
        ------
        Undecided
            When a constant inside could not be evaluated.

        Examples
        --------
        >>> from sympy import exp
        >>> line = HalfLine(1, fmpq(1), lambda c: arb(int(c)))
        >>> tail = line.tail(exp(-(x**2)) * x**3)
        >>> tail.high.n, tail.high.a, tail.sign
        (3, -1, 1)
        """
        return self._completed(self._rule(expr))

    def _rule(self, expr: Basic) -> Tail:
        if x not in expr.free_symbols:
            return self._constant(expr)
        if expr == x:
            return self._identity()
        if isinstance(expr, Add):
            return self._sum([self.tail(term) for term in expr.args])
        if isinstance(expr, Mul):
            return self._product(expr)
        if isinstance(expr, Pow):
            return self._power(expr)
        if isinstance(expr, (Max, Min)):
            return self._extreme(expr)
        if isinstance(expr, Piecewise):
            return self._worst([self.tail(branch) for branch in self._possible(expr)])
        if isinstance(expr, sympy.erf2):
            return self.tail(sympy.erf(expr.args[1]) - sympy.erf(expr.args[0]))
        rule = _RULES.get(expr.func)
        found = Tail() if rule is None else rule(self, expr.args[0])
        return self._on_range(expr) if found == Tail() else found

    def _on_range(self, expr: Basic) -> Tail:
        """Bound a function whose argument stays in an interval, by the ball of its values there."""
        if len(expr.args) != 1 or expr.func not in FUNCTIONS:
            return Tail()
        inside = self._range(self.tail(expr.args[0]))
        if inside is None:
            return Tail()
        values = REAL[FUNCTIONS[expr.func]](inside)
        if not values.is_finite():
            return Tail()
        least = values.abs_lower()
        sign = 1 if values >= 0 else -1 if values <= 0 else None
        return Tail(Growth(values.abs_upper()), Growth(least) if least > 0 else None, sign)

    def _range(self, tail: Tail) -> arb | None:
        """Return a ball around all values on the half-line."""
        size = None if tail.high is None else tail.high.supremum(self.start)
        if size is None:
            return None
        high, low = size.abs_upper(), -size.abs_upper()
        if tail.above is not None and self._is_nonincreasing(tail.above):
            high = high.min(self._at_start(tail.above))
        if tail.below is not None and self._is_nonincreasing(_negative(tail.below)):
            low = low.max(self._at_start(tail.below))
        return low.union(high)

    def _at_start(self, line: Quadratic) -> arb:
        return arb(line[0] + self.start * (line[1] + self.start * line[2]))

    def _is_nonincreasing(self, line: Quadratic | None) -> bool:
        return line is not None and bool(line[2] <= 0 and line[1] + 2 * self.start * line[2] <= 0)

    def exact(self, expr: Basic) -> Exact:
        """Return a constant, exactly when it is rational."""
        if isinstance(expr, Rational):
            return rational(expr)
        value = self.constant(expr)
        if not value.is_finite():
            raise Undecided(f"{expr} could not be evaluated")
        return value

    def _constant(self, expr: Basic) -> Tail:
        value = self.exact(expr)
        ball = arb(value)
        size, least = ball.abs_upper(), ball.abs_lower()
        sign = 1 if ball >= 0 else -1 if ball <= 0 else None
        line = (value, ZERO, ZERO)
        return Tail(Growth(size), Growth(least) if least > 0 else None, sign, line, line)

    def _identity(self) -> Tail:
        line = (ZERO, fmpq(self.side), ZERO)
        least = arb(self.start / (1 + self.start)).lower()
        return Tail(Growth(arb(1), ONE), Growth(least, ONE), self.side, line, line)

    # -- arithmetic ---------------------------------------------------------------------------

    def _sum(self, terms: list[Tail]) -> Tail:
        highs = [term.high for term in terms]
        signs = {term.sign for term in terms}
        sign = signs.pop() if len(signs) == 1 else None
        low, leading = self._least(terms, sign)
        return Tail(
            largest([h for h in highs if h is not None]) if None not in highs else None,
            low,
            sign if sign is not None else leading,
            _added(term.above for term in terms),
            _added(term.below for term in terms),
        )

    def _least(self, terms: list[Tail], sign: int | None) -> tuple[Growth | None, int | None]:
        """Return a lower bound of a sum's size, and its sign, from equal signs or from one outweighing term."""
        ranked = sorted((t for t in terms if t.low is not None), key=lambda t: t.low.order, reverse=True)  # type: ignore[union-attr]
        if not ranked:
            return None, None
        if sign is not None:
            return ranked[0].low, sign
        for first in ranked:
            # What has the first term's sign only adds to its size.
            against = [t for t in terms if t is not first and (t.sign is None or t.sign != first.sign)]
            margin = self._margin(first, against)
            if margin is not None and first.low is not None:
                return first.low.scaled(margin), first.sign
        return None, None

    def _margin(self, first: Tail, others: list[Tail]) -> arb | None:
        """Return which part of the first term is left when the others are taken from it."""
        assert first.low is not None
        rest = arb(0)
        for other in others:
            ratio = None if other.high is None else (other.high * first.low ** fmpq(-1)).supremum(self.start)
            if ratio is None:
                return None
            rest += ratio
        margin = (1 - rest).lower()
        return margin if margin > 0.125 else None

    def _product(self, expr: Mul) -> Tail:
        constant, rest = expr.as_independent(x, as_Add=False)
        if constant != 1:
            return self._scaled(constant, self.tail(rest))
        result = self.tail(expr.args[0])
        for factor in map(self.tail, expr.args[1:]):
            sign, size = _times(result.sign, factor.sign), _size_of_product(result, factor)
            result = Tail(
                _times(result.high, factor.high),
                _times(result.low, factor.low),
                sign,
                size if sign == 1 else None,
                _negative(size) if sign == -1 else None,
            )
        return result

    def _scaled(self, factor: Expr, tail: Tail) -> Tail:
        size, constant = self.exact(factor), self._constant(factor)
        if constant.sign == -1:
            return self._scaled(-factor, tail).mirrored
        result = Tail(_times(constant.high, tail.high), _times(constant.low, tail.low))
        if constant.sign is None:
            return result
        above, below = _stretched(tail.above, size), _stretched(tail.below, size)
        return replace(result, sign=tail.sign, above=above, below=below)

    def _power(self, expr: Pow) -> Tail:
        base, exponent = expr.base, expr.exp
        if base == E:
            return self._exp(exponent)
        if x in exponent.free_symbols:
            return self._exp(exponent * log(base))
        tail, e = self.tail(base), self.exact(exponent)
        even = isinstance(exponent, Integer) and exponent % 2 == 0
        if not isinstance(exponent, Integer) and tail.sign != 1:
            return Tail()
        sign = 1 if even else tail.sign
        if not (e > 0 or e < 0):
            return Tail()
        high, low = (tail.high, tail.low) if e > 0 else (tail.low, tail.high)
        result = Tail(high and high**e, low and low**e, sign)
        if base == x and exponent == 2:
            line = (ZERO, ZERO, ONE)
            return replace(result, above=line, below=line)
        if base == x and exponent.is_Integer and exponent > 2:
            # t**n >= T0**(n-2) t**2, and its mirror image.
            steep = (ZERO, ZERO, self.start ** int(exponent - 2))
            return replace(result, below=steep) if sign == 1 else replace(result, above=_negative(steep))
        return result

    # -- switches -----------------------------------------------------------------------------

    def _abs(self, argument: Basic) -> Tail:
        inner = self.tail(argument)
        return Tail(inner.high, inner.low, 1)

    def _step(self, argument: Basic, odd: bool) -> Tail:
        """Bound the sign (`odd`) or the unit step of an argument."""
        inner = self.tail(argument)
        definite = inner.low is not None and (odd or inner.sign == 1)
        return Tail(Growth(arb(1)), Growth(arb(1)) if definite else None, inner.sign if odd else 1)

    def _extreme(self, expr: Max | Min) -> Tail:
        """Bound a maximum by all its arguments, and a minimum as the mirror image."""
        tails = [self.tail(arg) for arg in expr.args]
        if isinstance(expr, Min):
            return self._maximum([tail.mirrored for tail in tails]).mirrored
        return self._maximum(tails)

    def _maximum(self, tails: list[Tail]) -> Tail:
        worst = self._worst(tails)
        positive = [tail for tail in tails if tail.sign == 1]
        if not positive:
            return replace(worst, below=next((t.below for t in tails if t.below is not None), None))
        lows = [tail.low for tail in positive if tail.low is not None]
        low = max(lows, key=lambda growth: growth.order) if lows else None
        return Tail(worst.high, low, 1, worst.above, positive[0].below)

    def _worst(self, tails: list[Tail]) -> Tail:
        """Return what holds of each of some functions, and so of a function that agrees with one of them everywhere."""
        highs, lows, signs = ([getattr(t, name) for t in tails] for name in ("high", "low", "sign"))
        return Tail(
            None if None in highs else largest(highs),
            None if None in lows else smallest(lows),
            signs[0] if len(set(signs)) == 1 else None,
            _enveloped([t.above for t in tails]),
            _negative(_enveloped([_negative(t.below) for t in tails])),
        )

    def _possible(self, expr: Piecewise) -> Iterator[Expr]:
        """Yield the branches that may be taken on the half-line."""
        for branch, condition in expr.args:
            holds = self._holds(condition)
            if holds is not False:
                yield branch
            if holds:
                return

    def _holds(self, condition: Basic) -> bool | None:
        """Tell whether a condition holds, or fails, on the whole half-line."""
        if condition in (sympy.true, sympy.false):
            return bool(condition)
        if isinstance(condition, Relational) and condition.rel_op in ("<", "<=", ">", ">="):
            difference = self.tail(condition.lhs - condition.rhs)
            if difference.low is None or difference.sign is None:
                return None
            return (difference.sign > 0) == (condition.rel_op in (">", ">="))
        return None

    # -- functions ----------------------------------------------------------------------------

    def _exp(self, argument: Basic) -> Tail:
        inner = self.tail(argument)
        return Tail(_exponential(inner.above), _exponential(inner.below), 1)

    def _log(self, argument: Basic) -> Tail:
        r"""Bound through :func:`_logarithm`; also ``log(1+u)`` through :math:`u/(1+u) \le \log(1+u) \le u`."""
        inner = self.tail(argument)
        if inner.high is None or inner.low is None or inner.sign != 1:
            return Tail()
        above, below = (
            _logarithm(inner.high, largest_power=True, start=self.start),
            _logarithm(inner.low, largest_power=False, start=self.start),
        )
        if not _some(below[1], below[2]):
            # A bound that does not grow is best taken at the start.
            least = inner.low.infimum(self.start)
            floors = [] if least is None else [least]
            if inner.below is not None and self._is_nonincreasing(_negative(inner.below)):
                floors.append(self._at_start(inner.below))
            best = greatest([floor for floor in floors if floor > 0] or [inner.low.c])
            if arb(best).log() > arb(below[0]) or arb(best) == 1:
                below = (ZERO if arb(best) == 1 else arb(best).log(), ZERO, ZERO)
        coefficients = [arb(abs(c)) for c in (*above, *below)]
        degree = 2 if _some(above[2], below[2]) else 1 if _some(above[1], below[1]) else 0
        found = Tail(Growth(sum(coefficients, arb(0)), fmpq(degree)), None, None, above, below)
        one, rest = argument.as_coeff_Add()
        small = self.tail(rest) if one == 1 else Tail()
        most = None if small.high is None else small.high.supremum(self.start)
        if small.sign != 1 or most is None:
            return found
        low = None if small.low is None else small.low.scaled(1 / (1 + most))
        return Tail(small.high, low, 1)

    def _bounded(self, argument: Basic, bound: arb, odd: bool, slope: int = 0) -> Tail:
        """Bound by a constant, or by the argument's own size where that falls and ``|f(u)| <= slope |u|``."""
        inner = self.tail(argument)
        falling = slope and inner.high is not None and inner.high.supremum(self.start) is not None
        high = inner.high.scaled(arb(slope)) if falling and inner.high is not None else Growth(bound)
        return Tail(high, None, inner.sign if odd else None)

    def _sigmoidal(self, argument: Basic, name: str, bound: arb) -> Tail:
        r"""Bound an odd function, concave to the right of 0, that increases from ``-bound`` to ``bound``.

        Where the argument falls from a size ``s``: :math:`|u|\,F(s)/s \le |F(u)| \le |u|\,F'(0)`, and
        :math:`F'(0) \le 2/\sqrt\pi` for all of them.
        """
        inner = self.tail(argument)
        most = None if inner.high is None else inner.high.supremum(self.start)
        if inner.high is not None and most is not None and most > 0 and inner.high.order < (0, 0, 0):
            low = None if inner.low is None else inner.low.scaled((getattr(most, name)() / most).lower())
            return Tail(inner.high.scaled(2 / arb.pi().sqrt()), low, inner.sign)
        least = None if inner.low is None else inner.low.infimum(self.start)
        value = getattr(least.lower(), name)().lower() if least is not None and least.lower() > 0 else None
        return Tail(Growth(bound), Growth(value) if value is not None and value > 0 else None, inner.sign)

    def _erfc(self, argument: Basic) -> Tail:
        r"""Bound by 2; for linear ``u >= 0`` by Mills' ratio: ``e^(-u^2)/(sqrt(pi)(1+u)) <= erfc u <= e^(-u^2)``."""
        line = self._line(argument)
        if line is None or not (line[1] > 0 and line[0] + line[1] * self.start >= 0):
            return Tail(Growth(arb(2)), None, 1)
        decay = _exponential(_negative(_square(line)))
        assert decay is not None
        widest = greatest([line[0], line[1], ONE])
        factor = Growth(arb(1) / (arb.pi().sqrt() * 2 * widest), fmpq(-1))
        return Tail(decay, decay * factor, 1)

    def _erfi(self, argument: Basic) -> Tail:
        r"""For linear ``u``, ``|u| >= 1``: :math:`e^{u^2}/(3|u|) \le \sqrt\pi/2\,|{\rm erfi}\,u| \le e^{u^2}/|u|`.

        Dawson's integral solves :math:`D' = 1 - 2uD`; on :math:`u \ge 1`, ``1/u`` satisfies this with :math:`\ge`, and
        on :math:`u \ge 0` :math:`u/(1+2u^2) \ge 1/(3u)` with :math:`\le`, from the right side of ``D`` at the start.
        """
        line, inner = self._line(argument), self.tail(argument)
        least = None if inner.low is None else inner.low.infimum(self.start)
        if line is None or inner.high is None or inner.low is None or least is None or not least >= 1:
            return Tail()
        growth = _exponential(_square(line))
        assert growth is not None
        factor = 2 / arb.pi().sqrt()
        high, low = inner.low ** fmpq(-1), inner.high ** fmpq(-1)
        return Tail(growth * high.scaled(factor), growth * low.scaled(factor / 3), inner.sign)

    def _ei(self, argument: Basic) -> Tail:
        r"""For ``u >= 1``: :math:`0 < {\rm Ei}\,u \le e^u`, as ``Ei(1) < e``; for ``u <= -1`` so is its negative."""
        inner = self.tail(argument)
        least = None if inner.low is None else inner.low.infimum(self.start)
        if least is None or not least >= 1 or inner.sign is None:
            return Tail()
        return Tail(_exponential(inner.above), None, inner.sign)

    def _ci(self, argument: Basic) -> Tail:
        r"""For ``u >= 1``: :math:`|{\rm Ci}\,u| \le 1/u + 1/u^2 \le 2/u`."""
        inner = self.tail(argument)
        least = None if inner.low is None else inner.low.infimum(self.start)
        if inner.low is None or least is None or not least >= 1 or inner.sign != 1:
            return Tail()
        return Tail((inner.low ** fmpq(-1)).scaled(arb(2)))

    def _shi(self, argument: Basic) -> Tail:
        r""":math:`|{\rm Shi}\,u| \le \sinh |u| \le e^{|u|}`."""
        inner = self.tail(sympy.Abs(argument, evaluate=False))
        return Tail(_exponential(inner.above), None, self.tail(argument).sign)

    def _lambertw(self, argument: Basic) -> Tail:
        r"""For ``u >= 0``: :math:`0 \le W(u) \le \log(1+u)`."""
        if self.tail(argument).sign != 1:
            return Tail()
        return Tail(self.tail(log(1 + argument)).high, None, 1)

    def _acosh(self, argument: Basic) -> Tail:
        r"""For ``u >= 1``: :math:`0 \le {\rm acosh}\,u \le \log(2u)`; elsewhere it is not real."""
        inner = self.tail(argument)
        if inner.high is None or inner.sign != 1:
            return Tail()
        above = _logarithm(largest([Growth(arb(1)), inner.high.scaled(arb(2))]), largest_power=True, start=self.start)
        return Tail(_above_to_growth(above), None, 1)

    def _asinh(self, argument: Basic) -> Tail:
        r"""``|asinh u| <= log(1 + 2|u|)``."""
        inner = self.tail(argument)
        if inner.high is None:
            return Tail()
        above = _logarithm(largest([Growth(arb(1)), inner.high.scaled(arb(2))]), largest_power=True, start=self.start)
        return Tail(_above_to_growth(above), None, inner.sign)

    def _line(self, argument: Basic) -> tuple[Exact, Exact] | None:
        """Return ``c0, c1`` when `argument` is ``c0 + c1 t`` exactly."""
        slope = argument.diff(x)
        if x in slope.free_symbols:
            return None
        return self.exact(argument.xreplace({x: sympy.S.Zero})), self.exact(slope) * self.side

    # -- completion ---------------------------------------------------------------------------

    def _completed(self, tail: Tail) -> Tail:
        """Add what follows from the rest: ``above`` and ``below`` from size and sign, the sign from ``below``."""
        sign = tail.sign
        if sign is None and self._is_nonnegative(tail.below):
            sign = 1
        elif sign is None and self._is_nonnegative(_negative(tail.above)):
            sign = -1
        low = tail.low or self._least_of(tail.below) or self._least_of(_negative(tail.above))
        tail = replace(tail, sign=sign, low=low)
        above = tail.above if tail.above is not None else self._upper(tail)
        below = tail.below if tail.below is not None else _negative(self._upper(tail.mirrored))
        return replace(tail, above=above, below=below)

    def _upper(self, tail: Tail) -> Quadratic | None:
        """Return a quadratic above, from size and sign: ``-low`` or 0 for one sign, ``high`` for the other."""
        if tail.sign == -1:
            return _NOTHING if tail.low is None else _negative(self._quadratic_under(tail.low))
        return None if tail.high is None else _quadratic_over(tail.high)

    def _quadratic_under(self, growth: Growth) -> Quadratic:
        """Bound a growth from below, by ``(1+t)**n >= t, t**2``, ``e**(kt) >= (kt)**3/6 >= k**3 T0 t**2/6``, or 0."""
        c = growth.c.lower()
        if not (growth.n >= 0 and growth.k >= 0 and growth.a >= 0):
            return _NOTHING
        if growth.k > 0:
            return ZERO, ZERO, c * growth.k * growth.k * growth.k * self.start / 6
        if growth.n >= 2:
            return ZERO, ZERO, c
        return (ZERO, c, ZERO) if growth.n >= 1 else (c, ZERO, ZERO)

    def _least_of(self, line: Quadratic | None) -> Growth | None:
        r"""Bound a quadratic that increases from a positive value by its tangent, and this by ``m (1+t)``, or ``m``.

        The quotient :math:`(c_0 + c_1 t)/(1 + t)` is monotone, so it is least at the start or at infinity.
        """
        if line is None or not self._is_nonnegative(line):
            return None
        c0, c1, c2 = line
        value, slope = arb(c0 + self.start * (c1 + self.start * c2)), arb(c1 + 2 * self.start * c2)
        if slope > 0 and value > 0:
            least = (value / (1 + self.start)).min(slope).lower()
            return Growth(least, ONE)
        return Growth(value.lower()) if value.lower() > 0 else None

    def _is_nonnegative(self, line: Quadratic | None) -> bool:
        if line is None:
            return False
        c0, c1, c2 = line
        value, slope = c0 + self.start * (c1 + self.start * c2), c1 + 2 * self.start * c2
        return bool(value >= 0 and slope >= 0 and c2 >= 0)


_RULES: dict[Any, Callable[[HalfLine, Basic], Tail]] = {
    sympy.Abs: HalfLine._abs,
    sympy.sign: lambda line, u: line._step(u, odd=True),
    sympy.Heaviside: lambda line, u: line._step(u, odd=False),
    exp: HalfLine._exp,
    log: HalfLine._log,
    sympy.sin: lambda line, u: line._bounded(u, arb(1), odd=False, slope=1),
    sympy.cos: lambda line, u: line._bounded(u, arb(1), odd=False),
    sympy.asin: lambda line, u: line._bounded(u, arb.pi() / 2, odd=True, slope=2),
    sympy.acos: lambda line, u: line._bounded(u, arb.pi(), odd=False),
    sympy.acot: lambda line, u: line._bounded(u, arb.pi() / 2, odd=True),
    sympy.Si: lambda line, u: line._bounded(u, arb(2), odd=True, slope=1),
    sympy.fresnels: lambda line, u: line._bounded(u, arb(1), odd=True, slope=1),
    sympy.fresnelc: lambda line, u: line._bounded(u, arb(1), odd=True, slope=1),
    sympy.Shi: HalfLine._shi,
    sympy.Ei: HalfLine._ei,
    sympy.Ci: HalfLine._ci,
    sympy.LambertW: HalfLine._lambertw,
    sympy.acosh: HalfLine._acosh,
    sympy.tanh: lambda line, u: line._sigmoidal(u, "tanh", arb(1)),
    sympy.erf: lambda line, u: line._sigmoidal(u, "erf", arb(1)),
    sympy.atan: lambda line, u: line._sigmoidal(u, "atan", arb.pi() / 2),
    sympy.asinh: HalfLine._asinh,
    sympy.erfc: HalfLine._erfc,
    sympy.erfi: HalfLine._erfi,
    sympy.sinh: lambda line, u: line.tail((exp(u) - exp(-u)) / 2),
    sympy.cosh: lambda line, u: line.tail((exp(u) + exp(-u)) / 2),
    sympy.sech: lambda line, u: line.tail(2 / (exp(u) + exp(-u))),
    sympy.csch: lambda line, u: line.tail(2 / (exp(u) - exp(-u))),
    sympy.coth: lambda line, u: line.tail((exp(u) + exp(-u)) / (exp(u) - exp(-u))),
}


# -- quadratics -------------------------------------------------------------------------------


def _negative(line: Quadratic | None) -> Quadratic | None:
    return None if line is None else (-line[0], -line[1], -line[2])


def _stretched(line: Quadratic | None, factor: Exact) -> Quadratic | None:
    return None if line is None else (line[0] * factor, line[1] * factor, line[2] * factor)


def _added(lines: Iterable[Quadratic | None]) -> Quadratic | None:
    total = _NOTHING
    for line in lines:
        if line is None:
            return None
        total = (total[0] + line[0], total[1] + line[1], total[2] + line[2])
    return total


def _square(line: tuple[Exact, Exact]) -> Quadratic:
    return line[0] * line[0], 2 * line[0] * line[1], line[1] * line[1]


def _exponential(line: Quadratic | None) -> Growth | None:
    return None if line is None else Growth(arb(line[0]).exp(), ZERO, line[1], line[2])


def _enveloped(lines: list[Quadratic | None]) -> Quadratic | None:
    """Bound several quadratics from above by one: ``1, t, t**2`` are positive, so larger coefficients are larger."""
    found = [line for line in lines if line is not None]
    if len(found) < len(lines):
        return None
    c0, c1, c2 = (greatest(list(column)) for column in zip(*found, strict=True))
    return c0, c1, c2


def _size_of_product(a: Tail, b: Tail) -> Quadratic | None:
    """Bound the size of a product of two functions of known sign by the product of two lines."""
    first, second = (None if t.sign is None else t.above if t.sign == 1 else _negative(t.below) for t in (a, b))
    if first is None or second is None:
        return None
    (a0, a1, a2), (b0, b1, b2) = first, second
    if not (a2 == 0 and b2 == 0):
        return None
    return a0 * b0, a0 * b1 + a1 * b0, a1 * b1


def _times(a: Any, b: Any) -> Any:
    return None if a is None or b is None else a * b


def _logarithm(growth: Growth, largest_power: bool, start: fmpq) -> Quadratic:
    r"""Bound the logarithm of `growth` from above or below.

    By the tangent :math:`\log(1+t) \le \log(1+T) + (t-T)/(1+T)`.
    """
    power = greatest([growth.n, ZERO]) if largest_power else -greatest([-growth.n, ZERO])
    if power == 0:
        return growth.c.log(), growth.k, growth.a
    offset = (1 + arb(start)).log() - start / (1 + start)
    return growth.c.log() + power * offset, growth.k + power / (1 + start), growth.a


def _some(*coefficients: Exact) -> bool:
    """Tell whether a coefficient may differ from 0 (a ball around 0 may)."""
    return not all(c == 0 for c in coefficients)


def _above_to_growth(line: Quadratic) -> Growth:
    """Bound the size of a quadratic whose value is not negative."""
    degree = 2 if _some(line[2]) else 1 if _some(line[1]) else 0
    return Growth(sum((arb(abs(c)) for c in line), arb(0)), fmpq(degree))


def _quadratic_over(growth: Growth) -> Quadratic | None:
    """Bound a growth by a quadratic: ``(1+t)**n <= 1, 1 + t, 1 + 2t + t**2`` for ``n <= 0, 1, 2``."""
    if not (growth.k <= 0 and growth.a <= 0 and growth.n <= 2):
        return None
    c = growth.c
    if growth.n <= 0:
        return c, ZERO, ZERO
    return (c, c, ZERO) if growth.n <= 1 else (c, 2 * c, c)
