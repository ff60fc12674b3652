"""Second moments through depth after four initializations: PyTorch's own, gainderive's, anyinit's, and LSUV's.

Run: ``python -m benchmarks.initializers``. For each model the second moments of the preactivations, or of the stream
behind each residual block, and of the gradients with respect to them are measured on fresh inputs, with a random
direction as loss, and averaged over draws of the weights. LSUV is layer-sequential unit-variance initialization
(Mishkin & Matas, ICLR 2016): orthogonal weights, then each layer divided by the standard deviation that its outputs
have on one batch, in the order of execution. It looks at data; the others, of anyinit its analytic mode, do not.
"""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

import anyinit
import torch
from torch import nn

import gainderive as gd

DRAWS = 3
BATCH = 64


# Models ---------------------------------------------------------------------------------------------------------------


def mlp(activation: Callable[[], nn.Module], depth: int, width: int = 128) -> nn.Sequential:
    layers = [part for _ in range(depth) for part in (nn.Linear(width, width), activation())]
    return nn.Sequential(*layers, nn.Linear(width, width))


def cnn(depth: int = 12, channels: int = 32) -> nn.Sequential:
    sizes = [3, *[channels] * depth]
    layers = [
        part
        for before, after in itertools.pairwise(sizes)
        for part in (nn.Conv2d(before, after, 3, padding=1, padding_mode="circular"), nn.ReLU())
    ]
    return nn.Sequential(*layers, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(channels, 10))


class Residual(nn.Module):
    def __init__(self, width: int) -> None:
        super().__init__()
        self.first, self.second = nn.Conv2d(width, width, 3, padding=1), nn.Conv2d(width, width, 3, padding=1)

    def forward(self, x: Any) -> Any:
        return x + self.second(torch.relu(self.first(torch.relu(x))))


def resnet(blocks: int = 12, width: int = 32) -> nn.Sequential:
    """Return a residual network without normalisation, on which only the initialization keeps the scale."""
    return nn.Sequential(
        nn.Conv2d(3, width, 3, padding=1),
        *(Residual(width) for _ in range(blocks)),
        nn.ReLU(),
        nn.AdaptiveAvgPool2d(1),
        nn.Flatten(),
        nn.Linear(width, 10),
    )


def transformer(layers: int = 6, width: int = 128) -> nn.Sequential:
    layer = nn.TransformerEncoderLayer(
        width, 4, 4 * width, dropout=0.0, activation="gelu", batch_first=True, norm_first=True
    )
    return nn.Sequential(nn.Linear(width, width), nn.TransformerEncoder(layer, layers, enable_nested_tensor=False))


class Sine(nn.Module):
    def forward(self, x: Any) -> Any:
        return torch.sin(30 * x)


def siren(depth: int = 8, width: int = 256) -> nn.Sequential:
    layers = [part for n in [2, *[width] * (depth - 1)] for part in (nn.Linear(n, width), Sine())]
    return nn.Sequential(*layers, nn.Linear(width, 1))


def images() -> torch.Tensor:
    return torch.randn(BATCH // 4, 3, 12, 12)


def coordinates() -> torch.Tensor:
    return 2 * torch.rand(BATCH * 8, 2) - 1


@dataclass(frozen=True)
class Case:
    """A model, inputs for it, and the kind of its modules whose outputs are looked at, one after the other in depth."""

    make: Callable[[], nn.Module]
    inputs: Callable[[], torch.Tensor]
    watched: type[nn.Module]


def rows() -> torch.Tensor:
    return torch.randn(BATCH, 128)


MODELS = {
    "MLP, relu, 30 layers": Case(partial(mlp, nn.ReLU, 30), rows, nn.Linear),
    "MLP, tanh, 30 layers": Case(partial(mlp, nn.Tanh, 30), rows, nn.Linear),
    "MLP, gelu, 30 layers": Case(partial(mlp, nn.GELU, 30), rows, nn.Linear),
    "MLP, selu, 50 layers": Case(partial(mlp, nn.SELU, 50), rows, nn.Linear),
    "CNN, relu, 12 layers": Case(cnn, images, nn.Conv2d),
    "ResNet without norms, 12 blocks": Case(resnet, images, Residual),
    "transformer, pre-norm, 6 layers": Case(
        transformer, lambda: torch.randn(BATCH // 8, 16, 128), nn.TransformerEncoderLayer
    ),
    "SIREN, 8 layers": Case(siren, coordinates, nn.Linear),
}


# Initializations ------------------------------------------------------------------------------------------------------


def default(model: nn.Module, batch: torch.Tensor) -> None:
    """Leave the model as PyTorch made it."""


def ours(model: nn.Module, batch: torch.Tensor) -> None:
    gd.pytorch.initialize_(model, batch)


def ours_by_feeder(model: nn.Module, batch: torch.Tensor) -> None:
    gd.pytorch.initialize_(model, batch, convention="feeder")


def theirs(model: nn.Module, batch: torch.Tensor) -> None:
    anyinit.initialize(model, "analytic", batch, seed=int(torch.randint(2**31, ())))


def lsuv(model: nn.Module, batch: torch.Tensor) -> None:
    """Orthogonal weights, then layer after layer divided by the standard deviation of its outputs, in one pass."""

    def rescale(layer: Any, _: Any, output: torch.Tensor) -> torch.Tensor:
        size = output.std()
        layer.weight.div_(size)
        return output / size  # What the layer would have returned, since its bias is 0.

    with torch.no_grad():
        for layer in weighted(model):
            nn.init.orthogonal_(layer.weight)
            if layer.bias is not None:
                layer.bias.zero_()
        handles = [layer.register_forward_hook(rescale) for layer in weighted(model)]
        model(batch)
    for handle in handles:
        handle.remove()


WAYS: dict[str, Callable[[nn.Module, torch.Tensor], None]] = {
    "PyTorch's default": default,
    "gainderive": ours,
    "gainderive, feeder": ours_by_feeder,
    "anyinit": theirs,
    "LSUV": lsuv,
}


# Measurement ----------------------------------------------------------------------------------------------------------


def weighted(model: nn.Module) -> list[Any]:
    return [module for module in model.modules() if isinstance(module, (nn.Linear, nn.Conv2d))]


class Values(list[torch.Tensor]):
    """The outputs of layers in the order of execution, gathered as a forward hook."""

    def __call__(self, layer: nn.Module, inputs: Any, output: torch.Tensor) -> None:
        self.append(output)


@dataclass(frozen=True)
class Measured:
    """Second moments of the outputs of all layers, and of the gradients with respect to them, in order."""

    forward: torch.Tensor
    backward: torch.Tensor
    seconds: float

    def __str__(self) -> str:
        return f"{_spread(self.forward)} | {_spread(self.backward)} | {self.seconds:6.2f} s"


def _spread(moments: torch.Tensor) -> str:
    return f"{moments[0]:9.2g} … {moments[-1]:9.2g}  ×{ratio(moments):8.2g}"


def ratio(moments: torch.Tensor) -> float:
    """Return by what factor the largest of the moments exceeds the smallest."""
    return float(moments.max() / moments.min())


def measured(case: Case, way: Callable[[nn.Module, torch.Tensor], None]) -> Measured:
    """Return the averages over draws of weights and inputs."""
    draws = list(_draws(case, way))
    forward, backward = (torch.stack(part).mean(0) for part in zip(*(draw[:2] for draw in draws), strict=True))
    return Measured(forward, backward, sum(draw[2] for draw in draws) / len(draws))


def _draws(
    case: Case, way: Callable[[nn.Module, torch.Tensor], None]
) -> Iterator[tuple[torch.Tensor, torch.Tensor, float]]:
    for draw in range(DRAWS):
        torch.manual_seed(draw)
        model = case.make()
        start = time.perf_counter()
        way(model, case.inputs())
        seconds = time.perf_counter() - start
        values = Values()
        handles = [m.register_forward_hook(values) for m in model.modules() if isinstance(m, case.watched)]
        output = model(case.inputs())
        for handle in handles:
            handle.remove()
        grads = torch.autograd.grad(output, values, torch.randn_like(output))
        yield (
            torch.stack([value.detach().square().mean() for value in values]),
            torch.stack([grad.square().mean() for grad in grads]),
            seconds,
        )


def main() -> None:
    """Print a table for each model."""
    torch.set_num_threads(1)
    for name, case in MODELS.items():
        print(name)
        print(f"  {'':<20} {'E u²: first … last, largest / smallest':<37} | E (dL/du)²")
        for title, way in WAYS.items():
            try:
                print(f"  {title:<20} {measured(case, way)}")
            except Exception as error:
                print(f"  {title:<20} {type(error).__name__}: {error}")
        print()


if __name__ == "__main__":
    main()
