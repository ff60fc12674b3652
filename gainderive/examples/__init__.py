"""Small PyTorch models and data, made on the spot, on which the tools for practitioners are shown and tested.

Each model is a factory. Called without arguments it returns a module and a batch for it, so its name may be given where
a model is asked for: ``gainderive diagnose gainderive.examples:character_mlp``. Nothing is downloaded; what is random
comes from a seed, and the random state of the caller is left as it was. torch is loaded when a factory is first used.

>>> from gainderive.examples import mlp
>>> model, batch = mlp("gelu", depth=3, width=32)
>>> model(batch).shape
torch.Size([256, 10])
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

from gainderive.errors import MissingExtra

_HOME = {
    "_characters": ("characters",),
    "_character_mlp": ("character_mlp",),
    "_mlp": ("deep_tanh", "mlp"),
    "_resnet": ("resnet",),
    "_siren": ("siren",),
    "_transformer": ("pre_norm_transformer", "transformer"),
}
_FILE_OF = {name: file for file, names in _HOME.items() for name in names}

__all__ = sorted(_FILE_OF)  # pyright: ignore[reportUnsupportedDunderAll]


def __getattr__(name: str) -> Any:
    if name not in _FILE_OF:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    try:
        return getattr(import_module(f"{__name__}.{_FILE_OF[name]}"), name)
    except ModuleNotFoundError as error:
        if error.name != "torch":
            raise
        raise MissingExtra(f"the example {name}", "torch", "torch") from None


def __dir__() -> list[str]:
    return [*globals(), *__all__]
