"""The parametric exponential linear unit: (a/b) x to the right of 0, a (exp(x/b) - 1) to the left.

Both parameters are learned and stay positive. Both slopes at 0 are a/b, so there is no kink; at a = b = 1 it is ELU.
"""

from sympy import Piecewise, S, exp

from gainderive.activations._activation import Activation, Parameter
from gainderive.symbols import parameter, x

a, b = parameter("a", positive=True), parameter("b", positive=True)

ACTIVATION = Activation(
    name="pelu",
    title="PELU",
    expression=Piecewise((a * (exp(x / b) - 1), x < 0), (a * x / b, True)),
    parameters=(Parameter("a", a, default=S.One), Parameter("b", b, default=S.One)),
    source="Trottier, Giguère & Chaib-draa 2017, arXiv:1605.09332",
)
