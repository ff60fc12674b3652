"""B16: large steps, and schedules."""

import numpy as np
from sympy import Integer, Rational, cos, pi

from gainderive.ledger import Amended, Claim, Compares, Experiment, Parts, Said, Source
from gainderive.ledger.entries._networks import WIDTH, Array, Rng, by_batches, share_beyond, weights

_STEPS = Integer(100)
"""Length of the schedules, in steps; any other says the same."""


def _share_beyond_3(rate: float, low: float, high: float) -> Experiment:
    """Return the experiment of one step of gradient descent that brings a tanh layer's outputs nearer to a target."""

    def measure(rng: Rng, networks: int) -> Array:
        inputs, target = rng.standard_normal((networks, WIDTH)), 2 * rng.standard_normal((networks, WIDTH))
        matrix = weights(rng, networks, WIDTH, WIDTH, 1.0)
        u = np.einsum("nij,nj->ni", matrix, inputs)
        h = np.tanh(u)
        delta = (h - target) * (1 - h**2)
        after = matrix - rate * delta[:, :, None] * inputs[:, None, :]
        moved = np.einsum("nij,nj->ni", after, rng.standard_normal((networks, WIDTH)))
        return share_beyond(3, moved)

    what = f"share of |u| > 3 at a new sample after one step with rate {rate:g}"
    return Experiment(what, by_batches(measure), low, high, precision=0.02)


_FIRST_OF_WARM_UP = 1 / _STEPS
_FIRST_OF_COSINE = (1 + cos(pi * 0 / _STEPS)) / 2

CLAIM = Claim(
    says="A large learning rate quickly makes the weights large, hence saturates; warm-up and cosine schedules help.",
    who=(Source("lecture notes: remedies against saturation"),),
    check=Parts(
        {
            "a large rate saturates": Said(_share_beyond_3(1.0, 0.2, 1.0), _share_beyond_3(0.01, 0.0, 0.02)),
            "warm-up helps": Said(
                Compares("first step's share of the full rate", _FIRST_OF_WARM_UP, "<", Rational(1, 10))
            ),
            "cosine schedules help": Said(
                Compares("first step's share of the full rate", _FIRST_OF_COSINE, "<", Rational(1, 10)),
                amended=Amended(
                    "after a warm-up",
                    Compares(
                        "first step's share of the full rate",
                        _FIRST_OF_WARM_UP * _FIRST_OF_COSINE,
                        "<",
                        Rational(1, 10),
                    ),
                ),
            ),
        }
    ),
    correct="One step can do it, since it moves u by the rate times the sample's squared length. Warm-up makes the "
    "first steps small. A cosine schedule begins at the full rate, and helps against early saturation only behind a "
    "warm-up.",
)
