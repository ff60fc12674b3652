"""The fingerprint of a derivation: a hash of what its lines and reasons are, the same on every machine."""

from __future__ import annotations

from collections.abc import Iterable
from hashlib import sha256

from sympy import Basic, Symbol
from sympy.printing.repr import ReprPrinter


def fingerprint(lines: Iterable[Basic], reasons: Iterable[str]) -> str:
    """Return a SHA-256 of `lines` and of the names of the `reasons`."""
    parts = [*map(written, lines), *reasons]
    return sha256("".join(f"{part}\n" for part in parts).encode()).hexdigest()


def written(expression: Basic) -> str:
    """Return the tree of an expression as text, equal ones alike.

    >>> from gainderive.symbols import x
    >>> written(x**2).startswith("Pow(Symbol('x', ")
    True
    """
    return str(_Written().doprint(expression))


class _Written(ReprPrinter):
    """Write equal symbols alike: SymPy's own printer shows which assumptions a symbol's maker spelled out."""

    def _print_Symbol(self, expr: Symbol) -> str:
        assumed = ", ".join(f"{name}={value}" for name, value in sorted(expr.assumptions0.items()))
        return f"Symbol({expr.name!r}, {assumed})"
