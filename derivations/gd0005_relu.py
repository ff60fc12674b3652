"""GD-0005: the gain of ReLU."""

from gainderive import derive
from gainderive.catalog import Agrees, Result, Settles
from gainderive.derivation import Source

RESULT = Result(
    title="The gain of ReLU is √2",
    derive=lambda: derive("relu"),
    settles=Settles("relu"),
    torch=Agrees(),
    commentary=r"""
$\mathrm{relu}(z)^2$ equals $z^2$ on the right half line and 0 on the left. The density is symmetric, so exactly
half of $E z^2 = 1$ is left, and $g^2 = 2$ restores it.

Half of the *second moment* is left, not half of the variance: the variance of $\mathrm{relu}(z)$ is $\tfrac12 -
\tfrac1{2\pi} \approx 0.341$ (GD-0010). "Half of the units are off, so the variance is halved" gives the right
factor for the wrong reason. Because ReLU is positively homogeneous the same gain serves every preactivation scale
$q$, and since $E\,\mathrm{relu}'(z)^2 = \tfrac12$ too, it also keeps the gradient's second moment between layers of
equal width.
""",
    sources=(
        Source(
            "K. He, X. Zhang, S. Ren, J. Sun: Delving deep into rectifiers, ICCV 2015, eq. (10)",
            "https://arxiv.org/abs/1502.01852",
        ),
    ),
)
