"""F52: Kumar's 3.6 for the sigmoid."""

from gainderive.ledger import Claim, Recommended, Source, gain_of

CLAIM = Claim(
    says="For the sigmoid initialise with standard deviation 3.6/√N.",
    who=(
        Source(
            "S. K. Kumar: On weight initialization in deep neural networks, 2017", "https://arxiv.org/abs/1704.08863"
        ),
    ),
    check=Recommended("3.6", "sigmoid", "linearized"),
    remark="Exactly {exact} = 8/√5: the number for which the tangent at 0 keeps the second moment. The sigmoid itself "
    "keeps it at {forward}, far below.",
    numbers={
        "exact": (gain_of("sigmoid", "linearized"), 8),
        "forward": (gain_of("sigmoid"), 8),
    },
    results=("GD-0012", "GD-0022"),
)
