r"""Opaque functions: what can be said of :math:`E\phi(z)^2` when only values of ``phi`` can be asked for.

A callable is probed for acting elementwise, then sampled where a standard normal variable lives; kinks and jumps are
found by cutting panels down to the spacing of the doubles. Everything that a criterion needs follows from these samples
with an estimate of its error. No framework is known here: how to call a function with an array is the caller's to say.

What lies between two nodes, which are 0.01 apart at first, and leaves the function on both sides as it would be without
it, is not seen; whoever can only ask for values cannot know of it.

>>> import numpy as np
>>> gaps = sample(elementwise([lambda x: np.where(abs(x) > 0.5, x, 0.0)], "hardshrink"))
>>> [(round(b.at, 12), round(b.step, 12)) for b in gaps.jumps]
[(-0.5, 0.5), (0.5, 0.5)]
"""

from gainderive.callables._call import PROBES, Elementwise, elementwise, pointwise
from gainderive.callables._opaque import Opaque
from gainderive.callables._sampled import Break, Sampled, sample

__all__ = ["PROBES", "Break", "Elementwise", "Opaque", "Sampled", "elementwise", "pointwise", "sample"]
