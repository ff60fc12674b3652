"""G109: the standard deviation of a uniform distribution."""

from sympy import integrate

from gainderive.ledger import Claim, Derived, Identity, Said, Source
from gainderive.symbols import bound, x

_VARIANCE = integrate(x**2, (x, -bound, bound)) / (2 * bound)

CLAIM = Claim(
    says="Uniform weights between -σ and σ have the standard deviation σ.",
    who=(Source("a frequent slip in code"),),
    check=Said(Derived("GD-0017"), Identity(_VARIANCE, bound**2, "variance of a uniform distribution between ±b")),
    correct="The variance of the uniform distribution between ±b is b²/3: for the standard deviation σ the bound is "
    "√3 σ.",
    results=("GD-0017",),
)
