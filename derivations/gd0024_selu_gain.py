"""GD-0024: the gain of SELU."""

from sympy import Rational

from gainderive import derive
from gainderive.catalog import Differs, Result, Settles, Topic
from gainderive.derivation import Source

RESULT = Result(
    title="The gain of SELU is exactly 1",
    derive=lambda: derive("selu"),
    settles=Settles("selu"),
    torch=Differs(
        value=Rational(3, 4),
        because="3/4 is not self-normalising: the preactivation's second moment falls to a fixed point far below 1, "
        "where SELU acts like a Leaky ReLU (GD-0014)",
    ),
    topic=Topic.SELU,
    commentary=r"""
The second moment of SELU under a standard normal preactivation contains $\alpha$, $\lambda$ and two values of erfc,
and with the exact constants (GD-0013) they all cancel: $E\,\phi(z)^2 = 1$, so the gain is 1, not approximately but
exactly. With the constants as torch prints them, rounded to 31 decimals, the gain differs from 1 by less than
$10^{-31}$.

The three quarters in torch's table are a compromise for another purpose; torch's own documentation advises
`nonlinearity='linear'`, that is gain 1, for self-normalising networks. The gradient's factor at gain 1 is $\chi_1 =
\lambda^2(\alpha^2 e^2 \mathrm{erfc}(\sqrt 2) + 1)/2$, a little above 1.
""",
    sources=(
        Source(
            "G. Klambauer, T. Unterthiner, A. Mayr, S. Hochreiter: Self-normalizing neural networks, NeurIPS 2017",
            "https://arxiv.org/abs/1706.02515",
        ),
        Source("torch.nn.init.calculate_gain, documentation (torch 2.13.0)"),
    ),
)
