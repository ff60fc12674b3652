"""Sections that the pages of activations and of units share, as Markdown with LaTeX.

Every formula and number comes from the entry's file, the engine, and the enclosures; the only prose that a person wrote
is the docstring of the file.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from importlib import import_module
from inspect import cleandoc

from sympy import Expr, Rational

from gainderive import facade, notation
from gainderive.errors import GainderiveError
from gainderive.facade import Entry, Moment
from gainderive.render.markdown import MOST_OPERATIONS, table
from gainderive.render.portrait import Portrait, place
from gainderive.render.steps import steps
from gainderive.units import Unit
from gainderive.verification import torch_version


def names(entry: Entry) -> str:
    """Return all names of the entry, the own one first."""
    return " · ".join(f"`{called}`" for called in (entry.name, *entry.aliases))


def docstring(entry: Entry) -> str:
    """Return what the entry's file says of it, as Markdown."""
    if isinstance(entry, Unit):
        module = import_module(f"gainderive.units.{entry.name}")
    else:
        module = import_module(f"gainderive.activations.{entry.name}")
    return prose(cleandoc(module.__doc__ or ""))


def prose(docstring: str) -> str:
    r"""Return a docstring's reStructuredText as Markdown: formulas between dollar signs, code between backticks.

    >>> print(prose(":math:`E\\phi(z)` of ``erf``, as :func:`gain` says."))
    $E\phi(z)$ of `erf`, as `gain` says.
    """
    text = re.sub(
        r"^\.\. math::\n\n((?:    .*\n?|\n)+)", lambda m: f"$$\n{cleandoc(m[1])}\n$$\n\n", docstring, flags=re.MULTILINE
    )
    text = re.sub(r":math:`([^`]*)`", r"$\1$", text)
    text = re.sub(r":\w+:`~?([^`]*)`", r"`\1`", text)
    return re.sub(r"``([^`]*)``", r"`\1`", text)


def parameters(entry: Entry) -> list[str]:
    """Return the table of what users may set."""
    if not entry.parameters:
        return []
    rows = (
        (f"`{p.name}`", f"${notation.latex(p.symbol)}$", f"${notation.latex(p.default)}$", _assumed(p.symbol))
        for p in entry.parameters
    )
    return [table(("Parameter", "In formulas", "Default", "Assumed"), rows)]


def _assumed(symbol: Expr) -> str:
    if symbol.is_integer and symbol.is_positive:
        return "positive integer"
    for assumption in ("positive", "nonnegative", "real"):
        if getattr(symbol, f"is_{assumption}"):
            return assumption
    return ""


def at_defaults(entry: Entry) -> str:
    """Return the parameters' defaults in words; empty where there are none."""
    values = ", ".join(f"${notation.latex(p.symbol)} = {notation.latex(p.default)}$" for p in entry.parameters)
    return f"at the default parameters {values}" if values else ""


def moments(found: Mapping[str, Moment | GainderiveError], symbols: Mapping[str, str]) -> list[str]:
    """Return the table of moments under their `symbols`, and below it the closed forms that are too long for it."""
    rows = []
    long = []
    for name, moment in found.items():
        if not isinstance(moment, Moment):
            rows.append((f"${symbols[name]}$", str(moment), "", "none"))
            continue
        closed = "none found"
        if moment.formula is not None:
            fits = moment.formula.count_ops() <= 2 * MOST_OPERATIONS
            closed = f"${notation.latex(moment.formula)}$" if fits else "below"
            if not fits:
                long.append(notation.display(f"{symbols[name]} = {notation.latex(moment.formula)}"))
        rows.append((f"${symbols[name]}$", closed, _interval(moment), f"`{moment.status}`"))
    return [table(("Moment", "Closed form", "Enclosure", "Status"), rows), *long]


def _interval(moment: Moment) -> str:
    if moment.enclosure is None:
        return ""
    lower, upper = (Rational(str(end)) for end in (moment.enclosure.lower, moment.enclosure.upper))
    return f"${notation.latex(lower) if lower == upper else notation.ball(lower, upper)}$"


def length_map(portrait: Portrait, symbol: str) -> list[str]:
    """Return the length map, called `symbol`, in closed form, or that none was found."""
    if portrait.length_map is None:
        return [f"No closed form of ${symbol}$ was found."]
    value = portrait.length_map.claim.args[1]
    own = {p.symbol for p in portrait.entry.parameters}
    # Without a closed form for every value of the parameters there may be one at the defaults.
    shown = [] if not own or own & value.free_symbols else [f"Found {at_defaults(portrait.entry)}:"]
    return [*shown, notation.display(f"{symbol} = {notation.latex(value)}")]


def what_a_jump_hides(portrait: Portrait) -> list[str]:
    """Return what the backward gain does not mean where there is a jump; nothing where there is none."""
    if not portrait.jumps:
        return []
    places = ", ".join(map(place, portrait.jumps))
    return [
        rf"$\phi$ jumps at {places}, and $D(q) = \mathbb{{E}}\,\phi'(\sqrt{{q}}\,z)^2$ is made of the derivative "
        "almost everywhere, which does not see a jump. So $D$ is not the factor by which a backward pass changes the "
        r"gradient's second moment, and neither the `backward` gain nor $\chi_1 = g^2 D$ says how gradients behave: "
        "they are about what an automatic differentiation computes, not about how the loss changes."
    ]


def derivations(portrait: Portrait) -> list[str]:
    """Return every derivation, step by step."""
    shown = []
    for criterion, derivation in portrait.derivations.items():
        shown += [
            f"### {derivation.title}",
            notation.display(notation.line(derivation.claim)),
            f"By the `{criterion}` criterion.",
            steps(derivation),
        ]
    if portrait.length_map is not None:
        derived = portrait.length_map
        shown += [f"### {derived.title}", steps(derived)]
    if not shown:
        return ["## Derivations", "No closed form was found for any of its gains."]
    assumed = notation.bullets(map(str, facade.assumptions(portrait.general)))
    return ["## Derivations", "Every gain is derived under these assumptions:", assumed, *shown]


def torch(portrait: Portrait) -> str:
    """Return how ``torch.nn.init.calculate_gain`` relates to the forward gain, as a paragraph."""
    relation, value, gap = portrait.torch
    call = "`torch.nn.init.calculate_gain`"
    settled = [r.id for r in portrait.results if portrait.entry.name in r.names]
    says = "say" if len(settled) > 1 else "says"
    link = f" {', '.join(settled)} {says} why." if settled and relation != "absent" else ""
    match relation:
        case "not installed":
            return ""
        case "absent":
            return f"{call} has no entry ({torch_version()})."
        case "agrees":
            said = "the derived forward gain up to the rounding of a double"
        case _:
            said = f"**not** the derived forward gain: {gap}"
    return f"{call} returns {value!r}, {said} ({torch_version()}).{link}"


def results(portrait: Portrait) -> str:
    """Return the published results about the entry."""
    return notation.bullets(f"{r.id}: {r.title}" for r in portrait.results)
