"""D22: which fan belongs to which distribution."""

from sympy import integrate, sqrt

from gainderive.ledger import Claim, Derived, Identity, Parts, Refuted, Said, Source, claimed_by, exact
from gainderive.symbols import bound, fan_in, fan_out, g, x

_XAVIER = g**2 * exact(claimed_by("GD-0016", "v"))
_UNIFORM = integrate(x**2, (x, -bound, bound)) / (2 * bound)
"""The variance of the uniform distribution between ±b."""
_TORCHS_BOUND = g * sqrt(6 / (fan_in + fan_out))
"""Of ``xavier_uniform_``."""
_SUM = g**2 / (fan_in + fan_out)

CLAIM = Claim(
    says="Var W = gain²/n_in, or gain²/(n_in + n_out), depending on whether Xavier is uniform or normal.",
    who=(Source("lecture notes on PyTorch's table of gains"),),
    check=Parts(
        {
            "Xavier has gain²/(n_in + n_out)": Said(Derived("GD-0016"), Identity(_XAVIER, _SUM, "Var W of Xavier")),
            "the uniform version has another variance than the normal one": Said(
                Refuted(Identity(_UNIFORM.subs(bound, _TORCHS_BOUND), _XAVIER, "Var W of the uniform version"))
            ),
        }
    ),
    correct="The distribution has nothing to do with the fan. He: Var W = gain²/n_in. Xavier: Var W = 2 gain²/(n_in + "
    "n_out). Each comes in a normal and in a uniform version of the same variance; the uniform bound is √3 times the "
    "deviation.",
    results=("GD-0016", "GD-0015", "GD-0017"),
)
