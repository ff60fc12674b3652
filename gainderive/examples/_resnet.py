"""A small residual network of convolutions, for small images."""

from __future__ import annotations

from itertools import pairwise

import torch
from torch import nn
from torch.nn.functional import relu

from gainderive.examples._seeded import seeded


class Block(nn.Module):
    """Two convolutions beside a shortcut: the basic block of He et al."""

    def __init__(self, inputs: int, outputs: int, *, normalised: bool) -> None:
        super().__init__()
        stride = 1 if inputs == outputs else 2
        self.conv1 = nn.Conv2d(inputs, outputs, 3, stride=stride, padding=1, bias=not normalised)
        self.norm1 = nn.BatchNorm2d(outputs) if normalised else nn.Identity()
        self.conv2 = nn.Conv2d(outputs, outputs, 3, padding=1, bias=not normalised)
        self.norm2 = nn.BatchNorm2d(outputs) if normalised else nn.Identity()
        self.shortcut = nn.Identity() if inputs == outputs else nn.Conv2d(inputs, outputs, 1, stride=2, bias=False)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        branch = self.norm2(self.conv2(relu(self.norm1(self.conv1(x)))))
        return relu(self.shortcut(x) + branch)


class ResNet(nn.Module):
    """Blocks whose channels double where the image is halved, and a linear layer behind the mean over the image."""

    def __init__(self, channels: tuple[int, ...], blocks: int, *, normalised: bool) -> None:
        super().__init__()
        self.stem = nn.Conv2d(3, channels[0], 3, padding=1, bias=not normalised)
        self.norm = nn.BatchNorm2d(channels[0]) if normalised else nn.Identity()
        widths = [channels[0], *(width for width in channels for _ in range(blocks))]
        self.blocks = nn.Sequential(*(Block(n, m, normalised=normalised) for n, m in pairwise(widths)))
        self.head = nn.Linear(channels[-1], 10)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        features = self.blocks(relu(self.norm(self.stem(x))))
        return self.head(features.mean((2, 3)))


def resnet(
    *, channels: tuple[int, ...] = (16, 32, 64), blocks: int = 2, normalised: bool = True, seed: int = 0
) -> tuple[nn.Module, torch.Tensor]:
    """Return a small residual network, and standard normal images for it.

    Parameters
    ----------
    channels : tuple of int
        Channels of each stage; where they change, the image is halved.
    blocks : int
        Number of blocks in each stage, with two convolutions each.
    normalised : bool
        Whether batch normalisation follows each convolution. Without, a residual network shows what its initialization
        does: with torch's own, each sum makes the signal larger.
    seed : int
        Other weights and images for another seed.

    Returns
    -------
    model : nn.Module
        From images of shape ``(samples, 3, height, width)`` to 10 outputs.
    batch : Tensor of shape ``(32, 3, 16, 16)``
        Independent standard normal pixels.

    Examples
    --------
    >>> model, batch = resnet()
    >>> model(batch).shape, sum(isinstance(module, torch.nn.Conv2d) for module in model.modules())
    (torch.Size([32, 10]), 15)

    Source: K. He, X. Zhang, S. Ren, J. Sun: Deep residual learning for image recognition, CVPR 2016, figure 5.
    """
    with seeded(seed):
        return ResNet(channels, blocks, normalised=normalised), torch.randn(32, 3, 16, 16)
