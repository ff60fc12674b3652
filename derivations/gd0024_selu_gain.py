"""GD-0024: the gain of SELU."""

from gainderive import derive
from gainderive.catalog import Differs, Result, Settles
from gainderive.derivation import Source

RESULT = Result(
    title="The gain of SELU is exactly 1",
    derive=lambda: derive("selu"),
    settles=Settles("selu"),
    torch=Differs(
        because="3/4 is not self-normalising; the second moment falls to 0.023, where SELU is nearly linear (GD-0014)"
    ),
    commentary=r"""
The second moment of SELU under a standard normal preactivation contains four transcendental numbers, and with the
exact values of $\alpha$ and $\lambda$ (GD-0013) they all cancel: $E\,\phi(z)^2 = 1$, so the gain is 1, not
approximately but exactly. With the constants as torch prints them, cut after 31 digits, the gain is 1 up to about
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
