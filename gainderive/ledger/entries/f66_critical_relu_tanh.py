"""F66: criticality of ReLU and tanh."""

from sympy import sqrt

from gainderive.ledger import Claim, Parts, Recommended, Source

CLAIM = Claim(
    says="Critical are C_b = 0 and C_W = 2 for ReLU, and C_b = 0 and C_W = 1 for tanh.",
    who=(
        Source(
            "D. A. Roberts, S. Yaida, B. Hanin: The principles of deep learning theory, 2022, chapter 5",
            "https://arxiv.org/abs/2106.10165",
        ),
    ),
    check=Parts(
        {
            "ReLU, the signal": Recommended(sqrt(2), "relu"),
            "ReLU, the gradient": Recommended(sqrt(2), "relu", "backward"),
            "tanh at 0": Recommended(1, "tanh", "linearized"),
        }
    ),
    remark="C_W is σ_w², a squared gain. ReLU is critical at every second moment; tanh only in the limit of a second "
    "moment of 0, to which its signal falls, but slowly.",
    results=("GD-0005", "GD-0015", "GD-0023"),
)
