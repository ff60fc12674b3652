"""GD-0060: the gradient's growth per layer with batch normalisation."""

from sympy import pi

from gainderive import exact
from gainderive.activations import load
from gainderive.assumptions import Assumption
from gainderive.catalog import Result, Topic
from gainderive.derivation import Derivation, Source, Step, ending, rewrite
from gainderive.derivation.reasons import Arithmetic, Definition
from gainderive.gaussian import GaussMean
from gainderive.pieces import derivative
from gainderive.symbols import parameter, x

a = parameter("a")


def derive() -> Derivation:
    """Return the chain from ``D / V`` to pi / (pi - 1) for a = 0."""
    leaky = load("leaky_relu")
    slope = derivative(leaky.expression)
    mean = GaussMean(leaky.phi, x, 1)
    given = GaussMean(leaky.phi_prime**2, x, 1) / (GaussMean(leaky.phi**2, x, 1) - mean**2)
    unfolded = rewrite(given, {leaky.phi: leaky.expression, leaky.phi_prime: slope})
    final = pi * (1 + a**2) / (pi * (1 + a**2) - (1 - a) ** 2)
    closing = exact.close(unfolded)
    tidied = () if closing[-1].becomes == final else (Step(final, Arithmetic()),)
    return Derivation(
        title="Growth of the gradient with batch normalisation",
        given=given,
        claim=ending(given, final),
        steps=(Step(unfolded, Definition(leaky, slope)), *closing, *tidied),
        assumptions=(
            Assumption(
                "a layer is h → φ(norm(W h)), linear, batch normalisation, activation; the batch and the layers are "
                "large",
                otherwise="A batch of B samples divides by a variance that is itself random and takes two directions "
                "out of the gradient: relative corrections of the order 1/B. In an evaluating network the statistics "
                "are constants, and only the first of the two effects described is left.",
            ),
            Assumption(
                "behind the normalisation different samples are uncorrelated standard normal, which is where such a "
                "network drives them",
                otherwise="In the first layers samples are as correlated as the data; the variance over the batch is "
                "then smaller than E φ² - (E φ)², and the factor is larger.",
            ),
            Assumption(
                "gradients that arrive are independent of the signal, as in GD-0002; widths are equal",
                otherwise="With unequal widths the factor is multiplied by fan_out/fan_in, which telescopes.",
            ),
        ),
    )


RESULT = Result(
    title="With batch normalisation and ReLU the gradient's second moment grows by π/(π - 1) per layer, at any gain",
    derive=derive,
    topic=Topic.REMEDIES,
    commentary=r"""
At $a = 0$ the number is $\pi/(\pi - 1)$, about 1.467. Where does it come from? Backwards, a layer multiplies the
gradient's second moment by $n\,\mathrm{Var}\,W \cdot E\varphi'^2$. But the normalisation has divided the signal by
its standard deviation over the batch, and the gradient is divided by the same number. That variance is
$n\,\mathrm{Var}\,W\,(E\varphi^2 - (E\varphi)^2)$: here it is really the *variance* that counts, because the batch's
mean has been taken off. The weights' variance cancels, and the quotient
$E\varphi'^2/(E\varphi^2 - (E\varphi)^2)$ is left.

So with batch normalisation **the gain does not matter**, neither for good nor for bad, and the gradient still explodes:
$1.467^{50}$ is more than $10^8$. The numerator is never smaller than the denominator (Poincaré's inequality for the
normal law), with equality for linear functions only: $a = 1$ gives 1, and no activation that does anything gives less.

The cure is not another gain but another path: with skips (GD-0055) the factor belongs to the branches alone.
""",
    sources=(
        Source(
            "G. Yang, J. Pennington, V. Rao, J. Sohl-Dickstein, S. S. Schoenholz: A mean field theory of batch "
            "normalization, ICLR 2019",
            "https://arxiv.org/abs/1902.08129",
        ),
    ),
)
