"""Derivations as plain text, for terminals and for the digest."""

from __future__ import annotations

from textwrap import indent

from sympy import Basic, Contains, Interval, Tuple
from sympy.core.relational import Relational

from gainderive.catalog import Result
from gainderive.derivation import Derivation
from gainderive.notation import rounded

_SIGN = {"==": "=", "!=": "!="}


def line(shown: Basic) -> str:
    """Return a line of a derivation as text.

    >>> from sympy import Eq, sqrt
    >>> from gainderive.symbols import g
    >>> line(Eq(g, sqrt(2)))
    'g = sqrt(2)'
    """
    if isinstance(shown, Tuple):
        return "; ".join(map(line, shown))
    if isinstance(shown, Relational):
        return f"{shown.lhs} {_SIGN.get(shown.rel_op, shown.rel_op)} {shown.rhs}"
    if isinstance(shown, Contains) and isinstance(shown.args[1], Interval):
        value, interval = shown.args
        if interval.start.is_Rational and interval.end.is_Rational:
            middle, digit, exponent = rounded(interval.start, interval.end)
            return f"{value} = {middle} ± {digit}e{exponent}"
    return str(shown)


def derivation(derived: Derivation) -> str:
    """Return title, claim, assumptions, and the numbered steps, each with its reason and verdict.

    >>> import gainderive as gd
    >>> print(derivation(gd.derive("relu")).splitlines()[-1])
         solving, proved
    """
    parts = [f"{derived.id + ': ' if derived.id else ''}{derived.title}", f"Claim: {line(derived.claim)}"]
    if derived.assumptions:
        parts.append("Assumptions:\n" + "\n".join(f"  - {assumption}" for assumption in derived.assumptions))
    steps = [f"     {line(derived.given)}"]
    for number, step in enumerate(derived.shown(), start=1):
        steps.append(f"{number:>3}. {line(step.line)}\n     {step.name}, {step.verdict}")
    parts.append("\n".join(steps))
    return "\n\n".join(parts)


def result(published: Result) -> str:
    """Return a published result with its commentary and sources."""
    derived = published.derivation
    parts = [derivation(derived), "In words:\n" + indent(published.commentary.strip(), "  ")]
    if derived.sources:
        shown = (f"  - {source.text}{f' <{source.link}>' if source.link else ''}" for source in derived.sources)
        parts.append("Sources:\n" + "\n".join(shown))
    return "\n\n".join(parts)
