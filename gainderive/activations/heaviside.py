"""The step from 0 to 1: the first artificial neuron.

Its derivative is 0 wherever it exists, so no gradient passes and there is no backward gain.
"""

from sympy import Piecewise, S

from gainderive.activations._activation import Activation
from gainderive.symbols import x

ACTIVATION = Activation(
    name="heaviside",
    title="Heaviside step",
    expression=Piecewise((0, x < 0), (S.One, True)),
    aliases=("step", "binary_step"),
    source="McCulloch & Pitts 1943, A logical calculus of the ideas immanent in nervous activity",
)
