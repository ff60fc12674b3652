"""The closed-form engine: an engine, not a table.

Given a line with Gaussian means it produces the steps that eliminate them, one rule per file, tried in
a fixed order: split at the kinks, symmetry, linearity, completing the square, truncated moments, sines and cosines,
error functions. Where no rule applies it gives up and says so. It is not trusted: every step carries a reason that
:mod:`gainderive.derivation` checks independently.

>>> from gainderive.gaussian import GaussIntegral
>>> from gainderive.symbols import q, x
>>> from sympy import oo
>>> evaluate(GaussIntegral(x**2, x, q, 0, oo))
q/2
>>> GaussIntegral(x, x, q, 0, oo).doit()
sqrt(2)*sqrt(q)/(2*sqrt(pi))
"""

from __future__ import annotations

from functools import lru_cache

from sympy import Basic, Expr, Tuple
from sympy.core.relational import Relational

from gainderive.derivation import Step
from gainderive.derivation._state import gauss_nodes, rewrite
from gainderive.derivation.reasons import Arithmetic
from gainderive.errors import NoClosedForm, Undecided
from gainderive.exact._rule import Found, Node, Rule
from gainderive.exact._tidy import tidy
from gainderive.exact.error_functions import by_lemma, by_parts, folded_back
from gainderive.exact.linearity import expanded
from gainderive.exact.moments import truncated_moments
from gainderive.exact.split import split_at_kinks
from gainderive.exact.square import completing_the_square
from gainderive.exact.symmetry import odd_vanishes
from gainderive.exact.waves import over_an_interval, over_the_line
from gainderive.gaussian import register_engine

RULES: tuple[Rule, ...] = (
    split_at_kinks,
    odd_vanishes,
    expanded,
    completing_the_square,
    truncated_moments,
    over_the_line,
    over_an_interval,
    folded_back,
    by_parts,
    by_lemma,
)
"""In the order in which they are tried."""

__all__ = ["RULES", "close", "evaluate", "tidied", "tidy"]


def close(line: Basic) -> tuple[Step, ...]:
    """Return the steps that turn `line` into one without Gaussian means, tidied.

    Raises
    ------
    NoClosedForm
        When no rule applies to one of the means. That none exists is not claimed.
    """
    steps: list[Step] = []
    while nodes := gauss_nodes(line):
        found = _apply(nodes[0])
        line = rewrite(line, {nodes[0]: found.value})
        steps.append(Step(line, found.by))
    return (*steps, *tidied(line))


def tidied(line: Basic) -> tuple[Step, ...]:
    """Return the step that writes `line` shorter, if there is a shorter way."""
    neat = _tidied(line)
    return () if neat == line else (Step(neat, Arithmetic()),)


def evaluate(expr: Expr) -> Expr:
    """Return the closed form of an expression with Gaussian means.

    Raises
    ------
    NoClosedForm
        As :func:`close`.
    """
    steps = close(expr)
    return steps[-1].becomes if steps else expr


@lru_cache(maxsize=4096)
def _apply(node: Node) -> Found:
    for rule in RULES:
        try:
            found = rule(node)
        except Undecided:
            found = None
        if found is not None:
            return found
    raise NoClosedForm(f"none found for {node}")


def _tidied(line: Basic) -> Basic:
    if isinstance(line, Tuple):
        return Tuple(*map(_tidied, line))
    if isinstance(line, Relational):
        return line.func(*map(tidy, line.args), evaluate=False)
    return tidy(line)


def _evaluate_or_none(expr: Expr) -> Expr | None:
    try:
        return evaluate(expr)
    except NoClosedForm:
        return None


register_engine(_evaluate_or_none)
