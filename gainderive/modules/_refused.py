"""Modules of torch that are no elementwise functions, each with the reason; any others are found by probing."""

from __future__ import annotations

from typing import Any

from gainderive.errors import BadCallable

_BY_FILE = {
    "batchnorm": "it normalises over the batch",
    "instancenorm": "it normalises over each instance",
    "normalization": "it normalises over several units",
    "conv": "it is a convolution, whose weights are what a gain scales",
    "linear": "it is a linear map between units, whose weights are what a gain scales",
    "pooling": "it takes one value from several inputs",
    "rnn": "it is a recurrent layer with weights of its own",
    "transformer": "it is a layer with attention and weights of its own",
    "sparse": "it looks embeddings up",
    "loss": "it is a loss",
    "distance": "it is a function of two vectors",
}
"""From the file of ``torch.nn.modules`` that defines a class to the reason."""

_BY_CLASS = {
    "Softmax": "it divides by a sum over all units",
    "Softmin": "it divides by a sum over all units",
    "Softmax2d": "it divides by a sum over channels",
    "LogSoftmax": "it subtracts the logarithm of a sum over all units",
    "MultiheadAttention": "it is an attention layer with weights of its own",
    "GLU": "it multiplies one half of its inputs by a function of the other, halving the shape; see gain('glu')",
    "Identity": "",
}


def refuse_other_shapes(what: Any) -> None:
    """Raise :class:`BadCallable` where the class of a torch module tells that it is no elementwise function.

    Raises
    ------
    BadCallable
        With the reason in words.
    """
    kind = type(what)
    if not kind.__module__.startswith("torch.nn.modules."):
        return
    file = kind.__module__.rpartition(".")[2]
    reason = _BY_CLASS.get(kind.__name__, _BY_FILE.get(file, ""))
    if file == "dropout" and what.training and what.p > 0:
        reason = "in training mode it is random; call .eval() if you mean the identity that it is otherwise"
    if kind.__name__ == "RReLU" and what.training and what.lower != what.upper:
        reason = "in training mode its slope is random: see gain('rrelu'); .eval() has the mean slope"
    if (
        kind.__name__ == "PReLU"
        and what.weight.numel() > 1
        and not bool((what.weight == what.weight.flatten()[0]).all())
    ):
        reason = "it has a different slope for each channel, so its channels have different gains"
    if reason:
        raise BadCallable(f"torch.nn.{kind.__name__} is not one elementwise function: {reason}.")
