r"""A Gaussian mean as a function of its second moment: charts with proved errors, and all its crossings.

For :math:`f \ge 0` the mean :math:`M(q) = E f(\sqrt q\,z)` is analytic in :math:`u = \log q`, kinks and jumps of ``f``
notwithstanding, and known bounds on an ellipse around an interval make a polynomial through few values of it an
enclosure of all others. From charts of ``f`` alone follows for *every* pair of scales which second moments solve
:math:`w M(q) + b = q^k`: with ``k = 1`` the fixed points of a length map, with ``k = 0`` the gains of the activation
criterion.

>>> from sympy import Rational, tanh
>>> from gainderive.symbols import x
>>> found = crossings(Balance(tanh(x) ** 2, Rational(25, 9), Rational(0), 1))
>>> [round(root, 6) for root in found.roots], found.before, found.beyond, found.are_all
([1.17848], 1, -1, True)
"""

from gainderive.charts._balance import Balance
from gainderive.charts._chart import Chart, chart
from gainderive.charts._crossings import Crossings, crossings, crossings_of
from gainderive.charts._equation import Equation, Root, certified
from gainderive.charts._isolate import Jet

__all__ = [
    "Balance",
    "Chart",
    "Crossings",
    "Equation",
    "Jet",
    "Root",
    "certified",
    "chart",
    "crossings",
    "crossings_of",
]
