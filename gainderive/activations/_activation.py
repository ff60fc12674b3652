"""The value that an activation's file holds."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from functools import cached_property
from typing import Any

from sympy import Expr, Function, Symbol, oo
from sympy.core.relational import Relational

from gainderive import expressions, numbers, pieces, symbols
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
        torch's default as an exact number; ``oo`` for a bound that is absent unless it is given.
    aliases : tuple of str
        Keywords of other libraries for the same parameter.
    """

    name: str
    symbol: Symbol
    default: Expr
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True)
class Choice:
    """A keyword whose values are words, each of which stands for a formula: torch's ``approximate="tanh"``.

    Attributes
    ----------
    name : str
        Keyword under which users pass it.
    options : mapping
        From each word (or truth value) to the activation that it chooses; to ``None`` where it chooses
        the activation that offers the choice.
    """

    name: str
    options: Mapping[Any, Activation | None] = field(hash=False)


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
    choices : tuple of Choice
        Keywords that choose another formula by a word.
    relations : tuple of Relational
        What must hold between the parameters' symbols, such as ``min_val < max_val``.
    aliases : tuple of str
        Other names, such as those of ``torch.nn.init.calculate_gain``.
    elsewhere : tuple of str
        What others call it: dotted names of functions and classes in other libraries (``"torch.nn.SiLU"``,
        ``"jax.nn.swish"``, ``"keras.activations.silu"``) that are this function when nothing is said about
        parameters. The last part of each is no alias by itself.
    other_defaults : mapping
        The same for functions and classes whose parameters have other defaults than here: from the
        dotted name to these defaults by parameter name.
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
    choices: tuple[Choice, ...] = ()
    relations: tuple[Relational, ...] = ()
    aliases: tuple[str, ...] = ()
    elsewhere: tuple[str, ...] = ()
    other_defaults: Mapping[str, Mapping[str, Expr]] = field(default_factory=dict, hash=False)
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
            For an unknown name, a value that contradicts the parameter's assumptions, or values that
            contradict a relation between parameters.
        """
        general, values = self.chosen(**values)
        if general is not self:
            return general.at(**values)
        found = chosen_values(self.name, self.parameters, values)
        for relation in self.relations:
            if relation.subs(found) == False:  # noqa: E712 (a SymPy boolean, or a relation)
                raise BadParameter(self._violated(relation, found))
        return replace(
            self,
            expression=self.expression.subs(found),
            parameters=(),
            choices=(),
            relations=(),
            set_to={**self.set_to, **found},
        )

    @cached_property
    def by_widths(self) -> tuple[Activation, dict[Symbol, Expr]]:
        """The activation with the order of its parameters in their assumptions, and what its new symbols mean.

        Of ``low < high`` no assumption of a single symbol can tell; with ``high = low + width`` and a positive width
        it can.

        >>> from gainderive.activations import load
        >>> spread, meanings = load("hardtanh").by_widths
        >>> meanings
        {max_val - min_val: max_val - min_val}
        """
        expression, meanings = self.expression, {}
        for relation in self.relations:
            lower, upper = relation.lts, relation.gts
            width = symbols.parameter(str(upper - lower), positive=True)
            expression = expression.subs(upper, lower + width)
            meanings[width] = upper - lower
        return replace(self, expression=expression, relations=()), meanings

    def chosen(self, **values: Any) -> tuple[Activation, dict[str, Any]]:
        """Return the activation whose formula `values` choose, other parameters symbolic, and the values left to set.

        Words choose a formula, and so does a bound that is absent: with ``max_value = oo`` there is one kink less.

        >>> from gainderive.activations import load
        >>> general, values = load("gelu").chosen(approximate="tanh")
        >>> general.name, values
        ('gelu_tanh', {})
        """
        values = by_own_names(self.name, self.parameters, values, (choice.name for choice in self.choices))
        for choice in self.choices:
            if choice.name in values:
                other = self._option(choice, values.pop(choice.name))
                if other is not None:
                    return other.chosen(**values)
        absent = [p for p in self.parameters if p.default is oo and _is_absent(values.get(p.name))]
        if not absent:
            return self, values
        infinite: dict[Symbol, Expr] = {p.symbol: oo for p in absent}
        general = replace(
            self,
            expression=self.expression.subs(infinite),
            parameters=tuple(p for p in self.parameters if p not in absent),
            set_to=infinite,
        )
        return general, {name: value for name, value in values.items() if name not in {p.name for p in absent}}

    def _option(self, choice: Choice, word: Any) -> Activation | None:
        if not isinstance(word, (str, bool)) or word not in choice.options:
            words = " or ".join(repr(option) for option in choice.options if isinstance(option, str))
            raise BadParameter(f"{choice.name} of {self.name} must be {words}, not {expressions.shown(word)}.")
        return choice.options[word]

    def _violated(self, relation: Relational, found: Mapping[Symbol, Expr]) -> str:
        named = {p.symbol: symbols.parameter(p.name) for p in self.parameters}
        given = ", ".join(f"{named[s]} = {found[s]}" for s in named if s in relation.free_symbols)
        return f"{self.name} needs {relation.xreplace(named)}, and {given} contradicts it."


def chosen_values(owner: str, parameters: tuple[Parameter, ...], values: Mapping[str, Any]) -> dict[Symbol, Expr]:
    """Return what the `parameters` of `owner` are set to by `values`, defaults where none is given.

    Raises
    ------
    BadParameter
        For an unknown name, or a value that contradicts the parameter's assumptions.
    """
    values = by_own_names(owner, parameters, values)
    return {p.symbol: _value(owner, p, values.get(p.name, p.default)) for p in parameters}


def by_own_names(
    owner: str, parameters: tuple[Parameter, ...], values: Mapping[str, Any], others: Iterable[str] = ()
) -> dict[str, Any]:
    """Return `values` under the parameters' own names, where they may be given under aliases; `others` are allowed too.

    Raises
    ------
    BadParameter
        For an unknown name, and for a parameter that is given twice.
    """
    names = {keyword: p.name for p in parameters for keyword in (p.name, *p.aliases)}
    names |= {name: name for name in others}
    given: dict[str, str] = {}
    for keyword in values:
        if keyword not in names:
            raise BadParameter(_unknown(owner, keyword, list(dict.fromkeys(names.values()))))
        twin = given.setdefault(names[keyword], keyword)
        if twin != keyword:
            raise BadParameter(f"{names[keyword]} of {owner} is given twice, as {twin} and as {keyword}.")
    return {name: values[keyword] for name, keyword in given.items()}


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


def _is_absent(bound: Any) -> bool:
    """Tell whether a bound is not given: left out, ``None`` as in Keras, or infinite."""
    return bound is None or bound is oo or (isinstance(bound, float) and bound == float("inf"))
