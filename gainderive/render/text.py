"""Derivations as plain text, for terminals and for the digest."""

from __future__ import annotations

from textwrap import fill, indent
from typing import Any

from sympy import Basic, Contains, Interval, Tuple
from sympy.core.relational import Relational

from gainderive.assumptions import Assumption
from gainderive.catalog import Published, Withdrawn
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


def derivation(derived: Derivation, *, checks: bool = False) -> str:
    """Return title, claim, assumptions, and the numbered steps, each with its reason and verdict.

    With `checks` it says of each step how it was checked, and of each assumption what changes if it fails.

    >>> import gainderive as gd
    >>> print(derivation(gd.derive("relu")).splitlines()[-1])
         solving, proved
    """
    parts = [f"{derived.id + ': ' if derived.id else ''}{derived.title}", f"Claim: {line(derived.claim)}"]
    if derived.assumptions:
        parts.append("Assumptions:\n" + "\n".join(_assumption(a, checks) for a in derived.assumptions))
    steps = [f"     {line(derived.given)}"]
    for number, step in enumerate(derived.shown(), start=1):
        checked = "\n" + fill(f"checked: {step.checked}", 100, **_INDENTED) if checks else ""
        steps.append(f"{number:>3}. {line(step.line)}\n     {step.name}, {step.verdict}{checked}")
    parts.append("\n".join(steps))
    return "\n\n".join(parts)


_INDENTED: dict[str, Any] = {"initial_indent": " " * 5, "subsequent_indent": " " * 5, "break_long_words": False}


def _assumption(assumption: Assumption, checks: bool) -> str:
    failing = "\n" + fill(f"if it fails: {assumption.otherwise}", 100, **_INDENTED) if checks else ""
    return f"  - {assumption}{failing}"


def published(entry: Published, *, checks: bool = False) -> str:
    """Return a published result with its commentary and sources; of a withdrawn one, why it was withdrawn."""
    if isinstance(entry, Withdrawn):
        return f"{entry.id}: {entry.title}\n\n{entry.says}"
    derived = entry.derivation
    parts = [derivation(derived, checks=checks), "In words:\n" + indent(entry.commentary.strip(), "  ")]
    if derived.sources:
        shown = (f"  - {source.text}{f' <{source.link}>' if source.link else ''}" for source in derived.sources)
        parts.append("Sources:\n" + "\n".join(shown))
    return "\n\n".join(parts)
