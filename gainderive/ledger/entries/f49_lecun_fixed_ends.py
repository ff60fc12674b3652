"""F49: LeCun's 1.7159."""

from sympy import Rational, tanh

from gainderive.ledger import Claim, Printed, Source

CLAIM = Claim(
    says="With f(x) = 1.7159 tanh(2x/3), f(1) = 1 and f(-1) = -1.",
    who=(
        Source("Y. LeCun, L. Bottou, G. Orr, K.-R. Müller: Efficient BackProp, 1998, section 4.4"),
        Source("Y. LeCun: Generalization and network design strategies, 1989"),
    ),
    check=Printed("1.7159", 1 / tanh(Rational(2, 3)), "1/tanh(2/3)"),
    remark="The 2/3 is chosen, and 1.7159 follows.",
    results=("GD-0011",),
)
