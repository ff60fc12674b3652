"""B12: standardised inputs."""

from gainderive.ledger import Claim, Derived, Identity, Said, Source
from gainderive.symbols import fan_in, parameter, weight_variance

_MEAN, _DEVIATION = parameter("mu"), parameter("sigma", positive=True)
_SECOND_MOMENT = fan_in * weight_variance * (_MEAN**2 + _DEVIATION**2)

CLAIM = Claim(
    says="Standardise each input dimension to mean 0 and variance 1: then the weights alone set the scale of the "
    "first u.",
    who=(Source("lecture notes: remedies against saturation"),),
    check=Said(
        Derived("GD-0001"),
        Identity(
            _SECOND_MOMENT.subs({_MEAN: 0, _DEVIATION: 1}), fan_in * weight_variance, "E u² behind standardised inputs"
        ),
    ),
    remark="Without it E u² = n_in Var W (μ² + σ²): the mean counts as much as the deviation. Second moment 1 would "
    "be enough; mean 0 besides keeps u from being alike at all samples.",
    results=("GD-0001",),
)
