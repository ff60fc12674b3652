"""Every SymPy symbol that gainderive uses, with its assumptions; nobody else makes one.

SymPy takes two symbols of one name and different assumptions for different symbols, so a
symbol made in two places is a bug that prints like a truth. A test holds that only this
file calls ``Symbol``.

>>> x.is_real, q.is_positive
(True, True)
>>> parameter("a", real=True) is parameter("a", real=True)
True
"""

from __future__ import annotations

from functools import cache
from typing import Any

from sympy import Expr, IndexedBase, Symbol, nan, oo, zoo

x = Symbol("x", real=True)
"""The preactivation: the variable of every activation, and the bound variable of a Gaussian mean."""
z = Symbol("z", real=True)
"""A standard normal variable; only printed (``E[f(sqrt(q) z)]``), never integrated over."""
q = Symbol("q", positive=True)
"""The second moment of a preactivation."""
g = Symbol("g", positive=True)
"""The gain: ``Var W = g**2 / fan``."""
fan_in = Symbol("n_in", positive=True, integer=True)
"""Number of inputs of a unit."""
fan_out = Symbol("n_out", positive=True, integer=True)
"""Number of units that an input feeds."""
chi_1 = Symbol("chi_1", positive=True)
"""Factor by which a layer multiplies the gradient's second moment."""
lambda_q = Symbol("lambda_q", real=True)
"""Slope of the length map at a fixed point."""
deviation = Symbol("sigma_h", positive=True)
"""Standard deviation of an activation."""
second_moment = Symbol("M_2", nonnegative=True)
"""Second moment of an activation."""
slope_moment = Symbol("D", nonnegative=True)
"""Second moment of an activation's derivative."""
channels = Symbol("C", positive=True, integer=True)
"""Number of input channels of a convolution, per group."""
kernel_size = Symbol("K", positive=True, integer=True)
"""Number of entries of a convolution's kernel."""
bound = Symbol("b", positive=True)
"""Half width of a uniform distribution."""
outputs = Symbol("n_y", positive=True, integer=True)
"""Number of a network's outputs."""
forward_factor = Symbol("F", positive=True)
"""Factor by which a linear layer multiplies the signal's second moment."""
backward_factor = Symbol("B", positive=True)
"""Factor by which a linear layer multiplies the gradient's second moment."""
weight_variance = Symbol("v", positive=True)
"""Variance of a single weight."""

width = Symbol("n", positive=True, integer=True)
"""Number of units of a layer."""
layer = Symbol("l", nonnegative=True, integer=True)
"""Number of layers, or of blocks, that the signal has passed: 0, 1, 2, ..."""
depth = Symbol("L", positive=True, integer=True)
"""Number of layers, or of blocks, of a network."""


@cache
def parameter(name: str, **assumptions: bool) -> Symbol:
    """Return the parameter symbol `name`, real unless told otherwise; the same object for the same call."""
    return Symbol(name, **({"real": True} | assumptions))


@cache
def counter(name: str) -> Symbol:
    """Return the summation index `name`, a positive integer."""
    return Symbol(name, integer=True, positive=True)


@cache
def branch(index: int) -> Symbol:
    """Return ``x_1``, ``x_2``, ...: the preactivations of a unit that has several."""
    return Symbol(f"x_{index}", real=True)


@cache
def standard(index: int) -> Symbol:
    """Return ``z_1``, ``z_2``, ...: standard normal variables of a unit that has several; only printed."""
    return Symbol(f"z_{index}", real=True)


@cache
def indexed(name: str, **assumptions: bool) -> IndexedBase:
    """Return a family of scalars such as the entries ``W[i, j]`` of a weight matrix; real unless told otherwise."""
    return IndexedBase(name, **({"real": True} | assumptions))


def is_ours(symbol: Any) -> bool:
    """Tell whether `symbol` is the preactivation ``x`` under any assumptions (users type plain ``Symbol('x')``)."""
    return isinstance(symbol, Symbol) and symbol.name == "x"


def is_any_real(symbol: Any) -> bool:
    """Tell whether `symbol` may be any real number: nothing is assumed of it but that it is one.

    >>> is_any_real(x), is_any_real(q)
    (True, False)
    """
    return isinstance(symbol, Symbol) and symbol.assumptions0 == x.assumptions0


def satisfies(value: Expr, symbol: Symbol) -> bool:
    """Tell whether `value` is shown to be finite and to have every property that is assumed of `symbol`.

    >>> satisfies(x**2 + 1, q), satisfies(x, q)
    (True, False)
    """
    return not value.has(oo, -oo, zoo, nan) and all(
        getattr(value, f"is_{key}") is wanted for key, wanted in symbol.assumptions0.items()
    )
