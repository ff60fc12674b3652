"""GD-0021: tanh cannot have unit activation second moment."""

from gainderive.activations import load
from gainderive.catalog import Illustration, Result, Topic
from gainderive.facade import unreachable

RESULT = Result(
    title="No gain gives tanh unit activation second moment",
    derive=lambda: unreachable(load("tanh")),
    topic=Topic.SATURATION,
    figures=(Illustration("gains", "tanh"),),
    commentary=r"""
The `activation` criterion asks for $E\,\phi(g z)^2 = 1$. Since $\tanh^2 < 1$ everywhere, the mean stays below 1 for
every $g$; it only approaches 1 as $g \to \infty$, when every unit is saturated. A numerical search can at best
return the end of its interval.
""",
)
