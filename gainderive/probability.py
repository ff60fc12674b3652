r"""The mean of an expression in families of random scalars, such as the weights of a layer.

Where :class:`gainderive.gaussian.GaussMean` integrates, ``Mean`` only carries the algebra of expectations:
linearity, independence, and the covariance of weights. What is random is said in a derivation's assumptions.

>>> from sympy import Sum
>>> from gainderive.symbols import counter, fan_in, indexed
>>> W, h, i, j = indexed("W"), indexed("h"), counter("i"), counter("j")
>>> Mean(Sum(W[i, j] * h[j], (j, 1, fan_in)) ** 2)
E[Sum(W[i, j]*h[j], (j, 1, n_in))**2]
"""

from __future__ import annotations

from typing import Any

from sympy import Expr, sympify


class Mean(Expr):
    """Expectation of `expr`; never evaluated by itself."""

    is_commutative = True
    is_real = True

    def __new__(cls, expr: Any) -> Mean:
        made: Mean = Expr.__new__(cls, sympify(expr))
        return made

    @property
    def inside(self) -> Expr:
        """What the mean is taken of."""
        return self.args[0]

    def _sympystr(self, printer: Any) -> str:
        return f"E[{printer._print(self.inside)}]"

    def _latex(self, printer: Any, exp: str | None = None) -> str:
        text = rf"\mathbb{{E}}\left[{printer._print(self.inside)}\right]"
        return text if exp is None else rf"{text}^{{{exp}}}"
