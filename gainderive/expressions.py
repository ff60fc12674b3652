r"""User text and user SymPy expressions to real functions of ``x`` alone.

Text is read with Python's :mod:`ast` and a closed list of nodes and functions; nothing of it is
ever evaluated as Python (SymPy's ``sympify`` and ``parse_expr`` call ``eval``). Its length, depth,
numbers and powers are bounded, so that hostile text is refused at once.

===================  ==========================================================================
numbers              ``2``, ``0.044715``, ``1e-3``: exact; ``0.2`` is 1/5
names                ``x``, ``pi``, ``e`` or ``E``
operators            ``+ - * /`` and ``**``; ``^`` is ``**``, with the precedence of ``**``
functions            the keys of :data:`FUNCTIONS`
cases                ``where(x > 0, x, 0)``; ``Piecewise((x, x > 0), (0, True))``; conditions
                     join by ``and``, ``or``, ``not`` or ``& | ~``, and chain (``0 < x < 1``)
===================  ==========================================================================

>>> parse("tanh(x) + x/5")
x/5 + tanh(x)
>>> parse("where(x > 0, x, 0.01*x)")
Piecewise((x, x > 0), (x/100, True))
>>> parse("sqrt(x)")
Traceback (most recent call last):
    ...
gainderive.errors.BadExpression: sqrt(x) is not real at x = -1/7; an activation is real on the whole real line.
"""

from __future__ import annotations

import ast
import re
import warnings
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from difflib import get_close_matches
from fractions import Fraction
from itertools import pairwise

from mpmath.libmp import from_str, repr_dps, to_str
from sympy import (
    Abs,
    Add,
    And,
    Basic,
    Derivative,
    E,
    Ei,
    Expr,
    Float,
    Heaviside,
    I,
    Integral,
    LambertW,
    Limit,
    Max,
    Min,
    Mul,
    Not,
    Or,
    Piecewise,
    Poly,
    PolynomialError,
    Pow,
    Product,
    Rational,
    S,
    Shi,
    Si,
    Subs,
    Sum,
    acos,
    acosh,
    asin,
    asinh,
    atan,
    atanh,
    cos,
    cosh,
    cot,
    coth,
    csc,
    csch,
    erf,
    erfc,
    erfi,
    exp,
    fresnelc,
    fresnels,
    log,
    nan,
    oo,
    pi,
    preorder_traversal,
    real_roots,
    sec,
    sech,
    sign,
    sin,
    sinh,
    sqrt,
    tan,
    tanh,
    zoo,
)
from sympy.core.evalf import PrecisionExhausted
from sympy.core.function import AppliedUndef
from sympy.logic.boolalg import Boolean
from sympy.polys.polyerrors import CoercionFailed

from gainderive import symbols
from gainderive.errors import BadExpression, Undecided
from gainderive.pieces import pieces

MAX_LENGTH = 2000
"""Longest text, in characters."""
MAX_DEPTH = 50
"""Deepest nesting; a sum or product of many terms is one level."""
MAX_POWER = 100
"""Largest numerator and denominator of a rational exponent."""
MAX_LITERAL = 100
"""Longest number, in characters."""
MAX_EXPONENT = 1000
"""Largest power of ten of a number, and largest constant whose exponential is taken."""
MAX_BITS = 10_000
"""Longest numerator or denominator that powers and products may make."""
MAX_SWITCHES = 30
"""Largest number of arguments of cases, maxima, minima, absolute values and signs together."""

CONSTANTS: dict[str, Expr] = {"x": symbols.x, "pi": pi, "e": E, "E": E}
"""The names that are no functions."""

FUNCTIONS: dict[str, Callable[..., Expr]] = {
    "exp": exp,
    "log": log,
    "ln": log,
    "sqrt": sqrt,
    "sin": sin,
    "cos": cos,
    "tan": tan,
    "cot": cot,
    "sec": sec,
    "csc": csc,
    "asin": asin,
    "arcsin": asin,
    "acos": acos,
    "arccos": acos,
    "atan": atan,
    "arctan": atan,
    "sinh": sinh,
    "cosh": cosh,
    "tanh": tanh,
    "coth": coth,
    "sech": sech,
    "csch": csch,
    "asinh": asinh,
    "arcsinh": asinh,
    "acosh": acosh,
    "arccosh": acosh,
    "atanh": atanh,
    "arctanh": atanh,
    "erf": erf,
    "erfc": erfc,
    "erfi": erfi,
    "Ei": Ei,
    "Si": Si,
    "Shi": Shi,
    "fresnels": fresnels,
    "fresnelc": fresnelc,
    "LambertW": LambertW,
    "lambertw": LambertW,
    "abs": Abs,
    "Abs": Abs,
    "sign": sign,
    "heaviside": Heaviside,
    "Heaviside": Heaviside,
    "max": Max,
    "Max": Max,
    "min": Min,
    "Min": Min,
}
"""The functions that text may call, by name; SymPy's own spelling is accepted, so that its output can be read."""

_CASES = ("where", "Piecewise", "piecewise")
_SWITCHES = (Abs, sign, Heaviside, Max, Min)
_GROWING = (exp, sinh, cosh, erfi, Ei, Shi)
_ALLOWED = re.compile(r"[\w+\-*/^().,<>=!&|~ \t\r\n]*", re.ASCII)
_NUMBER = re.compile(r"(\d+(\.\d*)?|\.\d+)([eE][+-]?\d{1,4})?", re.ASCII)
_COMPARISONS: dict[type[ast.cmpop], Callable[[Expr, Expr], Boolean]] = {
    ast.Lt: lambda a, b: a < b,
    ast.LtE: lambda a, b: a <= b,
    ast.Gt: lambda a, b: a > b,
    ast.GtE: lambda a, b: a >= b,
}
_JUNCTIONS: dict[type[ast.AST], Callable[..., Boolean]] = {ast.And: And, ast.BitAnd: And, ast.Or: Or, ast.BitOr: Or}
_UNEVALUATED = (Integral, Sum, Product, Derivative, Limit, Subs)
# Real wherever their arguments are (at poles they have no value at all); everything else is looked at.
_PARTLY_REAL = (log, asin, acos, acosh, atanh, LambertW)
_REAL_FUNCTIONS = tuple(f for f in dict.fromkeys(FUNCTIONS.values()) if isinstance(f, type) and f not in _PARTLY_REAL)
_SAMPLES = tuple(sgn * Rational(p, q) for p, q in ((1, 7), (1, 1), (5, 2), (10, 1), (1000, 1)) for sgn in (-1, 1))


def parse(text: str) -> Expr:
    """Read `text` as a real function of ``x`` alone.

    Parameters
    ----------
    text : str
        For example ``"tanh(x) + x/5"``; the language is described at the top of this module.

    Returns
    -------
    Expr
        In :data:`gainderive.symbols.x`, with exact numbers; constants are functions of ``x`` too.

    Raises
    ------
    BadExpression
        With the place and what to write instead.

    Examples
    --------
    >>> parse("x^2 * 0.1")
    x**2/10
    >>> parse("tahn(x)")
    Traceback (most recent call last):
        ...
    gainderive.errors.BadExpression: 'tahn' in 'tahn(x)' is not known. Did you mean 'tan' or 'tanh' or 'atan'?
    """
    return from_sympy(_Reader(text).expression())


def from_sympy(expr: Expr) -> Expr:
    r"""Return a user's SymPy expression as a function of :data:`gainderive.symbols.x`, or refuse it.

    Every symbol called ``x`` is taken for the preactivation, whatever its assumptions; floats
    become the shortest decimals that denote them. That the function is real is tested, not proved:
    a point at which a root, a logarithm or the like is *certainly* not real refuses it; where no
    such point is found, it passes, and the later rooms, which enclose it on whole intervals, decide.
    For roots and logarithms of polynomials the test is complete: it looks between all real zeros.
    Poles on the real line (``1/x``) pass as well, since only a moment can say whether they matter.

    Raises
    ------
    BadExpression
        When something in it is not real, not finite, undefined, unevaluated, or another variable.

    Examples
    --------
    >>> from sympy import Float, log, tanh
    >>> from gainderive.symbols import parameter, x
    >>> plain = parameter("x", real=None)
    >>> from_sympy(tanh(plain) * Float(0.5)) == tanh(x) / 2
    True
    >>> from_sympy(parameter("a") * x)
    Traceback (most recent call last):
        ...
    gainderive.errors.BadExpression: a*x depends on a as well as on x; put a number in: expr.subs({"a": ...}).
    """
    if not isinstance(expr, Expr):
        raise BadExpression(f"{shown(expr)} is not a SymPy expression in x but of type {type(expr).__name__}.")
    _refuse_other_symbols(expr)
    expr = exact_floats(expr.xreplace({s: symbols.x for s in expr.free_symbols if s != symbols.x}))
    _refuse_foreign(expr)
    _refuse_not_real(expr)
    return expr


def exact_floats(expr: Expr) -> Expr:
    """Return `expr` with every ``Float`` replaced by the shortest decimal that denotes it, as a rational number.

    >>> exact_floats(Float(0.2) * symbols.x)
    x/5
    """
    return expr.xreplace({number: _shortest_decimal(number) for number in expr.atoms(Float)})


def shown(value: object, length: int = 80) -> str:
    """Return ``repr(value)``, shortened for a message.

    >>> shown("y" * 5)
    "'yyyyy'"
    """
    try:
        text = repr(value)
    except Exception:  # A value that cannot even be shown must not hide the error that is about it.
        text = f"<{type(value).__name__}>"
    return text if len(text) <= length else text[: length - 3] + "..."


class _Reader:
    """One reading of one text; counts the switches that it meets."""

    def __init__(self, text: str) -> None:
        if not isinstance(text, str):
            raise BadExpression(f"{shown(text)} is not text but of type {type(text).__name__}.")
        if len(text) > MAX_LENGTH:
            raise BadExpression(f"the expression has {len(text)} characters; at most {MAX_LENGTH} are read.")
        understood = _ALLOWED.match(text)
        end = understood.end() if understood else 0
        if end < len(text):
            raise BadExpression(f"the character {text[end]!r} (number {end + 1}) has no meaning in an expression.")
        # One line, so that a node's place is a slice; and ** binds as a power should, where Python's ^ does not.
        self._source = " ".join(text.split()).replace("^", "**")
        self._switches = 0

    def expression(self) -> Expr:
        """Return the whole text as an expression."""
        if not self._source:
            raise BadExpression("the expression is empty; write for example 'tanh(x) + x/5'.")
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                tree = ast.parse(self._source, mode="eval")
        except SyntaxError as error:
            raise BadExpression(
                f"{shown(self._source)} cannot be read: {error.msg} (near character {error.offset}). "
                "A product is written with *, as in 2*x."
            ) from None
        except (RecursionError, MemoryError, ValueError, OverflowError):
            raise BadExpression(f"{shown(self._source)} is nested too deeply to be read.") from None
        try:
            return self._bounded(self._expr(tree.body, 0))
        except (RecursionError, ArithmeticError, TypeError, ValueError, NotImplementedError) as error:
            # SymPy's own refusals while an expression is put together, such as an order among complex numbers.
            raise BadExpression(f"{shown(self._source)} makes no function of x: {error}") from None

    def _place(self, node: ast.AST) -> str:
        return shown(self._source[getattr(node, "col_offset", 0) : getattr(node, "end_col_offset", None)])

    def _expr(self, node: ast.expr, depth: int) -> Expr:
        if depth > MAX_DEPTH:
            raise BadExpression(f"the expression is nested more than {MAX_DEPTH} levels deep.")
        result = self._read(node, depth + 1)
        if result in (nan, zoo, oo, -oo):
            raise BadExpression(f"{self._place(node)} is not a finite number.")
        return result

    def _read(self, node: ast.expr, depth: int) -> Expr:
        match node:
            case ast.Constant():
                return self._number(node)
            case ast.Name():
                return self._constant(node)
            case ast.UnaryOp(op=ast.USub()):
                return -self._expr(node.operand, depth)
            case ast.UnaryOp(op=ast.UAdd()):
                return self._expr(node.operand, depth)
            case ast.BinOp(op=ast.Add() | ast.Sub()):
                return self._sum(node, depth)
            case ast.BinOp(op=ast.Mult() | ast.Div()):
                return self._product(node, depth)
            case ast.BinOp(op=ast.Pow()):
                return self._power(self._expr(node.left, depth), self._expr(node.right, depth), node)
            case ast.Call():
                return self._call(node, depth)
            case ast.Compare() | ast.BoolOp():
                raise BadExpression(f"{self._place(node)} is a condition; write where(condition, a, b).")
            case _:
                raise BadExpression(
                    f"{self._place(node)} is not part of the language of expressions: "
                    "numbers, x, pi, e, + - * / **, and calls of known functions."
                )

    def _number(self, node: ast.Constant) -> Expr:
        literal = self._source[node.col_offset : node.end_col_offset]
        number = _NUMBER.fullmatch(literal)
        if number is None:
            raise BadExpression(f"{shown(literal)} is not a real number.")
        if len(literal) > MAX_LITERAL or abs(int((number[3] or "e0")[1:])) > MAX_EXPONENT:
            raise BadExpression(f"the number {shown(literal, 30)} is too long or too large.")
        exact = Fraction(literal)
        return Rational(exact.numerator, exact.denominator)

    def _constant(self, node: ast.Name) -> Expr:
        if node.id not in CONSTANTS:
            raise self._unknown(node, CONSTANTS, FUNCTIONS)
        return CONSTANTS[node.id]

    def _unknown(self, node: ast.Name, first: Iterable[str], then: Iterable[str]) -> BadExpression:
        """Name the nearest of `first`, or else of `then`; where there is none, all of `first`."""
        name = node.id.lower()
        close = get_close_matches(name, list(first)) or get_close_matches(name, list(then))
        advice = f"Did you mean {' or '.join(map(repr, close))}?" if close else f"Known are {', '.join(first)}."
        return BadExpression(f"{node.id!r} in {shown(self._source)} is not known. {advice}")

    def _sum(self, node: ast.expr, depth: int) -> Expr:
        first, rest = _unchained(node, (ast.Add, ast.Sub))
        terms = [(op, self._expr(term, depth)) for op, term in rest]
        return Add(self._expr(first, depth), *(-term if isinstance(op, ast.Sub) else term for op, term in terms))

    def _product(self, node: ast.expr, depth: int) -> Expr:
        first, rest = _unchained(node, (ast.Mult, ast.Div))
        factors = [self._expr(first, depth)]
        for op, operand in rest:
            factor = self._expr(operand, depth)
            if isinstance(op, ast.Div) and factor == 0:
                raise BadExpression(f"{self._place(node)} divides by {self._place(operand)}, which is 0.")
            factors.append(1 / factor if isinstance(op, ast.Div) else factor)
        return self._small_powers(Mul(*factors), node)

    def _power(self, base: Expr, exponent: Expr, node: ast.expr) -> Expr:
        if not exponent.free_symbols:
            self._at_most(exponent, MAX_POWER, node, "exponent")
        # A root of a number is looked for among its factors, which takes long for long numbers.
        longest = MAX_BITS if exponent.is_Integer else MAX_BITS // 20
        if base.is_Rational and exponent.is_Rational and _bits(base) * max(1, abs(exponent)) > longest:
            raise BadExpression(f"{self._place(node)} is too large a number.")
        return self._small_powers(Pow(base, exponent), node)

    def _small_powers(self, result: Expr, node: ast.expr) -> Expr:
        """Return `result` if its factors are bounded: SymPy has collected ``(x**9)**9`` and ``x**9*x**9``."""
        for factor in Mul.make_args(result):
            if isinstance(factor, Pow) and factor.exp.is_Rational and abs(factor.exp) > MAX_POWER:
                raise BadExpression(
                    f"{self._place(node)} has the exponent {shown(factor.exp, 30)}, beyond {MAX_POWER}."
                )
            if factor.is_Rational and _bits(factor) > MAX_BITS:
                raise BadExpression(f"{self._place(node)} is too large a number.")
        return result

    def _bounded(self, result: Expr) -> Expr:
        """Return the whole expression if its numbers are bounded: sums, too, have collected factors."""
        if any(_bits(number) > MAX_BITS for number in result.atoms(Rational)):
            raise BadExpression(f"{shown(self._source)} contains too large a number.")
        return result

    def _at_most(self, value: Expr, bound: int, node: ast.expr, role: str) -> None:
        size = value if value.is_Rational else value.evalf(5)
        if size.is_comparable and abs(size) > bound:
            raise BadExpression(f"{self._place(node)} has an {role} beyond {bound}.")

    def _call(self, node: ast.Call, depth: int) -> Expr:
        if not isinstance(node.func, ast.Name):
            raise BadExpression(f"{self._place(node)} is not a call of a known function; a product is written with *.")
        if node.keywords or any(isinstance(arg, ast.Starred) for arg in node.args):
            raise BadExpression(f"{self._place(node)} has arguments that are not plain expressions.")
        name = node.func.id
        if name in _CASES:
            return self._cases(node, depth)
        if name not in FUNCTIONS:
            raise self._unknown(node.func, [*FUNCTIONS, *_CASES], CONSTANTS)
        function = FUNCTIONS[name]
        variadic = function in (Max, Min)
        if not node.args or (len(node.args) > 1 and not variadic):
            takes = "one or more" if variadic else "one"
            raise BadExpression(f"{self._place(node)} has {len(node.args)} arguments; {name} takes {takes}.")
        if function in _SWITCHES:
            self._count_switches(len(node.args))
        arguments = [self._expr(arg, depth) for arg in node.args]
        if function is sqrt:
            return self._power(arguments[0], S.Half, node)
        if function in _GROWING and not arguments[0].free_symbols:
            self._at_most(arguments[0], MAX_EXPONENT, node, "argument")
        return function(*arguments)

    def _count_switches(self, more: int) -> None:
        self._switches += more
        if self._switches > MAX_SWITCHES:
            raise BadExpression(f"the expression has more than {MAX_SWITCHES} cases, maxima, minima and signs.")

    def _cases(self, node: ast.Call, depth: int) -> Expr:
        self._count_switches(len(node.args))
        if isinstance(node.func, ast.Name) and node.func.id == "where":
            if len(node.args) != 3:
                raise BadExpression(f"{self._place(node)} is not of the form where(condition, value, otherwise).")
            condition, value, otherwise = node.args
            return Piecewise(
                (self._expr(value, depth), self._condition(condition, depth)), (self._expr(otherwise, depth), True)
            )
        pairs = []
        for arg in node.args:
            if not isinstance(arg, ast.Tuple) or len(arg.elts) != 2:
                raise BadExpression(f"{self._place(arg)} is not a case: write Piecewise((value, condition), ...).")
            pairs.append((self._expr(arg.elts[0], depth), self._condition(arg.elts[1], depth)))
        return Piecewise(*pairs)

    def _condition(self, node: ast.expr, depth: int) -> Boolean:
        if depth > MAX_DEPTH:
            raise BadExpression(f"the expression is nested more than {MAX_DEPTH} levels deep.")
        match node:
            case ast.Constant(value=True):
                return S.true
            case ast.BoolOp():
                return _JUNCTIONS[type(node.op)](*(self._condition(part, depth + 1) for part in node.values))
            case ast.BinOp(op=ast.BitAnd() | ast.BitOr()):
                parts = (self._condition(part, depth + 1) for part in (node.left, node.right))
                return _JUNCTIONS[type(node.op)](*parts)
            case ast.UnaryOp(op=ast.Not() | ast.Invert()):
                return Not(self._condition(node.operand, depth + 1))
            case ast.Compare() if all(type(op) in _COMPARISONS for op in node.ops):
                self._count_switches(len(node.ops))
                sides = [self._expr(side, depth) for side in (node.left, *node.comparators)]
                links = zip(node.ops, pairwise(sides), strict=True)
                return And(*(_COMPARISONS[type(op)](a, b) for op, (a, b) in links))
            case _:
                raise BadExpression(f"{self._place(node)} is not a condition; use < <= > >= with and, or, not.")


def _unchained(
    node: ast.expr, ops: tuple[type[ast.operator], ...]
) -> tuple[ast.expr, list[tuple[ast.operator, ast.expr]]]:
    """Return ``a`` and ``[(+, b), (-, c)]`` of ``a + b - c``, so that many terms are not many levels."""
    rest: list[tuple[ast.operator, ast.expr]] = []
    while isinstance(node, ast.BinOp) and isinstance(node.op, ops):
        rest.append((node.op, node.right))
        node = node.left
    return node, rest[::-1]


def _bits(number: Rational) -> int:
    return max(int(number.p).bit_length(), int(number.q).bit_length())


def _refuse_other_symbols(expr: Expr) -> None:
    others = sorted({s.name if hasattr(s, "name") else str(s) for s in expr.free_symbols if not symbols.is_ours(s)})
    if others:
        names = ", ".join(others)
        raise BadExpression(
            f'{_printed(expr)} depends on {names} as well as on x; put a number in: expr.subs({{"{others[0]}": ...}}).'
        )


def _refuse_foreign(expr: Expr) -> None:
    if expr.has(nan, zoo, oo, -oo):
        raise BadExpression(f"{_printed(expr)} contains something infinite or undefined.")
    if expr.has(I):
        raise BadExpression(f"{_printed(expr)} contains the imaginary unit; an activation is real.")
    for node in preorder_traversal(expr):
        if isinstance(node, AppliedUndef):
            raise BadExpression(f"{_printed(node)} is a function without a definition.")
        if isinstance(node, _UNEVALUATED):
            raise BadExpression(f"{_printed(node)} is not evaluated; call its .doit() first.")
        if getattr(node, "is_commutative", True) is False:
            raise BadExpression(f"{_printed(node)} does not commute; an activation is a function of a real number.")


def _refuse_not_real(expr: Expr) -> None:
    doubtful = [node for node in preorder_traversal(expr) if isinstance(node, Expr) and not _real_by_structure(node)]
    if not doubtful and not expr.has(Piecewise):
        return
    for at in _points(expr, doubtful):
        for node in _reached(expr, at):
            if not _real_by_structure(node) and _certainly_not_real(node, at):
                where = f" at x = {at}" if node.free_symbols else ""
                raise BadExpression(
                    f"{_printed(node)} is not real{where}; an activation is real on the whole real line.{_advice(node)}"
                )


def _real_by_structure(node: Basic) -> bool:
    """Tell whether `node` is real wherever its arguments are and it has a value; a yes is certain."""
    if node.is_Atom or isinstance(node, (Add, Mul, Piecewise, *_REAL_FUNCTIONS)):
        return node.is_real is not False
    return bool((isinstance(node, Pow) and node.exp.is_integer) or node.is_real)


def _reached(node: Basic, at: Rational) -> Iterator[Expr]:
    """Yield the parts of `node` that its value at `at` is made of, innermost first."""
    if isinstance(node, Piecewise):
        for value, condition in node.args:
            if condition.subs(symbols.x, at) == True:  # noqa: E712 (a SymPy boolean, or a relation)
                yield from _reached(value, at)
                return
            if condition.subs(symbols.x, at) != False:  # noqa: E712
                return
        raise BadExpression(f"{_printed(node)} has no case for x = {at}; end it with (value, True).")
    for arg in node.args:
        yield from _reached(arg, at)
    if isinstance(node, Expr):
        yield node


def _certainly_not_real(node: Expr, at: Rational) -> bool:
    try:
        value = node.subs(symbols.x, at).evalf(30, strict=True)
    except (PrecisionExhausted, NotImplementedError, ArithmeticError, ValueError):
        return False
    imaginary = value.as_real_imag()[1] if value.is_number and value.is_finite else S.Zero
    # Thirty digits are certain; what is left below twenty is no evidence.
    return bool(imaginary.is_Number and abs(imaginary) > Rational(1, 10**20) * (1 + abs(value)))


def _points(expr: Expr, doubtful: list[Expr]) -> Iterator[Rational]:
    """Yield points that tell real from not real: some of every size, and one between any two places of change."""
    yield from _SAMPLES
    marks = {root for node in doubtful for arg in node.args for root in _real_zeros(arg)}
    with suppress(Undecided):
        marks |= {piece.lower for piece in pieces(expr)} - {-oo}
    places = sorted(Rational(str(mark.evalf(30))) for mark in marks if mark.is_number)
    if places:
        yield from (places[0] - 1, *((a + b) / 2 for a, b in pairwise(places)), places[-1] + 1)


def _real_zeros(arg: Basic) -> list[Expr]:
    try:
        poly = Poly(arg, symbols.x, domain="QQ")
        return list(real_roots(poly)) if 0 < poly.degree() <= MAX_POWER else []
    except (PolynomialError, CoercionFailed, NotImplementedError):
        return []


def _advice(node: Expr) -> str:
    """Say how to write a real odd root: SymPy's ``(-8)**(1/3)`` is the complex one."""
    if not (isinstance(node, Pow) and node.exp.is_Rational and node.exp.q % 2):
        return ""
    real = f"abs(u)**({node.exp})"
    return f" With u = {_printed(node.base)}, the real root is {f'sign(u)*{real}' if node.exp.p % 2 else real}."


def _printed(expr: Basic) -> str:
    text = str(expr)
    return text if len(text) <= 80 else text[:77] + "..."


def _shortest_decimal(number: Float) -> Rational:
    mantissa, precision = number._mpf_, number._prec
    if abs(mantissa[2] + mantissa[3]) > 4 * MAX_EXPONENT:
        # Printing it would take the very time that is saved here.
        raise BadExpression(f"a float is too large or too small: its power of ten is beyond {MAX_EXPONENT}.")
    decimals = (to_str(mantissa, digits) for digits in range(1, repr_dps(precision) + 1))
    return Rational(next(text for text in decimals if from_str(text, precision, "n") == mantissa))
