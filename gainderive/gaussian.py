r"""Means over a centred normal variable as SymPy objects.

Two objects carry all the integrals of the library:

``GaussMean(f, x, q)``
    :math:`E f(\sqrt q\,z)`, ``z ~ N(0, 1)``: the mean of ``f`` over ``x ~ N(0, q)``.
``GaussIntegral(f, x, q, a, b)``
    :math:`E[f(x);\ a < x < b] = \int_a^b f(x)\, e^{-x^2/(2q)}/\sqrt{2\pi q}\,dx`.

They print, substitute and differentiate; only :meth:`doit` evaluates, and only through the engine, which registers
itself with :func:`register_engine`; the roof loads it when it is first asked. ``q`` is a *second moment* of the
preactivation (which equals its variance, since the preactivation is centred).

>>> from gainderive.symbols import q, x
>>> from sympy import tanh
>>> GaussMean(tanh(x)**2, x, q)
E[tanh(sqrt(q)*z)**2]
>>> GaussIntegral(x**2, x, 1, 0, 1)
E[x**2; 0 < x < 1]
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sympy import Abs, Basic, Expr, Heaviside, Max, Min, Piecewise, S, Symbol, exp, oo, pi, sign, sqrt, sympify

from gainderive import load_engine, symbols

SWITCHES = (Piecewise, Abs, Max, Min, sign, Heaviside)
"""The SymPy functions that hide a case distinction."""

_engine: Callable[[Expr], Expr | None] | None = None


def register_engine(evaluate: Callable[[Expr], Expr | None]) -> None:
    """Let :meth:`_Gauss.doit` evaluate through `evaluate`, which returns ``None`` when it finds no closed form."""
    global _engine
    _engine = evaluate


def evaluated(expr: Expr) -> Expr | None:
    """Return the closed form that the engine finds for an expression with means, else ``None``."""
    if _engine is None:
        load_engine()
    assert _engine is not None
    return _engine(expr)


def density(x: Symbol, q: Expr) -> Expr:
    """Return the density of N(0, q) at `x`.

    >>> density(symbols.x, S.One)
    sqrt(2)*exp(-x**2/2)/(2*sqrt(pi))
    """
    q = sympify(q)
    return exp(-(x**2) / (2 * q)) / sqrt(2 * pi * q)


def _deciding(switch: Expr) -> set[Basic]:
    """Return the symbols on which the choice of a branch depends."""
    deciding = [case.cond for case in switch.args] if isinstance(switch, Piecewise) else switch.args
    return set().union(*(part.free_symbols for part in deciding))


class _Gauss(Expr):
    """Common behaviour: ``args[0]`` is the integrand, ``args[1]`` the bound variable, ``args[2]`` is ``q``."""

    is_commutative = True
    is_number = False

    @property
    def integrand(self) -> Expr:
        """What the mean is taken of, in ``variable``."""
        return self.args[0]

    @property
    def variable(self) -> Symbol:
        """The bound variable."""
        return self.args[1]

    @property
    def q(self) -> Expr:
        """Second moment of the normal variable."""
        return self.args[2]

    @property
    def bound_symbols(self) -> list[Symbol]:
        return [self.variable]

    @property
    def free_symbols(self) -> set[Basic]:
        free: set[Basic] = self.integrand.free_symbols - {self.variable}
        return free.union(*(arg.free_symbols for arg in self.args[2:]))

    @property
    def lower(self) -> Expr:
        """Lower end of the interval, minus infinity for a mean over the whole line."""
        return -oo

    @property
    def upper(self) -> Expr:
        """Upper end of the interval."""
        return oo

    def with_integrand(self, integrand: Expr) -> Expr:
        """Return the same mean or integral of another integrand."""
        return self.func(integrand, *self.args[1:])

    def _eval_is_real(self) -> bool | None:
        return True if self.integrand.is_real else None

    def _eval_is_finite(self) -> bool | None:
        return None

    def _eval_is_nonnegative(self) -> bool | None:
        ordered = (self.upper - self.lower).is_extended_nonnegative
        return True if ordered and self.integrand.is_nonnegative else None

    def _eval_subs(self, old: Basic, new: Basic) -> Basic | None:
        if old == self.variable:
            return self
        return None

    def _eval_derivative(self, s: Symbol) -> Expr | None:
        # Differentiating the density holds for integrands with kinks and jumps too, where E f'' does not exist.
        if s == self.variable:
            return S.Zero
        if any(s in _deciding(node) for node in self.integrand.atoms(*SWITCHES)):
            return None  # The switch itself moves with `s`; SymPy keeps the derivative unevaluated.
        through_density = (self.variable**2 / self.q - 1) / (2 * self.q) * self.q.diff(s)
        inside = self.integrand.diff(s) + self.integrand * through_density
        through_integrand = self.with_integrand(inside) if inside != 0 else S.Zero
        return through_integrand + self._at(self.upper) * self.upper.diff(s) - self._at(self.lower) * self.lower.diff(s)

    def _at(self, end: Expr) -> Expr:
        if end in (oo, -oo):
            return S.Zero
        return (self.integrand * density(self.variable, self.q)).subs(self.variable, end)

    def _eval_simplify(self, **kwargs: Any) -> Expr:
        return self

    def doit(self, **hints: Any) -> Expr:
        """Return the closed form that the engine finds, else the object itself."""
        value = evaluated(self)
        return self if value is None else value


class GaussMean(_Gauss):
    r"""Mean :math:`E f(\sqrt q\,z)` of `f`, an expression in `x`, over ``x ~ N(0, q)``.

    Parameters
    ----------
    f : Expr
        Integrand in `x`.
    x : Symbol
        Bound variable.
    q : Expr
        Second moment of the normal variable, positive.

    Examples
    --------
    >>> from gainderive.symbols import q, x
    >>> GaussMean(x**2, x, q).diff(q)
    E[z**2*(z**2 - 1)/2]
    """

    def __new__(cls, f: Any, x: Symbol = symbols.x, q: Any = 1) -> GaussMean:
        made: GaussMean = Expr.__new__(cls, sympify(f), x, sympify(q))
        return made

    @property
    def standardised(self) -> Expr:
        """The integrand as a function of ``z``, for printing."""
        inside = sqrt(self.q) * symbols.z
        integrand = self.integrand
        if isinstance(integrand, Piecewise) or integrand.has(Piecewise):
            return integrand.xreplace({self.variable: inside})
        return integrand.subs(self.variable, inside)

    def _sympystr(self, printer: Any) -> str:
        return f"E[{printer._print(self.standardised)}]"

    def _latex(self, printer: Any, exp: str | None = None) -> str:
        text = rf"\mathbb{{E}}\left[{printer._print(self.standardised)}\right]"
        return text if exp is None else rf"{text}^{{{exp}}}"


class GaussIntegral(_Gauss):
    r"""Part :math:`E[f(x);\ a < x < b]` of a Gaussian mean that comes from the interval ``(a, b)``.

    Parameters
    ----------
    f, x, q
        As in :class:`GaussMean`.
    a, b : Expr
        Ends of the interval, possibly infinite or symbolic. For ``a > b`` the integral is oriented: minus the one
        from ``b`` to ``a``.
    """

    def __new__(cls, f: Any, x: Symbol, q: Any, a: Any, b: Any) -> GaussIntegral:
        made: GaussIntegral = Expr.__new__(cls, sympify(f), x, sympify(q), sympify(a), sympify(b))
        return made

    @property
    def lower(self) -> Expr:
        """Lower end of the interval."""
        return self.args[3]

    @property
    def upper(self) -> Expr:
        """Upper end of the interval."""
        return self.args[4]

    def _sympystr(self, printer: Any) -> str:
        f, x, a, b = (printer._print(part) for part in (self.integrand, self.variable, self.lower, self.upper))
        left = "" if self.lower == -oo else f"{a} < "
        right = "" if self.upper == oo else f" < {b}"
        return f"E[{f}; {left}{x}{right}]"

    def _latex(self, printer: Any, exp: str | None = None) -> str:
        f, x, q, a, b = (printer._print(part) for part in self.args)
        if self.integrand.is_Add:
            f = rf"\left({f}\right)"
        f = "" if self.integrand == 1 else f + r"\,"
        weight = (
            rf"\frac{{e^{{-{x}^{{2}}/2}}}}{{\sqrt{{2\pi}}}}"
            if self.q == 1
            else rf"\frac{{e^{{-{x}^{{2}}/(2 {q})}}}}{{\sqrt{{2\pi {q}}}}}"
        )
        text = rf"\int_{{{a}}}^{{{b}}} {f}{weight}\,d{x}"
        return text if exp is None else rf"\left({text}\right)^{{{exp}}}"
