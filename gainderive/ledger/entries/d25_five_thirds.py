"""D25: what is said of tanh's 5/3."""

from sympy import Rational

from gainderive.activations import load
from gainderive.ledger import Claim, Compares, Parts, Recommended, Said, Source, claimed_by, gain_of
from gainderive.symbols import x

_TORCHS = Rational(5, 3)

CLAIM = Claim(
    says="tanh has slope 1 at 0; 5/3 balances the variance of signals and gradients; it comes from LeCun's empirical "
    "work.",
    who=(Source("explanations of PyTorch's table of gains"),),
    check=Parts(
        {
            "slope 1 at 0": Said(Compares("slope of tanh at 0", load("tanh").derivative.subs(x, 0), "=", 1)),
            "balances forward": Said(Compares("forward gain", gain_of("tanh"), "=", _TORCHS)),
            "balances backward": Said(Compares("backward gain", gain_of("tanh", "backward"), "=", _TORCHS)),
            "from LeCun's 1.7159 tanh(2x/3)": Recommended(_TORCHS, "lecun_tanh"),
        }
    ),
    correct="5/3 is above both gains that it is said to balance, {forward} forward and {backward} backward. With it "
    "the signal comes to rest at the second moment {q}, and the gradient's grows by the factor {chi} per layer on the "
    "way back. LeCun's function has two constants of its own, and its gain is {lecun}.",
    numbers={
        "forward": gain_of("tanh"),
        "backward": gain_of("tanh", "backward"),
        "q": claimed_by("GD-0009", "q"),
        "chi": claimed_by("GD-0009", "chi_1"),
        "lecun": gain_of("lecun_tanh"),
    },
    results=("GD-0008", "GD-0009", "GD-0011"),
)
