"""GD-0010: the variance of a ReLU, as against its second moment."""

from gainderive import exact
from gainderive.activations import load
from gainderive.assumptions import Assumption
from gainderive.catalog import Illustration, Result
from gainderive.derivation import Derivation, Step, ending, rewrite
from gainderive.derivation.reasons import Definition
from gainderive.gaussian import GaussMean
from gainderive.symbols import q, x


def derive() -> Derivation:
    """Return the chain from ``E relu^2 - (E relu)^2`` to its closed form, for every q."""
    relu = load("relu")
    given = GaussMean(relu.phi**2, x, q) - GaussMean(relu.phi, x, q) ** 2
    unfolded = rewrite(given, {relu.phi: relu.expression})
    steps = (Step(unfolded, Definition(relu)), *exact.close(unfolded))
    return Derivation(
        title="The variance of ReLU",
        given=given,
        claim=ending(given, steps[-1].becomes),
        steps=steps,
        assumptions=(
            Assumption(
                "the preactivation is centred and Gaussian with second moment q",
                otherwise="Under any law that is symmetric about 0 half of the second moment is left, but the mean, "
                "and with it the 1/π, is the Gaussian's: for x = ±√q with equal chances the variance keeps 1/4.",
            ),
        ),
    )


RESULT = Result(
    title="ReLU keeps (1 - 1/π)/2 of the variance, and 1/2 of the second moment",
    derive=derive,
    figures=(Illustration("gains", "relu"),),
    commentary=r"""
The output of a ReLU has a positive mean, $\sqrt{q/(2\pi)}$, so variance and second moment part ways: of the input's
$q$ the second moment keeps $\tfrac12$, the variance only $\tfrac12(1 - \tfrac1\pi) \approx 0.341$.

What the next layer's preactivation inherits is the *second moment* (GD-0001), so the gain is $\sqrt 2$ and not
$\sqrt{2/(1 - 1/\pi)} \approx 1.713$. The latter is the `centered` gain: the right number where the mean is removed
before the next layer, as with weight standardisation in NFNets.
""",
)
