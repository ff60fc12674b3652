"""GD-0006: the gain of Leaky ReLU, for any slope."""

from gainderive import derive
from gainderive.catalog import Agrees, Result, Settles
from gainderive.derivation import Source

RESULT = Result(
    title="The gain of Leaky ReLU with slope a is √(2 / (1 + a²))",
    derive=lambda: derive("leaky_relu"),
    settles=Settles("leaky_relu"),
    torch=Agrees(),
    commentary=r"""
The right half line contributes $\tfrac12$ as for ReLU, the left one $\tfrac12 a^2$. The slope stays symbolic: the
derivation holds for every real $a$, so it covers PReLU at any value of its parameter, the identity ($a = 1$, gain
1), the absolute value ($a = -1$, gain 1) and ReLU ($a = 0$, gain $\sqrt 2$).

The lecture formula "$\mathrm{Var}(y) = \frac{1 + a^2}{2}\,\mathrm{Var}(x)$" is about second moments: for a centred
Gaussian $x$ the variance of the output is smaller by the squared mean, $\frac{(1 - a)^2}{2\pi}\,\mathrm{Var}(x)$.
""",
    sources=(
        Source(
            "K. He, X. Zhang, S. Ren, J. Sun: Delving deep into rectifiers, ICCV 2015, section 2.2 (the case of PReLU)",
            "https://arxiv.org/abs/1502.01852",
        ),
    ),
)
