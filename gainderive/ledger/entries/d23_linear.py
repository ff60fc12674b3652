"""D23: why linear layers have gain 1."""

from gainderive.ledger import Amended, Claim, Derived, Identity, Parts, Recommended, Said, Source
from gainderive.symbols import fan_in, second_moment, weight_variance

_BEHIND = fan_in * weight_variance * second_moment

CLAIM = Claim(
    says="Linear, identity and convolution have gain 1, because linear maps do not change the variance.",
    who=(Source("explanations of PyTorch's table of gains"),),
    check=Parts(
        {
            "gain 1": Recommended(1, "linear"),
            "the same for a convolution": Said(Derived("GD-0007")),
            "linear maps do not change the variance": Said(
                Derived("GD-0001"),
                Identity(_BEHIND, second_moment, "second moment behind a linear layer"),
                amended=Amended(
                    "the second moment, at Var W = 1/n_in",
                    Derived("GD-0001"),
                    Identity(
                        _BEHIND.subs(weight_variance, 1 / fan_in), second_moment, "second moment behind a linear layer"
                    ),
                ),
            ),
        }
    ),
    correct="A linear layer multiplies the second moment by n_in Var W, which is 1 at Var W = 1/n_in only. Its gain "
    "is 1 because without an activation nothing is lost that would have to be made up for.",
    results=("GD-0001", "GD-0004", "GD-0007"),
)
