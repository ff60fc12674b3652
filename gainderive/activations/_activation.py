"""The value that an activation's file holds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from functools import cached_property
from typing import Any

from sympy import Expr, Function, Symbol

from gainderive import numbers, pieces, symbols
from gainderive.errors import BadParameter


@dataclass(frozen=True)
class Parameter:
    """A parameter that a user may set, named as in ``torch.nn.functional``.

    Attributes
    ----------
    name : str
        Keyword under which users pass it.
    symbol : Symbol
        From :func:`gainderive.symbols.parameter`, with the assumptions that the derivation uses.
    default : Expr
        torch's default as an exact number.
    """

    name: str
    symbol: Symbol
    default: Expr


@dataclass(frozen=True)
class Constant:
    """A named number inside the formula that no user sets, such as SELU's scale."""

    symbol: Symbol
    value: Expr


@dataclass(frozen=True)
class Activation:
    r"""An elementwise function :math:`\phi` of a preactivation ``x``.

    Attributes
    ----------
    name : str
        Name in ``torch.nn.functional`` where torch has the function.
    expression : Expr
        :math:`\phi(x)` in ``symbols.x``, the parameters' and the constants' symbols.
    title : str
        Name in running text.
    parameters : tuple of Parameter
        In torch's order.
    constants : tuple of Constant
        Named numbers.
    aliases : tuple of str
        Other names, such as those of ``torch.nn.init.calculate_gain``.
    elsewhere : tuple of str
        What others call it: dotted names of functions and classes in other libraries (``"torch.nn.SiLU"``,
        ``"jax.nn.swish"``, ``"keras.activations.silu"``). The last part of each is no alias by itself.
    source : str
        Where the definition is from.

    Examples
    --------
    >>> from gainderive.activations import load
    >>> leaky = load("leaky_relu")
    >>> leaky.expression
    Piecewise((a*x, x < 0), (x, True))
    >>> leaky.at(negative_slope=0.2).expression
    Piecewise((x/5, x < 0), (x, True))
    """

    name: str
    expression: Expr
    title: str
    parameters: tuple[Parameter, ...] = ()
    constants: tuple[Constant, ...] = ()
    aliases: tuple[str, ...] = ()
    elsewhere: tuple[str, ...] = ()
    source: str = ""
    set_to: Mapping[Symbol, Expr] = field(default_factory=dict, hash=False)
    """What :meth:`at` set the parameters to."""

    @property
    def phi(self) -> Expr:
        """The function applied to ``x``, not unfolded: ``relu(x)``; SymPy's own function where it has one."""
        if self.expression.func.__name__ == self.name and self.expression.args == (symbols.x,):
            return self.expression
        return Function(self.name, real=True)(symbols.x)

    @property
    def phi_prime(self) -> Expr:
        """The derivative applied to ``x``, not unfolded: ``relu'(x)``."""
        return Function(f"{self.name}'", real=True)(symbols.x)

    @cached_property
    def numeric(self) -> Expr:
        """The expression with the constants' values put in."""
        return self.expression.subs([(c.symbol, c.value) for c in self.constants])

    @cached_property
    def derivative(self) -> Expr:
        """The almost-everywhere derivative, constants symbolic."""
        return pieces.derivative(self.expression)

    @property
    def is_closed(self) -> bool:
        """Whether every parameter has a value."""
        return not self.numeric.free_symbols - {symbols.x}

    def at(self, **values: Any) -> Activation:
        """Return the activation with parameters set; those left out get their defaults.

        Raises
        ------
        BadParameter
            For an unknown name, or a value that contradicts the parameter's assumptions.
        """
        chosen = chosen_values(self.name, self.parameters, values)
        return replace(self, expression=self.expression.subs(chosen), parameters=(), set_to=chosen)


def chosen_values(owner: str, parameters: tuple[Parameter, ...], values: Mapping[str, Any]) -> dict[Symbol, Expr]:
    """Return what the `parameters` of `owner` are set to by `values`, defaults where none is given.

    Raises
    ------
    BadParameter
        For an unknown name, or a value that contradicts the parameter's assumptions.
    """
    known = [p.name for p in parameters]
    for name in values:
        if name not in known:
            raise BadParameter(_unknown(owner, name, known))
    return {p.symbol: _value(owner, p, values.get(p.name, p.default)) for p in parameters}


def _unknown(owner: str, name: str, known: list[str]) -> str:
    if not known:
        return f"{owner} has no parameter {name!r}; it has none at all."
    close = get_close_matches(name, known, n=1)
    hint = f" Did you mean {close[0]!r}?" if close else ""
    return f"{owner} has no parameter {name!r}; it has {', '.join(known)}.{hint}"


def _value(owner: str, parameter: Parameter, value: Any) -> Expr:
    exact = numbers.exact(value, parameter.name, symbolic=True)
    for assumption in ("real", "positive", "nonnegative", "integer"):
        wanted = getattr(parameter.symbol, f"is_{assumption}")
        if wanted and getattr(exact, f"is_{assumption}") is False:
            article = "an integer" if assumption == "integer" else assumption
            raise BadParameter(f"{parameter.name} of {owner} must be {article}, and {value!r} is not.")
    return exact
