"""F41: SELU's constants to 31 decimals."""

from gainderive.activations import load
from gainderive.ledger import Claim, Printed, PrintedTable, Source

SELU = load("selu")
ALPHA, SCALE = (constant.value for constant in SELU.constants)

CLAIM = Claim(
    says="SELU has α = 1.6732632423543772848170429916717 and scale = 1.0507009873554804934193349852946.",
    who=(
        Source("PyTorch 2.13, torch.nn.SELU", "https://docs.pytorch.org/docs/stable/generated/torch.nn.SELU.html"),
        Source("JAX 0.10.2, jax.nn.selu", "https://docs.jax.dev/en/latest/_autosummary/jax.nn.selu.html"),
        Source("Keras 3.15.1, keras/src/backend/numpy/nn.py"),
    ),
    check=PrintedTable(
        {
            "α": Printed("1.6732632423543772848170429916717", ALPHA),
            "scale": Printed("1.0507009873554804934193349852946", SCALE),
        }
    ),
    remark="Both have closed forms; they are the one solution of mean 0 and second moment 1.",
    results=("GD-0013",),
)
