"""GD-0020: the gradient of the first layer's weights, in matrix form."""

from sympy import Derivative, KroneckerDelta, Sum, tanh

from gainderive.assumptions import Assumption
from gainderive.catalog import Result, Topic
from gainderive.derivation import Derivation, Step, ending
from gainderive.derivation.reasons import Differentiation, KroneckerCollapse
from gainderive.symbols import counter, fan_in, fan_out, indexed, outputs

V, W, b, e, X = indexed("W2"), indexed("W1"), indexed("b"), indexed("delta"), indexed("x")
i, j, k = counter("i"), counter("j"), counter("k")
p, r = counter("p"), counter("r")
n, m, o = fan_in, fan_out, outputs


def derive() -> Derivation:
    """Return the chain rule for one entry of W1, with all indices."""
    preactivation = Sum(W[i, j] * X[j], (j, 1, n)) + b[i]
    output = Sum(V[k, i] * tanh(preactivation), (i, 1, m))
    derivative = Derivative(output, W[p, r])
    given = Sum(e[k] * derivative, (k, 1, o))
    inner = Sum(KroneckerDelta(i, p) * KroneckerDelta(j, r) * X[j], (j, 1, n))
    differentiated = Sum(V[k, i] * (1 - tanh(preactivation) ** 2) * inner, (i, 1, m))
    once = Sum(V[k, i] * (1 - tanh(preactivation) ** 2) * KroneckerDelta(i, p) * X[r], (i, 1, m))
    at_p = (1 - tanh(preactivation.subs(i, p)) ** 2) * X[r]
    steps = (
        Step(Sum(e[k] * differentiated, (k, 1, o)), Differentiation(derivative)),
        Step(Sum(e[k] * once, (k, 1, o)), KroneckerCollapse(inner, within=(r,))),
        Step(Sum(e[k] * at_p * V[k, p], (k, 1, o)), KroneckerCollapse(once, within=(p,))),
    )
    return Derivation(
        title="The gradient of the first layer's weights",
        given=given,
        claim=ending(given, steps[-1].becomes),
        steps=steps,
        assumptions=(
            Assumption(
                "y = W2 h + b2, h = tanh(W1 x + b), and delta = dL/dy for any differentiable loss L",
                otherwise="With another activation its slope φ'(u_p) stands in place of 1 - h_p². A loss that depends "
                "on W1 in another way too, as by weight decay, adds the gradient of that part.",
            ),
            Assumption(
                "p and r are fixed indices within the ranges of i and j",
                otherwise="W1 has no other entries, so there is nothing to differentiate by.",
            ),
        ),
    )


RESULT = Result(
    title="∂L/∂W₁ = ((W₂ᵀ ∂L/∂y) ⊙ (1 - h²)) xᵀ",
    derive=derive,
    topic=Topic.SATURATION,
    commentary=r"""
With all indices written out, entry $(p, r)$ of the gradient is $\sum_k \delta_k\,W^{(2)}_{kp}\,(1 - h_p^2)\,x_r$.
Read as matrices this is the outer product of the vector $(W_2^{\top}\delta) \odot (1 - h^2)$ with $x$: in words,
the error is carried back through the second layer's weights, multiplied unit by unit with the local slope, and each
weight gets its share by its input.

Besides the error itself, three factors, three ways to vanish: small weights above, saturated units ($h \approx \pm
1$), and inputs near 0.
""",
)
