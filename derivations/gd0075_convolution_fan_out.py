"""GD-0075: how many outputs an input of a convolution meets."""

from sympy import Tuple

from gainderive.assumptions import Assumption
from gainderive.catalog import Result, Topic
from gainderive.derivation import Derivation, Source, Step, equation
from gainderive.derivation.reasons import Solving, Substitution
from gainderive.symbols import fan_out, kernel_size, parameter

C_in, C_out = (parameter(name, integer=True, positive=True) for name in ("C_in", "C_out"))
P_in, P_out = (parameter(name, integer=True, positive=True) for name in ("P_in", "P_out"))
groups, stride = (parameter(name, integer=True, positive=True) for name in ("G", "S"))
K = kernel_size


def derive() -> Derivation:
    """Return the chain from counting all pairs in two ways to ``C_out K / (G S)``."""
    positions = equation(P_in, stride * P_out)
    pairs = equation(fan_out * C_in * P_in, C_in / groups * K * C_out * P_out)
    put_in = equation(fan_out * C_in * (stride * P_out), pairs.rhs)
    solved = equation(fan_out, C_out * K / (groups * stride))
    return Derivation(
        title="The fan_out of a convolution",
        given=Tuple(positions, pairs),
        claim=Tuple(positions, solved),
        steps=(
            Step(Tuple(positions, put_in), Substitution(P_in)),
            Step(Tuple(positions, solved), Solving(fan_out)),
        ),
        assumptions=(
            Assumption(
                "pairs of an input and an output that a weight connects are counted: each of C_out P_out outputs reads "
                "C_in K / G inputs, and n_out is the mean number of outputs that one of the C_in P_in inputs feeds",
                otherwise="For a single input the number differs from the mean: with stride 2 and a 3 × 3 kernel an "
                "input feeds 1, 2 or 4 positions. Their mean is what the gradient's mean square is about.",
            ),
            Assumption(
                "there are S times as many input as output positions, S the product of the strides, and no padding is "
                "read (or it is circular)",
                otherwise="Taps that fall on zeros are missing from both counts (GD-0076). Of a transposed convolution "
                "the roles of the two sides are exchanged: its n_in is C_in K / (G S), its n_out C_out K / G.",
            ),
        ),
    )


RESULT = Result(
    title="An input of a convolution feeds C_out K / (groups · stride) outputs on average; torch's fan_out forgets "
    "both",
    derive=derive,
    topic=Topic.FOUNDATIONS,
    commentary=r"""
GD-0002 multiplies the gradient's second moment by the number of outputs that an input feeds. For a convolution one
can count it without looking at the kernel's geometry: count the pairs of connected inputs and outputs once from each
side. Each output reads $C_{\mathrm{in}} K/G$ inputs, so there are that many times $C_{\mathrm{out}} P_{\mathrm{out}}$
pairs; divide by the number of inputs. Dilation moves taps apart and changes no count.

torch's `_calculate_fan_in_and_fan_out` says `weight.size(0) * K`, that is $C_{\mathrm{out}} K$. With groups and
stride 1 it is $G$ times too large, and `kaiming_normal_(mode="fan_out")` makes the weights too *small* by $\sqrt G$.
In a depthwise convolution, $G = C_{\mathrm{out}}$, the gradient then loses all but $1/G$ of its second moment in one
layer. With stride 2 in two dimensions the factor is 4. What torch calls fan_in is right in these cases (GD-0007).

When which? Fan_in keeps the signal, fan_out the gradient, and over a network the two differ by the ratio of its first
and last widths (GD-0015); what does not cancel is exactly what is forgotten here.
""",
    sources=(
        Source("torch.nn.init._calculate_fan_in_and_fan_out, source (torch 2.13.0)"),
        Source(
            "K. He, X. Zhang, S. Ren, J. Sun: Delving deep into rectifiers, ICCV 2015, section 2.2 (backward case)",
            "https://arxiv.org/abs/1502.01852",
        ),
    ),
)
