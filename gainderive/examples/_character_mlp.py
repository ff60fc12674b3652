"""A model of characters in the manner of Bengio et al. 2003: the next letter from the three before."""

from __future__ import annotations

import torch
from torch import nn

from gainderive.examples._characters import ALPHABET, characters
from gainderive.examples._seeded import seeded

_EMBEDDED = 10


def character_mlp(
    scale: float = 1.0, *, hidden: int = 200, block: int = 3, seed: int = 0
) -> tuple[nn.Sequential, torch.Tensor]:
    r"""Return an embedding, a hidden layer of tanh units and a linear output, and contexts for it.

    All weights and biases are drawn from :math:`N(0, \text{scale}^2)`. With the default, which ``torch.randn`` gives,
    that is **wrong on purpose**: the preactivations' second moment is far above 1, so most units are saturated, and the
    logits are so large that the model is sure of wrong letters.

    Parameters
    ----------
    scale : float
        Standard deviation of all weights and biases.
    hidden : int
        Number of tanh units.
    block : int
        Number of letters that the model sees.
    seed : int
        Other weights for another seed; the contexts are those of :func:`characters`.

    Returns
    -------
    model : nn.Sequential
        From contexts of shape ``(samples, block)`` to logits of shape ``(samples, 27)``.
    batch : LongTensor of shape ``(512, block)``
        Contexts.

    Examples
    --------
    >>> model, batch = character_mlp()
    >>> u = model[:3](batch)
    >>> bool((u.abs() > 3).float().mean() > 0.5)
    True

    Source: Y. Bengio, R. Ducharme, P. Vincent, C. Jauvin: A neural probabilistic language model, JMLR 3 (2003); A.
    Karpathy's lesson "makemore", whose sizes and scale these are.
    """
    with seeded(seed):
        model = nn.Sequential(
            nn.Embedding(len(ALPHABET), _EMBEDDED),
            nn.Flatten(),
            nn.Linear(block * _EMBEDDED, hidden),
            nn.Tanh(),
            nn.Linear(hidden, len(ALPHABET)),
        )
        for parameter in model.parameters():
            nn.init.normal_(parameter, std=scale)
    # The first 512 contexts would be those of the first names alone.
    contexts, _ = characters(block=block)
    return model, contexts[:: len(contexts) // 512][:512]
