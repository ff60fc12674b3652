"""GD-0031: the gain of GELU."""

from gainderive import derive
from gainderive.catalog import Absent, Illustration, Result, Settles
from gainderive.derivation import Source

RESULT = Result(
    title="The gain of GELU is 1/√(1/3 + √3/(6π))",
    derive=lambda: derive("gelu"),
    settles=Settles("gelu"),
    torch=Absent(),
    figures=(Illustration("slope", "gelu"),),
    commentary=r"""
GELU is $x\,\Phi(x)$: the identity weighted with the probability that a standard normal variable stays below $x$. Its
square has three parts. The one without error function gives a quarter of the identity's second moment. The one with a
single error function is odd and adds nothing. The last one, $x^2 \operatorname{erf}(x/\sqrt2)^2/4$, gives up its
power of $x$ by Stein's lemma, and what is left is the arcsine of GD-0030, here $\arcsin\tfrac12 = \pi/6$, which is
why the gain has such a short form.

It is larger than ReLU's $\sqrt2$: around 0, where most preactivations lie, GELU passes less of the signal than ReLU
does. `torch.nn.init.calculate_gain` has no entry for GELU, and networks with GELU are often initialised with ReLU's
gain or with 1; with either the second moment falls from layer to layer.

The value belongs to the exact GELU. The approximation by tanh is a function of its own, with a gain of its own that
is close to this one.
""",
    sources=(
        Source("D. Hendrycks, K. Gimpel: Gaussian error linear units, 2016", "https://arxiv.org/abs/1606.08415"),
        Source(
            "R. Tsuchida, T. Pearce, C. van der Heide, F. Roosta, M. Gallagher: Avoiding kernel fixed points: "
            "computing with ELU and GELU infinite networks, AAAI 2021",
            "https://arxiv.org/abs/2002.08517",
        ),
    ),
)
