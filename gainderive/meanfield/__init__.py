r"""Depth: the length map :math:`q \mapsto \sigma_w^2\,E\phi(\sqrt q\,z)^2 + \sigma_b^2`, and what follows from it.

``q`` is the preactivation's second moment, layer by layer. At a fixed point :math:`q^*` the map's slope
says whether the signal returns there after a disturbance, and
:math:`\chi_1 = \sigma_w^2\,E\phi'(\sqrt{q^*}\,z)^2` by which factor a layer multiplies the gradient's second moment.

>>> derivation = derive_fixed_point("tanh", "5/3")
>>> derivation.status
<Status.ENCLOSED: 'enclosed'>
>>> [str(item.args[0]) for item in derivation.claim]
['q', 'M_2', 'sigma_h', 'lambda_q', 'chi_1']
"""

from gainderive.meanfield._derive import derive_fixed_point
from gainderive.meanfield._edge import Edge, EdgeCurve, edge_of_chaos
from gainderive.meanfield._fixed_points import Fate, FixedPoint, FixedPoints, fixed_points

__all__ = [
    "Edge",
    "EdgeCurve",
    "Fate",
    "FixedPoint",
    "FixedPoints",
    "derive_fixed_point",
    "edge_of_chaos",
    "fixed_points",
]
