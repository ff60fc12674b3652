r"""Ball arithmetic (Arb) for SymPy expressions: numbers, programs, and bounds on half-lines.

A ball is an interval that contains the value; every operation maps balls to balls that contain all values of the
operation. What is shown here holds for sure, and everything that needs a proof about numbers stands on it: zeros,
pieces, enclosures, and the checker's own questions about signs.

>>> from flint import arb
>>> from sympy import cos, exp
>>> from gainderive.symbols import x
>>> evaluate(exp(x) - cos(x), {x: arb(1)})
[2.17797952259091 +/- 5.69e-15]
>>> HalfLine(1, fmpq(1), lambda c: evaluate(c, {})).tail(x - cos(x)).low is None
True
>>> HalfLine(1, fmpq(4), lambda c: evaluate(c, {})).tail(x - cos(x)).sign
1
"""

from __future__ import annotations

from flint import fmpq

from gainderive.balls._evaluate import Means, Values, evaluate
from gainderive.balls._growth import ONE, ZERO, Exact, Growth, approximate, greatest, largest
from gainderive.balls._numbers import SelfEnclosing, is_number, number, rational, rational_midpoint
from gainderive.balls._precision import working_precision
from gainderive.balls._program import Code, Program, compiled, run
from gainderive.balls._sign import sign_of
from gainderive.balls._tails import HalfLine, Tail

STARTS = tuple(fmpq(4) ** n for n in range(7))
"""Where a bound on a half-line may begin to hold: larger ones are tried when smaller ones fail."""

__all__ = [
    "ONE",
    "STARTS",
    "ZERO",
    "Code",
    "Exact",
    "Growth",
    "HalfLine",
    "Means",
    "Program",
    "SelfEnclosing",
    "Tail",
    "Values",
    "approximate",
    "compiled",
    "evaluate",
    "greatest",
    "is_number",
    "largest",
    "number",
    "rational",
    "rational_midpoint",
    "run",
    "sign_of",
    "working_precision",
]
