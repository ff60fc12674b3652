"""The value that a unit's file holds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from sympy import Basic, Expr, Function, Max, S, Symbol, Tuple, false
from sympy.core.relational import Relational

from gainderive import joint, pieces, symbols
from gainderive.activations import Constant, Parameter
from gainderive.activations._activation import by_own_names, chosen_values
from gainderive.assumptions import Assumption
from gainderive.errors import BadParameter


@dataclass(frozen=True)
class Uniform:
    """A parameter of the unit that is drawn anew for each unit and input, uniformly between two ends."""

    symbol: Symbol
    lower: Expr
    upper: Expr


@dataclass(frozen=True)
class Requirement:
    """What the parameters have to satisfy beyond their assumptions, and what to do where they do not."""

    relation: Relational
    advice: str


@dataclass(frozen=True)
class Unit:
    r"""A function :math:`h` of ``k`` independent preactivations, with ``p`` outputs and possibly a random parameter.

    The preactivations are ``x`` alone, or ``x_1``, ``x_2``, ... (:func:`gainderive.symbols.branch`): independent
    N(0, q), because they have different weights. A layer of ``n`` units takes ``k n`` preactivations and gives ``p n``
    outputs, and the fans count these: ``fan_in`` of the next layer all outputs, ``fan_out`` of the layer's own weights
    all preactivations.

    Attributes
    ----------
    name : str
        Name in the literature, or torch's where torch has the unit.
    outputs : tuple of Expr
        The outputs :math:`h_1, \dots, h_p` in the preactivations and the parameters.
    title : str
        Name in running text.
    random : Uniform or None
        A parameter that is random, independent of the preactivations.
    parameters : tuple of Parameter
        What users may set.
    requires : tuple of Requirement
        Relations between the parameters.
    aliases, elsewhere, source
        As for an activation.
    remark : Assumption or None
        What has to be said of the unit wherever its gain is quoted.

    Examples
    --------
    >>> from gainderive.units import load
    >>> load("maxout").at(k=3).outputs
    (Max(x_1, x_2, x_3),)
    >>> load("maxout").at(k=3).mean(load("maxout").at(k=3).heads[0], 1)
    E[maxout(z_1, z_2, z_3)]
    """

    name: str
    outputs: tuple[Expr, ...]
    title: str
    random: Uniform | None = None
    parameters: tuple[Parameter, ...] = ()
    requires: tuple[Requirement, ...] = ()
    aliases: tuple[str, ...] = ()
    elsewhere: tuple[str, ...] = ()
    source: str = ""
    remark: Assumption | None = None
    set_to: Mapping[Symbol, Expr] = field(default_factory=dict, hash=False)
    """What :meth:`at` set the parameters to."""

    @property
    def constants(self) -> tuple[Constant, ...]:
        """Named numbers inside the formula: none."""
        return ()

    @property
    def inputs(self) -> tuple[Symbol, ...]:
        """The preactivations; none while their number is a symbol."""
        found: set[Basic] = set().union(*(output.free_symbols for output in self.outputs))
        if symbols.x in found:
            return (symbols.x,)
        inputs: list[Symbol] = []
        while (following := symbols.branch(len(inputs) + 1)) in found:
            inputs.append(following)
        return tuple(inputs)

    @property
    def heads(self) -> tuple[Expr, ...]:
        """The outputs as functions applied to the preactivations, not unfolded: ``glu(x_1, x_2)``."""
        arguments = (*self.inputs, *([self.random.symbol] if self.random else []))
        if len(self.outputs) == 1:
            return (Function(self.name, real=True)(*arguments),)
        return tuple(Function(f"{self.name}_{j}", real=True)(*arguments) for j in range(1, len(self.outputs) + 1))

    @property
    def is_closed(self) -> bool:
        """Whether every parameter has a value."""
        return not self.parameters and not self._free_symbols

    @property
    def _free_symbols(self) -> set[Basic]:
        ends = (self.random.lower, self.random.upper) if self.random else ()
        free = set().union(*(part.free_symbols for part in (*self.outputs, *ends)))
        return free - {*self.inputs, *([self.random.symbol] if self.random else [])}

    def mean(self, integrand: Expr, q: Expr) -> Expr:
        """Return the mean of `integrand` over preactivations with second moment `q`, and over the random parameter."""
        laws: list[tuple[Expr, ...]] = [(variable, q) for variable in self.inputs]
        if self.random is not None:
            laws.append((self.random.symbol, self.random.lower, self.random.upper))
        return joint.over(integrand, laws)

    def slope(self, output: int, variable: Symbol) -> Expr:
        """Return the partial derivative of an output, not unfolded: ``(∂_2 glu)(x_1, x_2)``."""
        head = self.heads[output]
        name = head.func.__name__
        several = len(self.inputs) > 1
        primed = f"(∂_{self.inputs.index(variable) + 1} {name})" if several else f"{name}'"
        return Function(primed, real=True)(*head.args)

    @property
    def slopes(self) -> tuple[Expr, ...]:
        """All partial derivatives, not unfolded."""
        return tuple(self.slope(j, variable) for j in range(len(self.outputs)) for variable in self.inputs)

    def partial(self, output: int, variable: Symbol) -> Expr:
        """Return the partial derivative of an output almost everywhere."""
        expression = self.outputs[output]
        if expression.has(Max):
            return expression.diff(variable)
        others, own = expression.as_independent(variable, as_Add=False)
        derived = pieces.derivative(own.xreplace({variable: symbols.x}))
        return others * derived.xreplace({symbols.x: variable})

    @property
    def origin(self) -> dict[Symbol, Expr]:
        """All preactivations, each at 0."""
        return dict.fromkeys(self.inputs, S.Zero)

    def chosen(self, **values: Any) -> tuple[Unit, dict[str, Any]]:
        """Return the unit and `values` under its parameters' own names, as :meth:`Activation.chosen` does."""
        return self, by_own_names(self.name, self.parameters, values)

    def at(self, **values: Any) -> Unit:
        """Return the unit with parameters set; those left out get their defaults.

        Raises
        ------
        BadParameter
            For an unknown name, or a value that contradicts the parameter's assumptions or the unit's requirements.
        """
        chosen = chosen_values(self.name, self.parameters, values)
        for requirement in self.requires:
            if requirement.relation.subs(chosen) == false:
                given = ", ".join(f"{p.name} = {chosen[p.symbol]}" for p in self.parameters)
                raise BadParameter(f"{self.name} at {given}: {requirement.advice}")
        outputs = tuple(Tuple(*self.outputs).subs(chosen))
        random = self.random
        if random is not None:
            random = replace(random, lower=random.lower.subs(chosen), upper=random.upper.subs(chosen))
        made = replace(self, outputs=outputs, random=random, parameters=(), set_to=chosen)
        if not made.inputs:
            raise BadParameter(f"the number of preactivations of {self.name} must be a number, not a symbol.")
        return made
