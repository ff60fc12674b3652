"""Where an object comes from, and what it is called in messages."""

from __future__ import annotations

import functools
from typing import Any

FRAMEWORKS = ("torch", "jax", "jaxlib", "keras")


def origin(what: Any) -> str:
    """Return the package of an object or of its type: ``"torch"``, ``"jax"``, ``"keras"``, or another's name.

    A user's subclass of ``torch.nn.Module`` comes from torch, because it is called with tensors.

    >>> import math
    >>> origin(math.tanh)
    'math'
    """
    if isinstance(what, functools.partial):
        return origin(what.func)
    modules = [getattr(what, "__module__", None) or "", *(base.__module__ for base in type(what).__mro__)]
    roots = [module.partition(".")[0] for module in modules]
    for framework in ("keras", "torch", "jax", "jaxlib"):
        if framework in roots:
            return framework.removesuffix("lib")
    return roots[0]


def name_of(what: Any) -> str:
    """Return what to call an object in messages.

    >>> import numpy
    >>> name_of(numpy.tanh), name_of(lambda x: x)
    ('tanh', 'the function')
    """
    if isinstance(what, functools.partial):
        return name_of(what.func)
    name = getattr(what, "__name__", None)
    if name == "<lambda>":
        return "the function"
    return str(name or type(what).__name__)
