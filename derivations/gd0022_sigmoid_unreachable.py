"""GD-0022: the sigmoid cannot have unit activation second moment."""

from gainderive.activations import load
from gainderive.catalog import Illustration, Result, Topic
from gainderive.facade import unreachable

RESULT = Result(
    title="No gain gives the sigmoid unit activation second moment",
    derive=lambda: unreachable(load("sigmoid")),
    topic=Topic.SATURATION,
    figures=(Illustration("gains", "sigmoid"),),
    commentary=r"""
The `activation` criterion asks for $E\,\phi(g z)^2 = 1$. Since $\sigma(x)^2 < 1$ everywhere, the mean stays below 1
for every $g$; as $g \to \infty$ it only approaches $\tfrac12$, because half of the units go to 0. A numerical
search can at best return the end of its interval.
""",
)
