"""The sinu-sigmoidal linear unit (x + a sin(b x)) / (1 + exp(-x)).

SiLU with a sine added inside; a and b are learned and start at 1.
"""

from sympy import S, exp, sin

from gainderive.activations._activation import Activation, Parameter
from gainderive.symbols import parameter, x

a, b = parameter("a"), parameter("b")

ACTIVATION = Activation(
    name="sinlu",
    title="SinLU",
    expression=(x + a * sin(b * x)) / (1 + exp(-x)),
    parameters=(Parameter("a", a, default=S.One), Parameter("b", b, default=S.One)),
    source="Paul, Bandyopadhyay, Yoon, Geem & Sarkar 2022, SinLU: sinu-sigmoidal linear unit, Mathematics 10(3)",
)
