"""B14: slopes on the positive half-line."""

from sympy import Expr, Rational, S, diff, oo

from gainderive import zeros
from gainderive.activations import load
from gainderive.ledger import Amended, Check, Claim, Identity, Parts, Said, Source, Throughout
from gainderive.symbols import parameter, x

_POSITIVE = parameter("u", positive=True)
_EIGHTH = Rational(1, 8)


def _slope(name: str) -> Expr:
    return load(name).at().derivative


def _constant(name: str) -> Check:
    return Said(Identity(_slope(name).subs(x, _POSITIVE), 1, f"slope of {name} at any u > 0"))


def _nearly_constant(name: str) -> Check:
    return Said(*_near_1(name, 0), amended=Amended("u ≥ 2", *_near_1(name, 2)))


def _near_1(name: str, lower: int) -> tuple[Throughout, Throughout]:
    slope, what = _slope(name), f"slope of {name}"
    return (
        Throughout(what, slope, "<=", 1 + _EIGHTH, lower, oo),
        Throughout(what, slope, ">=", 1 - _EIGHTH, lower, oo),
    )


def _greatest(name: str) -> Expr:
    """Return the greatest slope to the right: at the only zero of the second derivative there."""
    (at,) = (zero for zero in zeros.real_zeros(diff(_slope(name), x), x, S.Zero, oo) if zero > 0)
    return _slope(name).subs(x, at)


CLAIM = Claim(
    says="ReLU, Leaky ReLU, GELU and SiLU have a constant or nearly constant derivative on the positive half-line.",
    who=(Source("lecture notes: remedies against saturation"),),
    check=Parts(
        {
            "ReLU": _constant("relu"),
            "Leaky ReLU": _constant("leaky_relu"),
            "GELU": _nearly_constant("gelu"),
            "SiLU": _nearly_constant("silu"),
        }
    ),
    correct="It is 1 for ReLU and Leaky ReLU. For GELU and SiLU it rises from {start} at 0 to {gelu} and {silu}, and "
    "comes within an eighth of 1 for good before u = 2.",
    numbers={
        "start": _slope("gelu").subs(x, 0),
        "gelu": (lambda: _greatest("gelu"), 5),
        "silu": (lambda: _greatest("silu"), 5),
    },
)
