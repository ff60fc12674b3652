"""Elementwise operations as one function: its formula where every operation has one, and its values in any case."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import cache
from typing import Any

import numpy as np
from sympy import Abs, Expr, Max, Min, Piecewise, exp, log, sqrt, true
from sympy.core.relational import Relational

from gainderive import activations, numbers
from gainderive.activations import Activation
from gainderive.callables import PROBES, Elementwise, Opaque
from gainderive.errors import BadExpression, BadParameter, GainderiveError
from gainderive.modules import Recognised, agree, understand
from gainderive.pytorch.graph._flow import Flow, Of
from gainderive.pytorch.graph._nonlinearity import Nonlinearity
from gainderive.quadrature import Compiled
from gainderive.symbols import x

_ALIKE = 1e-3
"""Difference of values, absolute or relative, within which it is worth a closer look whether they agree."""


class _NoFormula(Exception):
    """An operation that has no formula here."""


def _clamped(value: Any, min: Any = None, max: Any = None) -> Any:
    value = value if min is None else Max(value, min)
    return value if max is None else Min(value, max)


def _flipped(of: Callable[[Any, Any], Any]) -> Callable[[Any, Any], Any]:
    return lambda a, b: of(b, a)


_BINARY: dict[str, Callable[[Any, Any], Any]] = {
    "add": operator.add,
    "sub": operator.sub,
    "subtract": operator.sub,
    "mul": operator.mul,
    "multiply": operator.mul,
    "div": operator.truediv,
    "truediv": operator.truediv,
    "true_divide": operator.truediv,
    "divide": operator.truediv,
    "pow": operator.pow,
    "float_power": operator.pow,
}
_FORMULAS: dict[str, Callable[..., Any]] = {
    **_BINARY,
    **{f"i{name}": of for name, of in _BINARY.items()},
    **{f"r{name}": _flipped(of) for name, of in _BINARY.items()},
    "rsub": _flipped(operator.sub),
    "reciprocal": lambda a: 1 / a,
    "neg": operator.neg,
    "negative": operator.neg,
    "positive": operator.pos,
    "square": lambda a: a**2,
    "sqrt": sqrt,
    "rsqrt": lambda a: 1 / sqrt(a),
    "exp": exp,
    "exp2": lambda a: 2**a,
    "expm1": lambda a: exp(a) - 1,
    "log": log,
    "log1p": lambda a: log(1 + a),
    "abs": Abs,
    "absolute": Abs,
    "clamp": _clamped,
    "clip": _clamped,
    "clamp_min": lambda a, min: Max(a, min),
    "clamp_max": lambda a, max: Min(a, max),
    "maximum": Max,
    "minimum": Min,
    "where": lambda condition, a, b: Piecewise((a, condition), (b, true)),
    "gt": operator.gt,
    "greater": operator.gt,
    "ge": operator.ge,
    "lt": operator.lt,
    "less": operator.lt,
    "le": operator.le,
    "cast": lambda a: Piecewise((1, a), (0, true)) if isinstance(a, Relational) else a,
    "zeros_like": lambda a: 0 * a,
    "ones_like": lambda a: 0 * a + 1,
    "full_like": lambda a, value: 0 * a + value,
}
"""Formulas of operations that are no activations of the catalogue, by their names without underscores."""


_UNDERSTOOD: dict[str, Nonlinearity] = {}


def function_of(flow: Flow, end: int, source: int) -> Nonlinearity | None:
    """Return the value of node `end` as a function of that of `source`, or ``None`` if it is not one.

    Between the two lie elementwise operations alone.
    """
    node = flow[end]
    if node.module is not None and node.inputs == (source,):
        return _of_module(node.module, node.where)

    def replayed(value: Any) -> Any:
        if not hasattr(value, "detach"):  # Of an array some operations make something else than an error.
            raise TypeError("operations of torch take tensors")
        return _replayed(flow, end, source, value)

    replayed.__name__ = _told(flow, end, source)
    return _known(flow, end, source) or _seen(flow, end, source, replayed)


def acts_elementwise(function: Callable[..., Any], others: tuple[Any, ...], named: Mapping[str, Any]) -> bool:
    """Tell whether a function of a tensor, and of others that stay the same, acts on one number after the other."""
    try:
        understand(function if not others and not named else lambda value: function(value, *others, **named))
    except GainderiveError:
        return False
    return True


def _of_module(module: Any, where: str) -> Nonlinearity | None:
    # A module of torch without parameters is what it says.
    said = f"{type(module).__module__} {module!r}"
    known = said.startswith("torch.nn.modules.") and not any(True for _ in module.parameters())
    if known and said in _UNDERSTOOD:
        return replace(_UNDERSTOOD[said], where=where)
    try:
        met = _met(understand(_of_one_slope(module)), where)
    except GainderiveError:
        return None
    if known:
        _UNDERSTOOD[said] = met
    return met


def _of_one_slope(module: Any) -> Any:
    """Return a ``PReLU`` whose channels have different slopes as one that keeps the same second moment on average.

    That is (1 + a²)/2 for the slope a, so the mean of the squares is what counts; for the gradient it is the same.
    """
    from torch import nn

    if type(module) is not nn.PReLU or module.weight.numel() == 1:
        return module
    single = nn.PReLU(1, dtype=module.weight.dtype)
    single.weight.data.fill_(float(module.weight.detach().double().square().mean().sqrt()))
    return single


def _met(met: Recognised | Opaque, where: str) -> Nonlinearity:
    return Nonlinearity(met, where=where) if isinstance(met, Opaque) else _settled(met.entry, met.settings, where)


def _settled(entry: Activation, settings: Mapping[str, Any], where: str) -> Nonlinearity:
    """Return an entry with the settings that matter: a word that chooses a formula is put in, a default left out."""
    general, values = entry.chosen(**settings)
    differing = {key: value for key, value in values.items() if general.at(**{key: value}) != general.at()}
    return Nonlinearity(general, differing, where)


def _known(flow: Flow, end: int, source: int) -> Nonlinearity | None:
    """Return one call of a function that the catalogue knows, without asking for its values."""
    node = flow[end]
    if node.call is None or node.inputs != (source,) or node.call[1][:1] != (Of(source),):
        return None
    try:
        return _settled(*_entry_of_call(node.does, node.call[1][1:], node.call[2]), node.where)
    except (_NoFormula, GainderiveError):
        return None


def _seen(flow: Flow, end: int, source: int, replayed: Callable[[Any], Any]) -> Nonlinearity | None:
    where = flow[end].where
    try:
        opaque = understand(replayed)
    except GainderiveError:
        return None
    if isinstance(opaque, Recognised):
        return _met(opaque, where)
    named = _by_values(opaque.function)
    if named is not None:
        return Nonlinearity(named, where=where)
    try:
        expression = _expression(flow, end, source)
        written = Activation(name="phi", title=str(expression), expression=expression)
        if agree(written, opaque.function):
            return _with_parameters(written, where) or Nonlinearity(written, where=where)
    except (_NoFormula, GainderiveError, TypeError):
        pass
    return Nonlinearity(opaque, where=where)


def _by_values(function: Elementwise) -> Activation | None:
    """Return the entry whose values at its defaults are those of `function`."""
    alike = (
        name for name, values in _probed().items() if np.allclose(values, function.probed, rtol=_ALIKE, atol=_ALIKE)
    )
    simplest = sorted(map(activations.load, alike), key=lambda entry: len(entry.parameters))
    return next((entry for entry in simplest if agree(entry.at(), function)), None)


@cache
def _probed() -> dict[str, Any]:
    """Return the values of each entry of the catalogue at its defaults, where functions are probed."""
    with np.errstate(all="ignore"):
        entries = {name: activations.load(name).at().numeric for name in activations.names()}
        return {name: np.broadcast_to(Compiled(e).values(PROBES), PROBES.shape) for name, e in entries.items()}


def _with_parameters(written: Activation, where: str) -> Nonlinearity | None:
    """Return the entry with one parameter, such as sin(omega x), of which `written` is a special case."""
    from sympy import Wild

    for entry in map(activations.load, activations.names()):
        if len(entry.parameters) != 1 or entry.expression.func is not written.expression.func:
            continue
        parameter = entry.parameters[0]
        value = Wild("value", exclude=[x])
        found = written.expression.match(entry.expression.subs(parameter.symbol, value))
        if found:
            try:
                if (entry.at(**{parameter.name: found[value]})).expression == written.expression:
                    return Nonlinearity(entry, {parameter.name: found[value]}, where)
            except (BadParameter, BadExpression):
                continue
    return None


def _expression(flow: Flow, index: int, source: int) -> Expr:
    """Return the formula of node `index` in ``x``, which is the value of `source`."""
    if index == source:
        return x
    node = flow[index]
    if node.call is None:
        raise _NoFormula

    def formula(value: Any) -> Any:
        return _expression(flow, value.node, source) if isinstance(value, Of) else _scalar(value)

    function, args, kwargs = node.call
    if node.does in _FORMULAS:
        return _FORMULAS[node.does](*map(formula, args), **{key: formula(v) for key, v in kwargs.items()})
    inner = formula(args[0])
    if node.module is not None:
        met = understand(function)
        if isinstance(met, Opaque):
            raise _NoFormula
        return met.entry.at(**met.settings).numeric.subs(x, inner)
    entry, settings = _entry_of_call(node.does, args[1:], kwargs)
    return entry.at(**settings).numeric.subs(x, inner)


def _entry_of_call(name: str, args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> tuple[Activation, dict[str, Any]]:
    """Return the entry that torch's function `name` is, and the parameters given to it."""
    entry = _entries().get(name)
    if entry is None or len(args) > len(entry.parameters):
        raise _NoFormula
    known = {key for p in entry.parameters for key in (p.name, *p.aliases)} | {choice.name for choice in entry.choices}
    settings = {p.name: plain(value) for p, value in zip(entry.parameters, args, strict=False)}
    return entry, settings | {key: plain(value) for key, value in kwargs.items() if key in known}


@cache
def _entries() -> dict[str, Activation]:
    """Return the catalogue's entries by the names of torch's functions for them."""
    return {
        dotted.rpartition(".")[2]: entry
        for entry in map(activations.load, activations.names())
        for dotted in entry.elsewhere
        if dotted.startswith("torch.") and dotted.rpartition(".")[2].islower()
    }


def _replayed(flow: Flow, index: int, source: int, value: Any) -> Any:
    if index == source:
        return value
    call = flow[index].call
    if call is None:
        raise BadExpression("an operation that cannot be repeated")
    function, args, kwargs = call

    def given(part: Any) -> Any:
        return _replayed(flow, part.node, source, value) if isinstance(part, Of) else plain(part)

    return function(*map(given, args), **{key: given(part) for key, part in kwargs.items() if key != "out"})


def plain(value: Any) -> Any:
    """Return the number that a tensor holds, where it holds but one."""
    if hasattr(value, "detach") and value.numel() and bool((value == value.flatten()[0]).all()):
        return value.detach().flatten()[0].item()
    return value


def _scalar(value: Any) -> Any:
    value = plain(value)
    return None if value is None else numbers.exact(value, "a number in the model")


def _told(flow: Flow, end: int, source: int) -> str:
    """Return a name made of the names of the operations."""
    inner = flow.back(end, lambda node: node.index != source)
    return " of ".join(flow[index].does for index in inner if index != source)


def is_multiple(met: Nonlinearity) -> bool:
    """Tell whether the function is a multiple of ``x``, plus a constant."""
    if not isinstance(met.activation, Activation):
        return False
    expression = met.activation.numeric
    return bool(expression.is_polynomial(x)) and _degree(expression) <= 1


def _degree(expression: Expr) -> int:
    return int(expression.as_poly(x).degree()) if expression.has(x) else 0
