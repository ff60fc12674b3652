"""ELU moved up by 1: exp(x) to the left of 0, x + 1 to the right.

It is positive, so it serves as the feature map of linear attention, where a softmax is replaced by a product of
features.
"""

from sympy import Piecewise, exp

from gainderive.activations._activation import Activation
from gainderive.symbols import x

ACTIVATION = Activation(
    name="elu_plus_one",
    title="ELU + 1",
    expression=Piecewise((exp(x), x < 0), (x + 1, True)),
    source="Katharopoulos et al. 2020, Transformers are RNNs, eq. 7, arXiv:2006.16236",
)
