"""The tanh form of GELU: x (1 + tanh(sqrt(2/pi) (x + 0.044715 x^3))) / 2.

It differs from x Phi(x) by less than 5e-4, but it is another function, with another gain from the fifth digit on. It
is the one in the code of GPT-2, and the default of jax.nn.gelu and keras.ops.gelu (but not of
keras.activations.gelu).
"""

from sympy import Rational, pi, sqrt, tanh

from gainderive.activations._activation import Activation
from gainderive.symbols import x

ACTIVATION = Activation(
    name="gelu_tanh",
    title="GELU (tanh form)",
    expression=x * (1 + tanh(sqrt(2 / pi) * (x + Rational("0.044715") * x**3))) / 2,
    aliases=("gelu_new", "gelu_pytorch_tanh"),
    elsewhere=("jax.nn.gelu", "keras.ops.gelu"),
    source="torch.nn.functional.gelu (approximate='tanh'); Hendrycks & Gimpel 2016, section 2, arXiv:1606.08415",
)
