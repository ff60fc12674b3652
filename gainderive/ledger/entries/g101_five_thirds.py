"""G101: 5/3 for tanh."""

from sympy import Rational

from gainderive.activations import load
from gainderive.criteria import Criterion
from gainderive.facade import solution
from gainderive.ledger import Claim, Recommended, Source

_TANH = load("tanh")

CLAIM = Claim(
    says="For tanh take 5/3.",
    who=(Source("torch.nn.init.calculate_gain (PyTorch 2.13)", "https://docs.pytorch.org/docs/stable/nn.init.html"),),
    check=Recommended(Rational(5, 3), "tanh"),
    correct="The gain that keeps a unit second moment is {forward}; none of the five criteria gives 5/3.",
    remark="5/3 does little harm, because tanh's length map has one attracting fixed point for every σ_w > 1.",
    numbers={"forward": solution(_TANH, Criterion.FORWARD)},
    results=("GD-0008", "GD-0009", "GD-0011"),
)
