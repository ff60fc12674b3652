"""The initialization of a whole model by derived rules.

:func:`initialize_` asks the structure of the model, decides for each layer (``_rules``), draws (``_draw``) and writes
(``_changes``); a :class:`Plan` says what was done and why.
"""

from gainderive.pytorch.initialization._initialize import initialize_
from gainderive.pytorch.initialization._plan import Plan, Setting

__all__ = ["Plan", "Setting", "initialize_"]
