"""G102: the a = √5 of nn.Linear."""

from sympy import sqrt

from gainderive.ledger import Claim, Compares, Derived, Parts, Said, Source, claimed_by, exact, gain_of
from gainderive.symbols import fan_in

_TORCHS = exact(claimed_by("GD-0018", "v")) * fan_in

CLAIM = Claim(
    says="The a = √5 in nn.Linear is a slope of Leaky ReLU, so the default is He's initialization and suits "
    "rectifiers.",
    who=(Source("a reading of torch.nn.Linear.reset_parameters (PyTorch 2.13)"),),
    check=Parts(
        {
            "√5 gives torch's default": Said(
                Derived("GD-0018"),
                Compares(
                    "n_in Var W for slope √5",
                    lambda: exact(gain_of("leaky_relu", negative_slope=sqrt(5))) ** 2,
                    "=",
                    _TORCHS,
                ),
            ),
            "it suits rectifiers": Said(
                Compares("n_in Var W of torch's default", _TORCHS, "=", exact(gain_of("relu")) ** 2)
            ),
        }
    ),
    correct="As a slope it means nothing: it was chosen so that kaiming_uniform_ returns the older default, the "
    "uniform distribution with the bound 1/√n_in. Its n_in Var W is {torch}, where ReLU needs {relu}.",
    numbers={"torch": (_TORCHS, 4), "relu": exact(gain_of("relu")) ** 2},
    results=("GD-0018", "GD-0005"),
)
