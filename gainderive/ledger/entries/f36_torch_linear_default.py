"""F36: PyTorch's default for linear layers."""

from sympy import sqrt

from gainderive.ledger import Claim, Derived, Identity, Said, Source
from gainderive.symbols import fan_in

CLAIM = Claim(
    says="nn.Linear draws its weights uniformly from ±1/√in_features; calling kaiming_uniform_ with a = √5 is the "
    "same.",
    who=(
        Source(
            "PyTorch 2.13, documentation and source of torch.nn.Linear", "https://docs.pytorch.org/docs/stable/nn.html"
        ),
        Source("PyTorch issue 57109", "https://github.com/pytorch/pytorch/issues/57109"),
    ),
    check=Said(
        Identity(sqrt(3) * sqrt(2 / (1 + sqrt(5) ** 2)) / sqrt(fan_in), 1 / sqrt(fan_in), "bound √3·gain/√n at a = √5"),
        Derived("GD-0018"),
    ),
    remark="So the variance is 1/(3·in_features): a third of what keeps the second moment of a linear layer, and a "
    "sixth of what ReLU needs. As the slope of a Leaky ReLU the √5 means nothing.",
    results=("GD-0018", "GD-0006", "GD-0017"),
)
