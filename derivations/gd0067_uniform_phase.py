"""GD-0067: the sine of a uniform phase, and why omega is 30."""

import numpy as np
from sympy import Integral, Rational, sin

from gainderive.assumptions import Assumption
from gainderive.catalog import Experiment, Result, Topic
from gainderive.derivation import Derivation, Source, Step, ending
from gainderive.derivation.reasons import FundamentalTheorem
from gainderive.symbols import parameter, x

omega = parameter("omega", positive=True)


def derive() -> Derivation:
    """Return the chain from the integral over the inputs to ``1/2 - sin(2 omega)/(4 omega)``."""
    given = Integral(sin(omega * x) ** 2 / 2, (x, -1, 1))
    value = Rational(1, 2) - sin(2 * omega) / (4 * omega)
    step = Step(value, FundamentalTheorem(given, antiderivative=x / 4 - sin(2 * omega * x) / (8 * omega)))
    return Derivation(
        title="Second moment of the sine of a uniform phase",
        given=given,
        claim=ending(given, value),
        steps=(step,),
        assumptions=(
            Assumption(
                "the phase is ω x with x uniform on (-1, 1), as for a coordinate of an image",
                otherwise="With several coordinates and random weights the phase is a sum, nearer to a normal law, and "
                "GD-0064 is the better description; both tend to 1/2.",
            ),
        ),
    )


def _draw(generator: np.random.Generator, size: int) -> np.ndarray:
    return np.asarray(np.sin(3 * generator.uniform(-1, 1, size)) ** 2)


RESULT = Result(
    title="The sine of a phase that is uniform on (-ω, ω) has second moment 1/2 up to 1/(4ω)",
    derive=derive,
    topic=Topic.INITIALIZERS,
    commentary=r"""
A coordinate network reads $x \in (-1, 1)$. With $\omega = 1$ its first sine is nearly linear on that interval, and
its second moment is $\tfrac12 - \tfrac14\sin 2$, little more than a quarter. The term $\sin(2\omega)/(4\omega)$ is
what the unfinished period costs: at most $1/(4\omega)$. At $\omega = 30$ it is below one per cent of unity, and the
first layer's output has the arcsine law for all practical purposes, which is what the bound $\sqrt{6/n}$ of the
layers behind it presumes (GD-0065).

So 30 is not a magical number: for the *scale*, 10 would do, and 100 as well. What $\omega$ really chooses is the
highest frequency that the network can represent at the start, and 30 was found to suit images on $(-1, 1)$.
""",
    experiment=Experiment(
        what="squared sines of a phase that is uniform on (-3, 3)",
        draw=_draw,
        expected=0.5 - float(np.sin(6)) / 12,
    ),
    sources=(
        Source(
            "V. Sitzmann et al.: Implicit neural representations with periodic activation functions, NeurIPS 2020",
            "https://arxiv.org/abs/2006.09661",
        ),
    ),
)
