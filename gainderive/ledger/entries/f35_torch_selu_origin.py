"""F35: the experiment from which SELU's 3/4 comes."""

from gainderive.enclosure import Enclosure
from gainderive.ledger import Amended, Claim, Compares, Said, Source, claimed_by
from gainderive.ledger._intervals import evaluated
from gainderive.symbols import chi_1

LAYERS = 100
_CHI = claimed_by("GD-0014", "chi_1")


def _over_all_layers() -> Enclosure:
    return evaluated(chi_1**LAYERS, {chi_1: _CHI})


CLAIM = Claim(
    says="The gain 0.75 keeps SELU's gradient stable in a network of 100 layers.",
    who=(
        Source("PyTorch pull request 50664, the origin of 3/4", "https://github.com/pytorch/pytorch/pull/50664"),
        Source("PyTorch issue 24991", "https://github.com/pytorch/pytorch/issues/24991"),
    ),
    check=Said(
        Compares("gradient's factor χ₁ at the fixed point of gain 3/4", _CHI, "=", 1),
        amended=Amended(
            "within a factor of 2 over the 100 layers",
            Compares("χ₁ to the power 100", _over_all_layers, "<", 2),
            Compares("χ₁ to the power 100", _over_all_layers, ">", 1),
        ),
    ),
    correct="At the fixed point of gain 3/4 the gradient's second moment grows by {chi} a layer, so by {total} over "
    "100 layers: slowly, and without end. It is the signal that pays: its standard deviation falls to {deviation}.",
    remark="The pull request prints standard deviations between 0.19 and 0.21 beyond the 50th layer, as predicted.",
    numbers={
        "chi": (_CHI, 8),
        "total": (_over_all_layers, 4),
        "deviation": (claimed_by("GD-0014", "sigma_h"), 6),
    },
    results=("GD-0014",),
)
