r"""The mean over several independent variables as a SymPy object.

``JointMean(f, (x_1, q), (x_2, q), (a, l, u))`` is :math:`E f(x_1, x_2, a)` with independent
:math:`x_i \sim N(0, q)` and ``a`` uniform between ``l`` and ``u``: the mean of a unit of several preactivations, or
of one and a random parameter. As with :class:`gainderive.gaussian.GaussMean`, which is the mean over a single normal
variable, ``q`` is a *second moment*, and nothing is evaluated by accident.

>>> from sympy import Max
>>> from gainderive.symbols import branch, parameter, x
>>> JointMean(Max(branch(1), branch(2)) ** 2, (branch(1), 1), (branch(2), 1))
E[Max(z_1, z_2)**2]
>>> JointMean(parameter("a") * x**2, (x, 4), (parameter("a"), 0, 1))
E[4*a*z**2]
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sympy import Basic, Expr, Float, S, Symbol, Tuple, sqrt, sympify

from gainderive import symbols
from gainderive.gaussian import GaussIntegral, GaussMean, evaluated


class JointMean(Expr):
    r"""Mean of `f` over independent variables.

    Parameters
    ----------
    f : Expr
        Integrand.
    *laws : (Symbol, Expr) or (Symbol, Expr, Expr)
        ``(x_i, q)`` for a variable that is N(0, q), ``(a, l, u)`` for one that is uniform between ``l`` and ``u``.

    Examples
    --------
    >>> from gainderive.symbols import branch
    >>> mean = JointMean(branch(1)**2 * branch(2)**2, (branch(1), 1), (branch(2), 1))
    >>> mean.variables, mean.free_symbols
    ((x_1, x_2), set())
    """

    is_commutative = True
    is_number = False

    def __new__(cls, f: Any, *laws: Any) -> JointMean:
        made: JointMean = Expr.__new__(cls, sympify(f), *(Tuple(*law) for law in laws))
        return made

    @property
    def integrand(self) -> Expr:
        """What the mean is taken of."""
        return self.args[0]

    @property
    def laws(self) -> tuple[Tuple, ...]:
        """The distribution of each variable."""
        laws: tuple[Tuple, ...] = self.args[1:]
        return laws

    @property
    def normal(self) -> tuple[Tuple, ...]:
        """The laws ``(x_i, q)`` of the normal variables."""
        return tuple(law for law in self.laws if len(law) == 2)

    @property
    def uniform(self) -> tuple[Tuple, ...]:
        """The laws ``(a, l, u)`` of the uniform variables."""
        return tuple(law for law in self.laws if len(law) == 3)

    @property
    def variables(self) -> tuple[Symbol, ...]:
        """The bound variables, in the order of the laws."""
        return tuple(law[0] for law in self.laws)

    @property
    def bound_symbols(self) -> list[Symbol]:
        return list(self.variables)

    @property
    def free_symbols(self) -> set[Basic]:
        free: set[Basic] = self.integrand.free_symbols - set(self.variables)
        return free.union(*(part.free_symbols for law in self.laws for part in law[1:]))

    def with_integrand(self, integrand: Expr) -> JointMean:
        """Return the mean of another integrand over the same variables."""
        return JointMean(integrand, *self.laws)

    @property
    def ill_formed(self) -> str:
        """Why this is no mean over independent variables, or an empty string."""
        if any(len(law) not in (2, 3) or not isinstance(law[0], Symbol) for law in self.laws):
            return f"{self} has a law that is neither (variable, q) nor (variable, lower, upper)"
        if not self.laws or len(set(self.variables)) != len(self.laws):
            return f"{self} is not a mean over different variables"
        if not all(map(symbols.is_any_real, self.variables)):
            return f"more is assumed of a variable of {self} than that it is real"
        if self.integrand.has(Float):
            return f"{self} holds a float; write the exact number"
        if self.integrand.has(JointMean, GaussMean, GaussIntegral):
            return f"{self} holds another mean inside"
        if any(part.free_symbols & set(self.variables) for law in self.laws for part in law[1:]):
            return f"the variables of {self} are not independent of each other"
        if not all(law[1].is_positive for law in self.normal):
            return f"that the second moments of {self} are positive is not shown"
        if not all(end.is_real for law in self.uniform for end in law[1:]):
            return f"that a uniform variable of {self} is between finite real ends is not shown"
        return ""

    def _eval_is_real(self) -> bool | None:
        return True if self.integrand.is_real else None

    def _eval_is_nonnegative(self) -> bool | None:
        return True if self.integrand.is_nonnegative else None

    def _eval_subs(self, old: Basic, new: Basic) -> Basic | None:
        return self if old in self.variables else None

    def _eval_derivative(self, s: Symbol) -> Expr | None:
        return S.Zero if s not in self.free_symbols else None

    def _eval_simplify(self, **kwargs: Any) -> Expr:
        return self

    def doit(self, **hints: Any) -> Expr:
        """Return the closed form that the engine finds, else the object itself."""
        value = evaluated(self)
        return self if value is None else value

    @property
    def standardised(self) -> Expr:
        """The integrand as a function of standard normal variables, for printing."""
        scaled = {variable: sqrt(q) * _standard(variable) for variable, q in self.normal}
        return self.integrand.xreplace(scaled)

    def _sympystr(self, printer: Any) -> str:
        return f"E[{printer._print(self.standardised)}]"

    def _latex(self, printer: Any, exp: str | None = None) -> str:
        text = rf"\mathbb{{E}}\left[{printer._print(self.standardised)}\right]"
        return text if exp is None else rf"{text}^{{{exp}}}"


def over(integrand: Expr, laws: Iterable[Any]) -> Expr:
    """Return the mean over `laws`: a ``GaussMean`` where the only variable is a normal ``x``.

    >>> from gainderive.symbols import x
    >>> type(over(x**2, [(x, 1)])).__name__
    'GaussMean'
    """
    laws = [tuple(law) for law in laws]
    if len(laws) == 1 and len(laws[0]) == 2 and laws[0][0] == symbols.x:
        return GaussMean(integrand, *laws[0])
    return JointMean(integrand, *laws)


def _standard(variable: Symbol) -> Symbol:
    """Return ``z`` for ``x`` and ``z_i`` for ``x_i``."""
    if variable == symbols.x:
        return symbols.z
    _, _, index = variable.name.partition("_")
    return symbols.standard(int(index)) if index.isdecimal() else variable
