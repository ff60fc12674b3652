"""What may be wrong with a model at initialization, one file per kind; each looks at local facts alone.

A layer is judged by its own weights and bias, by what its activation needs, and by its peers; a unit that is off
counts only where its own bias or weights turn it off; inputs are judged where they enter. So the consequences of a
fault, which run through all layers behind it, are no findings of their own.
"""

from gainderive.pytorch.diagnosis.causes._all import findings

__all__ = ["findings"]
