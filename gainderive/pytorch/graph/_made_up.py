"""Inputs made up from the first layer of a model, for a model that torch.fx cannot trace."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from torch import nn

_BATCH, _LENGTH = 2, 4
_SIDES = (32, 64, 224)
"""Sides of images, the smallest first; what is too small for a model's pooling is refused by the model."""


def made_up(model: nn.Module) -> Iterator[Any]:
    """Yield inputs that `model` might take, judged by the first of its modules that takes any; the likeliest first."""
    import torch
    from torch import nn

    like = next((p for p in model.parameters() if p.is_floating_point()), torch.empty(0))
    fresh = torch.Generator().manual_seed(0)

    def normal(*shape: int) -> Any:
        return torch.randn(shape, generator=fresh).to(like)

    for module in model.modules():
        match module:
            case nn.Linear():
                yield normal(_BATCH, module.in_features)
                yield normal(_BATCH, _LENGTH, module.in_features)
            case nn.modules.conv._ConvNd():
                for side in _SIDES:
                    yield normal(_BATCH, module.in_channels, *[side] * len(module.kernel_size))
            case nn.Embedding():
                yield torch.randint(module.num_embeddings, (_BATCH, _LENGTH), generator=fresh).to(like.device)
            case nn.MultiheadAttention():
                yield normal(_LENGTH, _BATCH, module.embed_dim)
            case nn.RNNBase():
                yield normal(_LENGTH, _BATCH, module.input_size)
            case _:
                continue
        return
