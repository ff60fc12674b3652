"""G105: saturation and depth."""

from sympy import Expr, tanh

from gainderive.gaussian import GaussMean
from gainderive.ledger import Claim, Compares, Parts, Said, Source
from gainderive.symbols import x

_GAIN = 2


def _behind(q: int) -> Expr:
    return _GAIN**2 * GaussMean(tanh(x) ** 2, x, q)


CLAIM = Claim(
    says="With a gain above 1 tanh networks saturate ever more with depth.",
    who=(Source("lecture notes on saturation"),),
    check=Parts(
        {
            "small signals grow": Said(Compares("E u² behind a layer with gain 2, from 1", _behind(1), ">", 1)),
            "large ones grow too": Said(
                Compares("E u² behind a layer with gain 2, from 4", _behind(4), ">", 4),
            ),
        }
    ),
    correct="For every σ_w > 1 without bias the second moment tends to one fixed point, whatever the start: small "
    "signals grow and large ones shrink. With gain 2 a layer leads from 4 to {behind}. Depth does not change the "
    "degree of saturation.",
    numbers={"behind": _behind(4)},
    results=("GD-0023",),
)
