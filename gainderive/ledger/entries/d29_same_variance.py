"""D29: what the gain keeps."""

from sympy import Expr

from gainderive.activations import load
from gainderive.criteria import Criterion
from gainderive.facade import solution
from gainderive.gaussian import GaussMean
from gainderive.ledger import Amended, Claim, Compares, Said, Source, Statement
from gainderive.symbols import x

_NAMES = ("tanh", "gelu", "selu")
_ELSEWHERE = 4


def _behind(name: str, q: int) -> Expr:
    """Return the second moment behind a layer with the activation's gain, at preactivations of second moment `q`."""
    activation = load(name)
    return solution(activation, Criterion.FORWARD) ** 2 * GaussMean(activation.numeric**2, x, q)


def _kept(q: int) -> tuple[Statement, ...]:
    return tuple(
        Compares(f"E u² behind a layer of {name} with its gain, from E u² = {q}", _behind(name, q), "=", q)
        for name in _NAMES
    )


CLAIM = Claim(
    says="With the gain the signal's variance stays the same through the layers.",
    who=(Source("introductions to initialization"),),
    check=Said(*_kept(_ELSEWHERE), amended=Amended("the preactivation's second moment, at the value 1", *_kept(1))),
    correct="The second moment of the preactivation stays 1 if it is 1, on average over the weights. From 4 tanh "
    "leads to {tanh}, GELU to {gelu}. Whether a network comes back to 1 depends on the activation: tanh does, ReLU "
    "keeps every scale.",
    numbers={"tanh": _behind("tanh", _ELSEWHERE), "gelu": _behind("gelu", _ELSEWHERE)},
    results=("GD-0003", "GD-0015", "GD-0023"),
)
