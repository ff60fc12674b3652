"""C20: gradients of layers of different sizes."""

import numpy as np

from gainderive.ledger import Amended, Claim, Experiment, Said, Source
from gainderive.ledger.entries._networks import GAIN, WIDTH, Array, Rng, by_batches, forward, gradient_norms, weights

_TIMES = 6
_INPUTS = _TIMES * WIDTH
_LAYERS = 3


def _decades(*, per_entry: bool) -> Experiment:
    """Return the experiment of how many decades the first gradient is off the last in a healthy network."""

    def measure(rng: Rng, networks: int) -> Array:
        sizes = [_INPUTS, *[WIDTH] * _LAYERS]
        gains = [1.0, *[GAIN] * (_LAYERS - 1)]
        stack = [weights(rng, networks, o, i, gain) for i, o, gain in zip(sizes, sizes[1:], gains, strict=False)]
        layers = forward(rng.standard_normal((networks, _INPUTS)), stack)
        norms = gradient_norms(layers, rng.standard_normal((networks, WIDTH)))
        if per_entry:
            norms = [norm / np.sqrt(w[0].size) for norm, w in zip(norms, stack, strict=True)]
        return np.log10(norms[0] / norms[-1])

    what = f"log₁₀(‖∇W₁‖/‖∇W_L‖) of a healthy network with {_TIMES} times as many inputs as units"
    how = ", each over the root of its number of entries" if per_entry else ""
    return Experiment(what + how, by_batches(measure), np.log10(0.5), np.log10(2.0), precision=0.1)


CLAIM = Claim(
    says="Compare ‖∇W₁‖ with ‖∇W_L‖: in a healthy network the ratio is about 1.",
    who=(Source("lecture notes: a checklist for saturation"),),
    check=Said(
        _decades(per_entry=False),
        amended=Amended("norms over the root of the number of entries", _decades(per_entry=True)),
    ),
    correct="The norms grow with the sizes of the layers: ‖∇W‖² is ‖δ‖²‖h‖² at one sample, and ‖h‖² is larger where "
    "there are more inputs. Compare root mean squares of the entries, which are alike, within a factor of 2, in a "
    "healthy network.",
    remark=f"Measured on tanh networks of {_LAYERS} layers with {_INPUTS} inputs and {WIDTH} units a layer.",
    results=("GD-0002",),
)
