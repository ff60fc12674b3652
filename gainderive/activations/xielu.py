"""An integral of ELU: alpha_p x^2 + beta x to the right of 0, alpha_n (exp(x) - 1 - x) + beta x to the left.

It grows like x^2 to the right, as the squared ReLU does; the slope at 0 is beta from both sides. Both alphas are
learned; the defaults are where they start.
"""

from sympy import Piecewise, Rational, S, exp

from gainderive.activations._activation import Activation, Parameter
from gainderive.symbols import parameter, x

right, left = parameter("alpha_p", positive=True), parameter("alpha_n", positive=True)
beta = parameter("beta")

ACTIVATION = Activation(
    name="xielu",
    title="xIELU",
    expression=Piecewise((left * (exp(x) - 1 - x) + beta * x, x < 0), (right * x**2 + beta * x, True)),
    parameters=(
        Parameter("alpha_p", right, default=Rational(4, 5)),
        Parameter("alpha_n", left, default=Rational(4, 5)),
        Parameter("beta", beta, default=S.Half),
    ),
    source="Huang & Schlag 2024, Deriving activation functions using integration, arXiv:2411.13010; "
    "transformers.activations.XIELUActivation",
)
