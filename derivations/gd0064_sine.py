"""GD-0064: the second moment behind a sine."""

from sympy import sin

from gainderive import exact
from gainderive.assumptions import Assumption
from gainderive.catalog import Result, Topic
from gainderive.derivation import Derivation, Source, ending
from gainderive.gaussian import GaussMean
from gainderive.symbols import q, x


def derive() -> Derivation:
    """Return the chain from ``E sin^2`` to ``(1 - exp(-2 q))/2``."""
    given = GaussMean(sin(x) ** 2, x, q)
    steps = exact.close(given)
    return Derivation(
        title="Second moment behind a sine",
        given=given,
        claim=ending(given, steps[-1].becomes),
        steps=steps,
        assumptions=(
            Assumption(
                "the preactivation is centred and Gaussian with second moment q > 0",
                otherwise="For a phase that is uniform over whole periods the mean is exactly 1/2. A given bias β "
                "makes it (1 - cos(2β) exp(-2q))/2; a bias that is uniform over a period, 1/2 again.",
            ),
        ),
    )


RESULT = Result(
    title="Behind a sine the second moment is (1 - exp(-2q))/2: it forgets q, and is 1/2 for large q",
    derive=derive,
    topic=Topic.GAINS,
    commentary=r"""
Write $\sin^2 u = \tfrac12(1 - \cos 2u)$ and take the mean of the cosine, which is the normal law's characteristic
function: $E\cos(2\sqrt q\,z) = e^{-2q}$. For small $q$ the sine is the identity, and the mean is about $q$. For large
$q$ the phase goes around many times and is nearly uniform; then the sine of it has the **arcsine law**, whose second
moment is $\tfrac12$, and nothing of $q$ is left but $e^{-2q}$.

That is why sine networks are easy to scale: from $q = 2$ on, what is missing from the half is less than
$\tfrac12 e^{-4}$, below one per cent, whatever the layer before did. The SIREN initialization is built on that half
(GD-0065), and its first layer on reaching it at once (GD-0067).
""",
    sources=(
        Source(
            "V. Sitzmann et al.: Implicit neural representations with periodic activation functions, NeurIPS 2020",
            "https://arxiv.org/abs/2006.09661",
        ),
    ),
)
