"""Functions and modules of torch, jax and Keras as activations, or as callables where the catalogue has no entry.

The catalogue's files say what others call an activation (``elsewhere``) and what its parameters are called; both are
read from there. A framework is used only when the object comes from it, and is then loaded already. What is recognised
is held against the object's own values, so a default that differs from ours is not overlooked.
"""

from gainderive.modules._known import Recognised, agree
from gainderive.modules._understand import understand

__all__ = ["Recognised", "agree", "understand"]
