"""The randomized leaky ReLU while training: the slope to the left of 0 is drawn anew for every element."""

from sympy import Piecewise, Rational

from gainderive.activations import Parameter
from gainderive.assumptions import Assumption
from gainderive.symbols import parameter, x
from gainderive.units._unit import Requirement, Uniform, Unit

a, lower, upper = parameter("a"), parameter("l"), parameter("u")

UNIT = Unit(
    name="rrelu",
    title="RReLU",
    outputs=(Piecewise((a * x, x < 0), (x, True)),),
    random=Uniform(a, lower, upper),
    parameters=(
        Parameter("lower", lower, default=Rational(1, 8)),
        Parameter("upper", upper, default=Rational(1, 3)),
    ),
    requires=(
        Requirement(
            lower < upper,
            "lower must be below upper; with one fixed slope the unit is leaky_relu with that negative_slope.",
        ),
    ),
    elsewhere=("torch.nn.RReLU",),
    source="torch.nn.functional.rrelu (training=True); Xu, Wang, Chen & Li 2015, section 2.4",
    remark=Assumption(
        "This is the gain while training. torch evaluates with the fixed slope (lower + upper)/2, which is "
        "leaky_relu with that negative_slope and has another gain.",
        otherwise="At the fixed slope the gain is that of GD-0006, which is larger: the variance of the slope is "
        "missing.",
    ),
)
