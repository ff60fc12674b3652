"""A callable that stands where an activation might."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from gainderive.callables._call import Elementwise
from gainderive.callables._sampled import Sampled, sample


@dataclass(frozen=True, eq=False)
class Opaque:
    """An elementwise function without a formula: it has a name and can be sampled, which happens once.

    >>> import numpy as np
    >>> from gainderive.callables import elementwise
    >>> Opaque("cube", elementwise([lambda x: x**3], "cube")).sampled.second_moment().value
    15.0
    """

    name: str
    function: Elementwise
    set_to: dict[Any, Any] = field(default_factory=dict)

    @property
    def title(self) -> str:
        """The name, in running text."""
        return self.name

    @cached_property
    def sampled(self) -> Sampled:
        """The function's samples, and what follows from them."""
        return sample(self.function)
