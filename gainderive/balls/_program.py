r"""A SymPy expression as a straight-line program: each distinct subexpression is computed once.

Registers hold first the *leaves* (numbers, symbols, Gaussian means: whatever gets its value from outside),
then one result per instruction. One program runs on real balls, on complex balls, and where analyticity must
be shown; only the operations differ. With a `variable`, every subexpression free of it is a leaf, so that it
is computed once and not at every point of an integral.

>>> from sympy import exp, sqrt
>>> from gainderive.symbols import x
>>> program = compiled(exp(sqrt(2) * x) + exp(sqrt(2) * x) ** 3, x)
>>> program.leaves
(x, sqrt(2), 3*sqrt(2))
>>> [name for name, *_ in program.code]
['mul', 'exp', 'mul', 'exp', 'add']
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

from sympy import (
    Add,
    Basic,
    E,
    Expr,
    Heaviside,
    Integer,
    Mul,
    Piecewise,
    Pow,
    Rational,
    S,
    Symbol,
    acot,
    atan,
    erf,
    erf2,
    exp,
    log,
)

from gainderive.balls._numbers import is_number
from gainderive.balls._operations import ANALYTIC, COMPLEX, FUNCTIONS, REAL, Operation
from gainderive.balls._special import SPECIAL
from gainderive.errors import BadExpression
from gainderive.gaussian import GaussIntegral, GaussMean

Code = list[tuple[Operation, int, int]]
_NONE = -1
"""Stands for the second register of an operation that has one argument."""
_OPAQUE = (Symbol, GaussMean, GaussIntegral, Piecewise, *SPECIAL)


@dataclass(frozen=True)
class Program:
    """Leaves, and instructions ``(operation, register, register or -1)``; the last register is the value."""

    leaves: tuple[Basic, ...]
    code: tuple[tuple[str, int, int], ...]

    def _bound(self, operations: dict[str, Operation]) -> Code:
        missing = sorted({name for name, *_ in self.code} - operations.keys())
        if missing:
            raise BadExpression(f"{', '.join(missing)} cannot be followed into the complex plane, so not be integrated")
        return [(operations[name], i, j) for name, i, j in self.code]

    @cached_property
    def real(self) -> Code:
        """Instructions for real balls."""
        return self._bound(REAL)

    @cached_property
    def complex(self) -> Code:
        """Instructions for complex balls."""
        return self._bound(COMPLEX)

    @cached_property
    def analytic(self) -> Code:
        """Instructions that answer with a non-finite ball where the function may not be analytic."""
        return self._bound(ANALYTIC)


def run(code: Code, registers: list[Any]) -> Any:
    """Run `code` on `registers`, which is extended, and return the last register."""
    append = registers.append
    for operation, i, j in code:
        append(operation(registers[i]) if j == _NONE else operation(registers[i], registers[j]))
    return registers[-1]


@lru_cache(maxsize=4096)
def compiled(expr: Expr, variable: Symbol | None = None) -> Program:
    """Return the program of `expr`.

    Raises
    ------
    BadExpression
        Naming the function or object for which balls have no operation.
    """
    builder = _Builder(variable)
    builder.place(expr)
    count = len(builder.leaves)
    place = {_NONE: _NONE} | {_leaf(k): k for k in range(count)}
    code = tuple((name, place.get(i, i + count), place.get(j, j + count)) for name, i, j in builder.code)
    return Program(tuple(builder.leaves), code)


def _leaf(index: int) -> int:
    """Return the mark of a leaf while their number is not yet known: below -1, where no instruction is."""
    return -2 - index


class _Builder:
    """Places expressions in registers, each distinct one once."""

    def __init__(self, variable: Symbol | None) -> None:
        self.variable = variable
        self.leaves: list[Basic] = []
        self.code: list[tuple[str, int, int]] = []
        self._known: dict[Basic, int] = {}

    def place(self, expr: Basic) -> int:
        """Return the register of `expr`."""
        if expr not in self._known:
            self._known[expr] = self._new(expr)
        return self._known[expr]

    def _new(self, expr: Basic) -> int:
        if self._is_leaf(expr):
            self.leaves.append(expr)
            return _leaf(len(self.leaves) - 1)
        if isinstance(expr, Add):
            return self._sum(expr)
        if isinstance(expr, Mul):
            return self._product(expr)
        if isinstance(expr, Pow):
            return self._power(expr.base, expr.exp)
        return self._function(expr)

    def _is_leaf(self, expr: Basic) -> bool:
        if self.variable is not None and self.variable not in expr.free_symbols:
            return True
        return is_number(expr) or isinstance(expr, _OPAQUE)

    def _emit(self, name: str, i: int, j: int = _NONE) -> int:
        self.code.append((name, i, j))
        return len(self.code) - 1

    def _sum(self, expr: Add) -> int:
        added = [term for term in self._grouped(expr) if not _negated(term)]
        result = self.place(added[0]) if added else self.place(S.Zero)
        for term in added[1:]:
            result = self._emit("add", result, self.place(term))
        for term in self._grouped(expr):
            if _negated(term):
                result = self._emit("sub", result, self.place(-term))
        return result

    def _product(self, expr: Mul) -> int:
        if _negated(expr):
            return self._emit("neg", self.place(-expr))
        factors = self._grouped(expr)
        above = [f for f in factors if not _inverse(f)]
        below = [1 / f for f in factors if _inverse(f)]
        result = self.place(above[0]) if above else self.place(S.One)
        for factor in above[1:]:
            result = self._emit("mul", result, self.place(factor))
        for factor in below:
            result = self._emit("div", result, self.place(factor))
        return result

    def _grouped(self, expr: Add | Mul) -> list[Expr]:
        """Return the arguments, those free of the variable as one."""
        if self.variable is None:
            return list(expr.args)
        constant, rest = expr.as_independent(self.variable, as_Add=isinstance(expr, Add))
        identity = S.Zero if isinstance(expr, Add) else S.One
        rest_args = type(expr).make_args(rest)
        return [*rest_args, constant] if constant != identity else list(rest_args)

    def _power(self, base: Expr, exponent: Expr) -> int:
        if base == E:
            return self.place(exp(exponent, evaluate=False))
        if isinstance(exponent, Integer):
            return self._integer_power(base, int(exponent))
        if exponent == -S.Half:
            return self._emit("rsqrt", self.place(base))
        if isinstance(exponent, Rational) and exponent.q == 2:
            root = self._root(base)
            if exponent == S.Half:
                return root
            whole = self._integer_power(base, int(exponent - S.Half))
            return self._emit("mul", whole, root)
        if self._is_leaf(exponent):
            return self._emit("pow", self.place(base), self.place(exponent))
        return self.place(exp(exponent * log(base), evaluate=False))

    def _root(self, base: Expr) -> int:
        key = Pow(base, S.Half, evaluate=False)
        if key not in self._known:
            self._known[key] = self._emit("sqrt", self.place(base))
        return self._known[key]

    def _integer_power(self, base: Expr, n: int) -> int:
        # Multiplied out, because Arb's power of a real ball around 0 is not a number.
        if n < 0:
            return self._emit("div", self.place(S.One), self.place(Pow(base, -n)))
        if n == 0:
            return self.place(S.One)
        if n == 1:
            return self.place(base)
        half = self.place(Pow(base, n // 2))
        result = self._emit("mul", half, half)
        return self._emit("mul", result, self.place(base)) if n % 2 else result

    def _function(self, expr: Basic) -> int:
        if isinstance(expr, acot):
            return self.place(atan(1 / expr.args[0]))
        if isinstance(expr, erf2):
            return self.place(erf(expr.args[1]) - erf(expr.args[0]))
        name = FUNCTIONS.get(expr.func)
        if name is None:
            raise BadExpression(
                f"{expr.func.__name__} in {expr} has no enclosure; rewrite it with elementary functions"
            )
        arguments = expr.args[:1] if isinstance(expr, Heaviside) else expr.args
        registers = [self.place(argument) for argument in arguments]
        if len(registers) == 1:
            return self._emit(name, registers[0])
        result = registers[0]
        for other in registers[1:]:
            result = self._emit(name, result, other)
        return result


def _negated(expr: Expr) -> bool:
    return isinstance(expr, Mul) and expr.args[0] == -1


def _inverse(expr: Expr) -> bool:
    return isinstance(expr, Pow) and isinstance(expr.exp, Integer) and expr.exp < 0
