"""Two small transformers: one of torch's own layers, one written by hand."""

from __future__ import annotations

import torch
from torch import nn
from torch.nn.functional import gelu, scaled_dot_product_attention

from gainderive.examples._seeded import seeded

_TOKENS = 64
_LENGTH = 16
_SAMPLES = 16


def transformer(
    *, depth: int = 4, width: int = 64, heads: int = 4, norm_first: bool = True, seed: int = 0
) -> tuple[nn.Sequential, torch.Tensor]:
    """Return an encoder of ``nn.TransformerEncoderLayer`` between an embedding and a linear layer, and tokens for it.

    Parameters
    ----------
    depth : int
        Number of encoder layers.
    width : int
        Size of what a token becomes; the feed-forward part is four times as wide.
    heads : int
        Number of attention heads.
    norm_first : bool
        Whether normalisation stands before attention and feed-forward part (pre-norm) or behind the sums (post-norm).
    seed : int
        Other weights and tokens for another seed.

    Returns
    -------
    model : nn.Sequential
        From tokens of shape ``(samples, length)`` to logits of shape ``(samples, length, 64)``.
    batch : LongTensor of shape ``(16, 16)``
        Independent tokens.

    Examples
    --------
    >>> model, batch = transformer(depth=1)
    >>> model(batch).shape
    torch.Size([16, 16, 64])
    """
    with seeded(seed):
        layer = nn.TransformerEncoderLayer(
            width, heads, 4 * width, dropout=0.0, activation="gelu", batch_first=True, norm_first=norm_first
        )
        encoder = nn.TransformerEncoder(layer, depth, enable_nested_tensor=False)
        model = nn.Sequential(nn.Embedding(_TOKENS, width), encoder, nn.Linear(width, _TOKENS))
        return model, torch.randint(_TOKENS, (_SAMPLES, _LENGTH))


class Attention(nn.Module):
    """Self-attention with separate projections."""

    def __init__(self, width: int, heads: int) -> None:
        super().__init__()
        self.heads = heads
        self.query, self.key, self.value = (nn.Linear(width, width) for _ in range(3))
        self.out = nn.Linear(width, width)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        query, key, value = (
            project(x).unflatten(2, (self.heads, -1)).transpose(1, 2) for project in (self.query, self.key, self.value)
        )
        mixed = scaled_dot_product_attention(query, key, value, is_causal=True)
        return self.out(mixed.transpose(1, 2).flatten(2))


class Layer(nn.Module):
    """Attention and a feed-forward part, each normalised before it and added to what it was given."""

    def __init__(self, width: int, heads: int) -> None:
        super().__init__()
        self.attention_norm, self.feed_norm = nn.LayerNorm(width), nn.LayerNorm(width)
        self.attention = Attention(width, heads)
        self.up, self.down = nn.Linear(width, 4 * width), nn.Linear(4 * width, width)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        x = x + self.attention(self.attention_norm(x))
        return x + self.down(gelu(self.up(self.feed_norm(x))))


class PreNorm(nn.Module):
    """A causal transformer with learned positions."""

    def __init__(self, depth: int, width: int, heads: int) -> None:
        super().__init__()
        self.tokens, self.positions = nn.Embedding(_TOKENS, width), nn.Embedding(_LENGTH, width)
        self.layers = nn.ModuleList(Layer(width, heads) for _ in range(depth))
        self.norm = nn.LayerNorm(width)
        self.head = nn.Linear(width, _TOKENS, bias=False)

    def forward(self, tokens: torch.Tensor) -> torch.Tensor:
        x = self.tokens(tokens) + self.positions(torch.arange(tokens.shape[1], device=tokens.device))
        for layer in self.layers:
            x = layer(x)
        return self.head(self.norm(x))


def pre_norm_transformer(
    *, depth: int = 4, width: int = 64, heads: int = 4, seed: int = 0
) -> tuple[nn.Module, torch.Tensor]:
    """Return a causal transformer written by hand, with functions of torch in its ``forward``, and tokens for it.

    Parameters
    ----------
    depth, width, heads, seed
        As for :func:`transformer`.

    Returns
    -------
    model, batch
        As for :func:`transformer`.

    Examples
    --------
    >>> model, batch = pre_norm_transformer(depth=1)
    >>> model(batch).shape
    torch.Size([16, 16, 64])

    Source: R. Xiong et al.: On layer normalization in the transformer architecture, ICML 2020, figure 1 (b).
    """
    with seeded(seed):
        return PreNorm(depth, width, heads), torch.randint(_TOKENS, (_SAMPLES, _LENGTH))
