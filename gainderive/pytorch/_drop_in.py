"""A drop-in for ``torch.nn.init.calculate_gain`` that knows every activation, and every meaning of "gain".

Nothing of torch is needed. Whether torch's table has a gain, and whether it is the derived one, is told by the
published result that settles it; the number of a gain that differs stands there too, and one that agrees is computed
from the derived formula, in the order in which torch's doubles are.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

from sympy import Expr, fraction, lambdify, together

from gainderive import catalog, digest, facade, files, units
from gainderive.activations import Activation
from gainderive.callables import Opaque
from gainderive.catalog import Absent, Agrees, Differs, Result, TorchRelation
from gainderive.criteria import Criterion
from gainderive.errors import BadCallable, BadExpression, BadNonlinearity, BadParameter, UnknownActivation
from gainderive.units import Unit

Entry = Activation | Unit


def calculate_gain(nonlinearity: Any, param: Any = None, *, criterion: str | None = None, **parameters: Any) -> float:
    r"""Return the gain :math:`g`, in :math:`\operatorname{Var} W = g^2/\text{fan}`, of an activation.

    What torch's function says of a name it knows, this one says too, to the last bit, so it can take its place. torch's
    numbers are the derived ones for the linear layers, ReLU and Leaky ReLU. For tanh (5/3), the sigmoid (1) and SELU
    (3/4) they are conventions: GD-0008, GD-0012 and GD-0024 say what they do instead of keeping the second moment. The
    derived number is had by naming what is wanted: ``criterion="forward"``.

    Parameters
    ----------
    nonlinearity : str, Expr, Activation or callable
        A name, torch's or any other of the catalogue; or an expression in ``x``, a function or an ``nn.Module``, as
        for :func:`gainderive.gain`.
    param : number, optional
        Leaky ReLU's slope, as in torch, which passes over it with any other name. So does this for an activation
        without parameters; of any other it is the parameter, if it has one alone, unless it is 0: that is what torch's
        initializers pass when nothing is said.
    criterion : str, optional
        One of the five meanings of "gain": the derived value. Left out, it is torch's convention for the activations of
        torch's table, and the ``"forward"`` gain for all others.
    **parameters
        The activation's parameters by name, as for :func:`gainderive.gain`.

    Returns
    -------
    float
        Positive; torch itself returns an ``int`` where the gain is 1.

    Raises
    ------
    BadNonlinearity
        For what is no activation, and for a slope that is no number: a ``ValueError`` with torch's message, and a note
        that says what to do.
    BadParameter, UnknownCriterion
        For a parameter that the activation does not have or cannot take, and for another criterion.
    NoSuchGain, SeveralGains, MomentDiverges, Undecided
        As :func:`gainderive.gain`.

    Examples
    --------
    >>> calculate_gain("leaky_relu", 0.2), calculate_gain("tanh")
    (1.3867504905630728, 1.6666666666666667)
    >>> calculate_gain("tanh", criterion="forward"), calculate_gain("gelu")
    (1.5925374197228315, 1.5335304411955353)
    >>> calculate_gain("swihs")  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    gainderive.errors.BadNonlinearity: Unsupported nonlinearity swihs
    no activation is called 'swihs'. Did you mean 'swish' or ...

    Source: torch.nn.init.calculate_gain (torch 2.13.0).
    """
    entry, met = _understood(nonlinearity)
    if isinstance(entry, Opaque):
        return float(facade.gain(entry, criterion or Criterion.FORWARD, **parameters))
    relation = _relation(entry)
    given = _by_position(entry, relation, param)
    if twice := given.keys() & parameters.keys():
        raise BadParameter(f"{min(twice)} of {entry.name} is given twice, as param and by name.")
    settings = {**met, **given, **parameters}
    if criterion is None and isinstance(relation, Differs):
        entry.at(**settings)  # Refuses parameters that it does not have.
        return _torchs(relation, entry)
    if criterion is None and isinstance(relation, Agrees):
        return _in_torchs_order(entry, settings, given)
    return float(facade.gain(entry, criterion or Criterion.FORWARD, **settings))


def _understood(nonlinearity: Any) -> tuple[Entry | Opaque, Mapping[str, Any]]:
    """Return the activation, unit or callable that `nonlinearity` denotes, and the parameters that were met with it."""
    try:
        found = facade.understand(nonlinearity)
    except (UnknownActivation, BadExpression, BadCallable) as reason:
        raise _refusal(f"Unsupported nonlinearity {nonlinearity}", str(reason)) from None
    return (found, {}) if isinstance(found, Opaque) else (found.entry, found.settings)


def _refusal(message: str, advice: str) -> BadNonlinearity:
    """Return the error with torch's message, and with ours below it."""
    refusal = BadNonlinearity(message)
    refusal.add_note(advice)
    return refusal


def _relation(entry: Entry) -> TorchRelation:
    """Return how torch's table relates to the forward gain of `entry`, by the result that settles it."""
    # An entry of the user's own may have the name of another.
    settled = _published(entry.name)
    return settled if not isinstance(settled, Absent) and units.named(entry.name) == entry else Absent()


@cache
def _published(name: str) -> TorchRelation:
    record = digest.settling(name, Criterion.FORWARD)
    if record is None:
        return Absent()
    held = catalog.load_file(files.results()[record["id"]])
    return held.torch if isinstance(held, Result) else Absent()


def _by_position(entry: Entry, relation: TorchRelation, param: Any) -> dict[str, Any]:
    """Return what torch's second argument sets."""
    names = [parameter.name for parameter in entry.parameters]
    if param is None or not names:
        return {}
    is_number = isinstance(param, (int, float)) and not isinstance(param, bool)
    if isinstance(relation, Agrees):
        if not is_number:
            advice = f"give a float or an int, such as {float(entry.parameters[0].default)}"
            raise _refusal(f"{names[0]} {param} not a valid number", advice)
        return {names[0]: param}
    if is_number and param == 0:
        return {}
    if len(names) > 1:
        raise BadParameter(f"{entry.name} has several parameters; give {', '.join(names)} by name.")
    return {names[0]: param}


def _torchs(relation: Differs, entry: Entry) -> float:
    from gainderive.verification import torch_gain

    value = torch_gain(entry.name) if relation.value is None else relation.value
    assert value is not None
    return float(value)


def _in_torchs_order(entry: Entry, settings: Mapping[str, Any], given: Mapping[str, Any]) -> float:
    """Return the square root of ``g**2``, a quotient of doubles: as torch computes it, whatever number was given."""
    exact = dict(entry.at(**{name: value for name, value in settings.items() if name not in given}).set_to)
    values = [given.get(parameter.name, exact[parameter.symbol]) for parameter in entry.parameters]
    numerator, denominator = _squared(entry.name)
    numbers = [float(value) if isinstance(value, Expr) else value for value in values]
    return math.sqrt(float(numerator(*numbers)) / denominator(*numbers))


@cache
def _squared(name: str) -> tuple[Callable[..., Any], Callable[..., Any]]:
    """Return numerator and denominator of a gain's square as functions of the parameters."""
    gain = facade.gain(name)
    assert gain.formula is not None
    symbols = [parameter.symbol for parameter in units.named(name).parameters]
    above, below = (lambdify(symbols, part, modules="math") for part in fraction(together(gain.formula**2)))
    return above, below
