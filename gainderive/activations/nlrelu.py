"""The natural-logarithm rectified linear unit log(1 + beta max(x, 0)).

The logarithm narrows the spread of large activations between layers.
"""

from sympy import Piecewise, S, log

from gainderive.activations._activation import Activation, Parameter
from gainderive.symbols import parameter, x

beta = parameter("beta", positive=True)

ACTIVATION = Activation(
    name="nlrelu",
    title="NLReLU",
    expression=Piecewise((0, x < 0), (log(1 + beta * x), True)),
    parameters=(Parameter("beta", beta, default=S.One),),
    source="Liu, Zhang, Liang & Ji 2019, Natural-logarithm-rectified activation function, arXiv:1908.03682",
)
