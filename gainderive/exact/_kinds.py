r"""An integrand as a sum of kinds: :math:`(P \cos\omega x + Q \sin\omega x)\,e^{p(x)} \prod \mathrm{erf}(u_i)^{k_i}`.

The algebra writes sine and cosine as exponentials; here conjugate pairs are put together again, so that every line of a
derivation stays real.

>>> from sympy import sin
>>> from gainderive.symbols import x
>>> for kind in kinds(x * sin(x) ** 2, x): print(kind.frequency, kind.cosine, kind.sine)
0 x/2 0
2 -x/2 0
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache

from sympy import Add, Expr, I, Mul, S, Symbol, cos, default_sort_key, exp, expand, sin

from gainderive import algebra


@dataclass(frozen=True)
class Kind:
    """One kind of term; ``frequency`` 0 means that there is no sine, and `cosine` is the polynomial."""

    cosine: Expr
    sine: Expr
    frequency: Expr
    exponent: Expr
    specials: tuple[tuple[Expr, int], ...]

    @property
    def factor(self) -> Expr:
        """The exponential times the special functions."""
        return exp(self.exponent) * Mul(*(f**k for f, k in self.specials))

    def expr(self, x: Symbol) -> Expr:
        """Return the kind as an expression."""
        return self.waves(x) * self.factor

    def waves(self, x: Symbol) -> Expr:
        """Return the polynomials times cosine and sine."""
        return self.cosine * cos(self.frequency * x) + self.sine * sin(self.frequency * x)


@dataclass
class _Gathered:
    cosine: list[Expr] = field(default_factory=list)
    sine: list[Expr] = field(default_factory=list)


@lru_cache(maxsize=4096)
def kinds(expr: Expr, x: Symbol) -> tuple[Kind, ...] | None:
    """Return the kinds of `expr`, or ``None`` when it is not a sum of such, with real coefficients.

    Negative powers of ``x`` and special functions with a complex argument are none.
    """
    terms = algebra.terms(expr, x)
    if terms is None:
        return None
    found: dict[tuple[Expr, Expr, tuple[tuple[Expr, int], ...]], _Gathered] = {}
    for term in terms:
        frequency, exponent = _split(term.exponent, x)
        if frequency is None or term.power < 0 or any(f.has(I) or k < 0 for f, k in term.specials):
            return None
        sign = -1 if frequency.could_extract_minus_sign() else 1
        gathered = found.setdefault((sign * frequency, exponent, term.specials), _Gathered())
        part = term.coefficient * x**term.power
        gathered.cosine.append(part)
        if frequency != 0:
            gathered.sine.append(sign * I * part)
    made = tuple(Kind(real(Add(*gathered.cosine)), real(Add(*gathered.sine)), *key) for key, gathered in found.items())
    if any(kind.cosine.has(I) or kind.sine.has(I) for kind in made):
        return None
    present = (kind for kind in made if kind.cosine != 0 or kind.sine != 0)
    return tuple(sorted(present, key=lambda kind: default_sort_key(kind.frequency)))


def _split(exponent: Expr, x: Symbol) -> tuple[Expr | None, Expr]:
    """Return the frequency and the real exponent; ``None`` for a frequency that is not constant."""
    parts = Add.make_args(exponent)
    frequency = Add(*(part / (I * x) for part in parts if part.has(I)))
    return (None if frequency.has(x, I) else frequency), Add(*(part for part in parts if not part.has(I)))


def real(expr: Expr) -> Expr:
    """Write exponentials of imaginary constants as cosine and sine, and let the imaginary parts cancel."""
    if not expr.has(I):
        return expr
    turned = expr.replace(lambda e: isinstance(e, exp) and e.has(I), lambda e: e.rewrite(cos))
    return S(expand(turned))
