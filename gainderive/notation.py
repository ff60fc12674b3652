r"""Lines of a derivation as LaTeX and Markdown, printed from the very objects that are checked.

One printer serves pages, notebooks and the command line. It differs from SymPy's in names of functions
(:math:`\operatorname{leaky\_relu}'`), in memberships in an interval, which are shown as a number with its
radius, and in systems of equations. Everything it prints is LaTeX that KaTeX accepts in strict mode.

>>> from sympy import Function, sqrt
>>> from gainderive.symbols import x
>>> latex(Function("relu'")(x))
"\\operatorname{relu}'{\\left(x \\right)}"
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal, localcontext
from typing import Any

from sympy import Basic, Contains, Expr, Interval, Rational, Sum, Symbol, Tuple, fraction
from sympy.core.relational import Relational
from sympy.printing.latex import LatexPrinter
from sympy.printing.precedence import PRECEDENCE

from gainderive.gaussian import GaussIntegral

_RELATION = {"==": "=", "!=": r"\neq", "<": "<", "<=": r"\leq", ">": ">", ">=": r"\geq"}


@dataclass(frozen=True)
class Shown:
    """A step as it is shown: line, reason's name and explanation (Markdown), verdict, and how it was checked."""

    line: Basic
    name: str
    explanation: str
    verdict: str
    checked: str = ""


def latex(expr: Any) -> str:
    r"""Return an expression or a relation as LaTeX.

    >>> from gainderive.symbols import x
    >>> latex(x**2 / 2)
    '\\frac{x^{2}}{2}'
    """
    return str(_Printer().doprint(expr))


def line(shown: Basic) -> str:
    r"""Return a line of a derivation as LaTeX; a system as lines aligned at their relations.

    >>> from sympy import Contains, Eq, Interval, Rational, Sum, Symbol, Tuple, fraction
    >>> from gainderive.symbols import g, q
    >>> line(Tuple(Eq(g, 1), Eq(q, 2)))
    '\\left\\{\\begin{aligned}g &= 1 \\\\ q &= 2\\end{aligned}\\right.'
    >>> line(Contains(g, Interval(Rational("1.5925374196"), Rational("1.5925374198")), evaluate=False))
    'g = 1.5925374197 \\pm 10^{-10}'
    """
    if isinstance(shown, Tuple):
        rows = r" \\ ".join(" &".join(sides(item)) for item in shown)
        return rf"\left\{{\begin{{aligned}}{rows}\end{{aligned}}\right."
    left, right = sides(shown)
    return f"{left} {right}" if left else right


def sides(shown: Basic) -> tuple[str, str]:
    """Return the left side of a relation, and its sign with the right side; of an expression only the latter."""
    if isinstance(shown, Relational):
        return latex(shown.lhs), f"{_RELATION[shown.rel_op]} {latex(shown.rhs)}"
    if isinstance(shown, Contains):
        return latex(shown.args[0]), _membership(shown.args[1])
    return "", latex(shown)


def chain(given: Basic, steps: Sequence[Shown]) -> str:
    r"""Return a whole derivation as one ``aligned`` block, each line with the name of its reason.

    >>> from sympy import Eq, sqrt
    >>> from gainderive.symbols import g
    >>> print(chain(Eq(g**2 / 2, 1), [Shown(Eq(g, sqrt(2)), "solving", "", "proved")]))
    \begin{aligned}
    \frac{g^{2}}{2} &= 1 \\
    g &= \sqrt{2} && \text{solving}
    \end{aligned}
    """
    rows = [_row(given, first=True)]
    rows += [rf"{_row(step.line)} && \text{{{step.name}}}" for step in steps]
    return "\\begin{aligned}\n" + " \\\\\n".join(rows) + "\n\\end{aligned}"


def _row(shown: Basic, first: bool = False) -> str:
    if isinstance(shown, Tuple):
        return f"& {line(shown)}"
    left, right = sides(shown)
    if left:
        return f"{left} &{right}"
    return f"{right} &" if first else f"&= {right}"


def display(formula: str) -> str:
    """Return a displayed formula as Markdown."""
    return f"$$\n{formula}\n$$"


def numbered(given: Basic, steps: Iterable[Shown]) -> str:
    r"""Return the given line and the numbered steps as Markdown: formula, reason and verdict of each.

    >>> from sympy import Eq, sqrt
    >>> from gainderive.symbols import g
    >>> print(numbered(Eq(g**2 / 2, 1), [Shown(Eq(g, sqrt(2)), "solving", "Solve for $g$.", "proved")]))
    $$
    \frac{g^{2}}{2} = 1
    $$
    <BLANKLINE>
    1. **Solving.** Solve for $g$. `proved`
    <BLANKLINE>
       $$
       g = \sqrt{2}
       $$
    """
    parts = [display(line(given))]
    for number, step in enumerate(steps, start=1):
        label = f"{number}. "
        body = f"{reason(step)} `{step.verdict}`\n\n{display(follows(step.line))}"
        parts.append(label + body.replace("\n", "\n" + " " * len(label)).replace(" " * len(label) + "\n", "\n"))
    return "\n\n".join(parts)


def follows(shown: Basic) -> str:
    r"""Return a line as LaTeX that stands below another: an expression is equal to what was there.

    >>> from gainderive.symbols import x
    >>> follows(x / 2)
    '= \\frac{x}{2}'
    """
    return line(shown) if isinstance(shown, (Relational, Contains, Tuple)) else f"= {line(shown)}"


def reason(step: Shown) -> str:
    """Return name and explanation as Markdown, the name once where the explanation begins with it.

    >>> from gainderive.symbols import x
    >>> reason(Shown(x, "symmetry", "Symmetry: both halves are equal.", "proved"))
    '**Symmetry**: both halves are equal.'
    """
    length = len(step.name)
    if step.explanation[:length].lower() == step.name.lower():
        return f"**{step.explanation[:length]}**{step.explanation[length:]}"
    # `capitalize` would lower the rest of a name such as "Stein's lemma".
    return f"**{step.name[:1].upper()}{step.name[1:]}.** {step.explanation}"


def bullets(items: Iterable[str]) -> str:
    """Return a Markdown list."""
    return "\n".join(f"- {item}" for item in items)


def _membership(interval: Basic) -> str:
    if not isinstance(interval, Interval) or not all(end.is_Rational for end in interval.args[:2]):
        return rf"\in {latex(interval)}"
    return "= " + ball(interval.start, interval.end)


def ball(lower: Rational, upper: Rational) -> str:
    r"""Return an interval as LaTeX: its middle, rounded to the digits that matter, and a radius that still contains it.

    >>> ball(Rational("1.24"), Rational("1.26"))
    '1.25 \\pm 10^{-2}'
    >>> ball(Rational(1, 3) - Rational(1, 10**9), Rational(1, 3) + Rational(1, 10**9))
    '0.333333333 \\pm 2 \\cdot 10^{-9}'
    """
    middle, digit, exponent = rounded(lower, upper)
    factor = "" if digit == 1 else rf"{digit} \cdot "
    return rf"{middle} \pm {factor}10^{{{exponent}}}"


def rounded(lower: Rational, upper: Rational) -> tuple[str, int, int]:
    """Return ``(middle, digit, exponent)`` with the interval inside ``middle +- digit * 10**exponent``.

    >>> rounded(Rational("1.24"), Rational("1.26"))
    ('1.25', 1, -2)
    """
    middle, radius = (lower + upper) / 2, (upper - lower) / 2
    places = max(0, -_exponent(radius)) if radius else _ENOUGH
    shown = _decimal(middle, places)
    radius += abs(Rational(str(shown)) - middle)
    exponent = _exponent(radius) if radius else -places
    digit = int((radius / Rational(10) ** exponent).ceiling())
    return (f"{shown:f}", digit, exponent) if digit < 10 else (f"{shown:f}", 1, exponent + 1)


_ENOUGH = 30
"""Decimal places of an interval that is a single point."""


def _exponent(positive: Rational) -> int:
    """Return ``floor(log10(positive))``."""
    guess = len(str(positive.p)) - len(str(positive.q))
    return guess if positive >= Rational(10) ** guess else guess - 1


def _decimal(value: Rational, places: int) -> Decimal:
    with localcontext() as context:
        context.prec = max(1, _exponent(abs(value)) if value else 1) + places + 10
        return (Decimal(value.p) / Decimal(value.q)).quantize(Decimal(1).scaleb(-places))


_PRODUCT, _POWER = PRECEDENCE["Mul"], PRECEDENCE["Pow"]


class _Printer(LatexPrinter):
    """SymPy's printer with the names and habits of this library."""

    def _hprint_Function(self, func: str) -> str:
        stem = func.rstrip("'")
        primes = func[len(stem) :]
        partial = re.fullmatch(r"\(∂_(\d+) (\w+)\)", stem)
        if partial:
            return rf"\left(\partial_{{{partial[1]}}} {self._hprint_Function(partial[2])}\right)"
        if "_" in stem:
            return rf"\operatorname{{{stem}}}{primes}".replace("_", r"\_")
        return f"{super()._hprint_Function(stem)}{primes}"

    def _print_ExpBase(self, expr: Expr, exp: str | None = None) -> str:
        # A stacked fraction in an exponent is too small to read.
        above, below = fraction(expr.args[0])
        if below == 1 or expr.args[0].is_Add:
            return str(super()._print_ExpBase(expr, exp))
        minus = "-" if above.could_extract_minus_sign() else ""
        above = self.parenthesize(-above if minus else above, _PRODUCT, strict=True)
        power = f"{minus}{above}/{self.parenthesize(below, _POWER)}"
        return str(self._do_exponent(f"e^{{{power}}}", exp))

    def _needs_mul_brackets(self, expr: Expr, first: bool = False, last: bool = False) -> bool:
        # A factor after dx would read as outside of the integral; as with SymPy's own integrals.
        if isinstance(expr, GaussIntegral) and not last:
            return True
        return bool(super()._needs_mul_brackets(expr, first=first, last=last))

    def _print_Pow(self, expr: Expr) -> str:
        if isinstance(expr.base, GaussIntegral) and expr.exp.is_Integer and expr.exp > 0:
            # Without brackets the exponent would stand at the differential.
            return rf"\left({self._print(expr.base)}\right)^{{{self._print(expr.exp)}}}"
        return str(super()._print_Pow(expr))

    def _print_Sum(self, expr: Sum) -> str:
        # One sign for each index; SymPy stacks the indices under one sign with \\substack.
        *_, outer = expr.limits
        if len(expr.limits) == 1:
            return str(super()._print_Sum(expr))
        index, start, end = map(self._print, outer)
        return rf"\sum_{{{index}={start}}}^{{{end}}} {self._print(expr.func(expr.function, *expr.limits[:-1]))}"

    def _print_Symbol(self, expr: Symbol, style: str = "plain") -> str:
        # A subscript that is a word stands upright: n_in.
        return re.sub(r"_\{([a-z]{2,})\}", r"_{\\mathrm{\1}}", super()._print_Symbol(expr, style))

    def _print_Contains(self, expr: Contains) -> str:
        return line(expr)
