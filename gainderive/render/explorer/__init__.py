r"""The explorer: a page where one picks or types an activation and sees its gains, length map and layers.

The page is plain JavaScript in classic scripts, so that it works from a file without a server. What it knows of the
catalogue and of the language of expressions is data that :func:`files` makes from the library: trees of numbers and
names, which the scripts evaluate by the same code as typed text, and formulas that KaTeX has rendered.

>>> tree(load("leaky_relu").expression, {})
['cases', ['*', 'a', 'x'], ['<', 'x', 0], 'x', True]
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from importlib.resources import files as resources
from typing import Any, Protocol

from sympy import (
    Add,
    And,
    Basic,
    Expr,
    Mul,
    Not,
    Or,
    Piecewise,
    Pow,
    Symbol,
    oo,
    sqrt,
)
from sympy.core.relational import GreaterThan, LessThan, StrictGreaterThan, StrictLessThan
from sympy.logic.boolalg import BooleanTrue

from gainderive import activations, expressions, notation, symbols
from gainderive.activations import Activation, Parameter, load
from gainderive.criteria import Criterion
from gainderive.errors import BadExpression
from gainderive.symbols import x

SCRIPTS = ("special.js", "tree.js", "catalogue.js", "parse.js", "numerics.js", "draw.js", "explorer.js")
"""The scripts of the page in the order in which they have to be loaded."""
STYLES = ("explorer.css",)
"""The style sheets of the page."""

_OPERATORS: dict[type[Basic], str] = {
    Add: "+",
    Mul: "*",
    Pow: "^",
    And: "and",
    Or: "or",
    Not: "not",
    Piecewise: "cases",
}
_DIGITS = 40


class Renderer(Protocol):
    """What makes HTML of a formula."""

    def __call__(self, latex: str, *, display: bool) -> str:
        """Return `latex` as HTML."""


def files(render: Renderer) -> dict[str, bytes]:
    """Return the page's scripts and style by file name, the generated data among them.

    Parameters
    ----------
    render : callable
        From a formula's LaTeX to HTML, such as :func:`gainderive.render.katex.render`.
    """
    here = resources(__package__)
    written = {name: (here / name).read_bytes() for name in (*SCRIPTS, *STYLES) if name != "catalogue.js"}
    data = json.dumps(catalogue(render), ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    text = f'"use strict";\nglobalThis.gainderive ??= {{}};\ngainderive.catalogue = {data};\n'
    return written | {"catalogue.js": text.encode()}


def body() -> str:
    """Return the part of the page that the scripts bring to life, as HTML."""
    return (resources(__package__) / "explorer.html").read_text(encoding="utf-8")


def catalogue(render: Renderer) -> dict[str, Any]:
    """Return what the scripts know: the language of typed expressions, the criteria, and every activation."""
    unnamed = Activation(name="phi", title="φ", expression=x)
    return {
        "language": language(),
        "criteria": {
            str(criterion): {
                "condition": render(notation.latex(criterion.condition(unnamed)), display=False),
                "meaning": criterion.meaning,
            }
            for criterion in Criterion
        },
        "activations": {name: _described(load(name), render) for name in activations.names()},
    }


def language() -> dict[str, Any]:
    """Return the names and bounds of :mod:`gainderive.expressions`.

    >>> language()["functions"]["arctan"], language()["limits"]["depth"]
    ('atan', 50)
    """
    return {
        "functions": {
            name: "sqrt" if function is sqrt else function.__name__ for name, function in expressions.FUNCTIONS.items()
        },
        "constants": {name: float(value) for name, value in expressions.CONSTANTS.items() if value.is_number},
        "limits": {
            "length": expressions.MAX_LENGTH,
            "depth": expressions.MAX_DEPTH,
            "digits": expressions.MAX_LITERAL,
            "power": expressions.MAX_EXPONENT,
            "exponent": expressions.MAX_POWER,
            "switches": expressions.MAX_SWITCHES,
        },
    }


def tree(expr: Basic, names: Mapping[Symbol, str]) -> Any:
    """Return an expression, relation or condition as a tree of lists, names and numbers.

    Parameters
    ----------
    expr : Basic
        In ``x`` and parameters; what has no symbols becomes the nearest double.
    names : mapping
        Under which name a symbol goes, where that is not its own.

    Raises
    ------
    BadExpression
        For a part that the scripts do not know.

    Examples
    --------
    >>> from sympy import Rational, tanh
    >>> tree(tanh(x) / 5, {})
    ['*', 0.2, ['tanh', 'x']]
    """
    if isinstance(expr, BooleanTrue):
        return True
    if isinstance(expr, Symbol):
        return names.get(expr, expr.name)
    if isinstance(expr, Expr) and not expr.free_symbols:
        return _double(expr)
    if isinstance(expr, Piecewise):
        return ["cases", *(tree(part, names) for case in expr.args for part in case.args)]
    if isinstance(expr, (StrictLessThan, LessThan, StrictGreaterThan, GreaterThan)):
        return ["<", tree(expr.lts, names), tree(expr.gts, names)]
    operator = _OPERATORS.get(expr.func, expr.func.__name__)
    if operator not in {*_OPERATORS.values(), *language()["functions"].values()}:
        raise BadExpression(f"{expr} has no place on the explorer's page: {operator} is not in its language.")
    return [operator, *(tree(arg, names) for arg in expr.args)]


def _double(value: Expr) -> float | int:
    return int(value) if value.is_Integer else float(value.evalf(_DIGITS))


def _described(activation: Activation, render: Renderer) -> dict[str, Any]:
    names = {p.symbol: p.name for p in activation.parameters}
    formula = rf"\phi(x) = {notation.latex(activation.expression)}"
    return {
        "title": activation.title,
        "aliases": list(activation.aliases),
        "formula": render(formula, display=True),
        "tree": tree(activation.numeric, names),
        "parameters": [_setting(p, render) for p in activation.parameters],
        "relations": [
            {"tree": tree(relation, names), "text": str(relation.xreplace(_spelled(activation)))}
            for relation in activation.relations
        ],
    }


def _spelled(activation: Activation) -> dict[Symbol, Symbol]:
    return {p.symbol: symbols.parameter(p.name) for p in activation.parameters}


def _setting(parameter: Parameter, render: Renderer) -> dict[str, Any]:
    """Return a parameter; a default of ``None`` stands for a bound that is absent."""
    return {
        "name": parameter.name,
        "symbol": render(notation.latex(parameter.symbol), display=False),
        "default": None if parameter.default is oo else _double(parameter.default),
        "isPositive": parameter.symbol.is_positive is True,
    }
