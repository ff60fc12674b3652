"""The Gaussian error linear unit x Phi(x), with the exact normal distribution function Phi.

It is the mean of x times a random 0 or 1 that is 1 with probability Phi(x). approximate="tanh" chooses the tanh form,
which torch and Keras have under the same keyword, and which jax.nn.gelu and keras.ops.gelu mean unless told
otherwise.
"""

from sympy import erf, sqrt

from gainderive.activations._activation import Activation, Choice
from gainderive.activations.gelu_tanh import ACTIVATION as TANH_FORM
from gainderive.symbols import x

ACTIVATION = Activation(
    name="gelu",
    title="GELU",
    expression=x * (1 + erf(x / sqrt(2))) / 2,
    choices=(Choice("approximate", {"none": None, "tanh": TANH_FORM, False: None, True: TANH_FORM}),),
    elsewhere=("torch.nn.GELU", "torch.nn.functional.gelu", "keras.activations.gelu"),
    source="torch.nn.functional.gelu (approximate='none'); Hendrycks & Gimpel 2016, arXiv:1606.08415",
)
