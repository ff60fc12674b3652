"""Where a network is critical with a bias: the length map's slope and the gradient's factor are both 1."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from sympy import Expr

from gainderive.activations import load
from gainderive.enclosure import Enclosure
from gainderive.facade import unfold
from gainderive.gaussian import GaussMean
from gainderive.ledger._intervals import evaluated
from gainderive.roots import enclose_root
from gainderive.symbols import q, x

_DIGITS = 24


@dataclass(frozen=True)
class Critical:
    r"""A fixed point :math:`q = \sigma_w^2 M_2(q) + \sigma_b^2` at which :math:`\lambda_q = \chi_1 = 1`.

    Attributes
    ----------
    second_moment : Enclosure
        ``q``, of the preactivations.
    weight : Enclosure
        ``sigma_w**2``; in the language of effective theory ``C_W``.
    bias : Enclosure
        ``sigma_b**2``; ``C_b``.
    """

    second_moment: Enclosure
    weight: Enclosure
    bias: Enclosure


@cache
def critical(name: str, near: float) -> Critical:
    r"""Return the critical point of an activation that lies near a second moment.

    Both conditions at once, :math:`\sigma_w^2 M_2'(q) = 1` and :math:`\sigma_w^2 D(q) = 1`, leave
    :math:`E[x\,\phi\,\phi'] = q\,E[\phi'^2]` for ``q`` alone, with ``x = sqrt(q) z``; a change of sign is certified,
    and weight and bias follow.

    Parameters
    ----------
    name : str
        Of a smooth activation.
    near : float
        Rough second moment of the preactivations there.

    Raises
    ------
    Undecided
        When no change of sign is certified near `near`.
    BadParameter
        When the search for it leaves the positive numbers.

    Examples
    --------
    >>> print(f"{float(critical('gelu', 3.56).weight):.8f}")
    1.98305826
    """
    activation = load(name).at()
    phi, slope = activation.phi, activation.phi_prime

    def mean(of: Expr) -> Expr:
        return unfold(GaussMean(of, x, q), activation)

    moment = enclose_root(mean(x * phi * slope) / q - mean(slope**2), q, near, _DIGITS + 2)
    known = {q: moment}
    return Critical(
        second_moment=moment,
        weight=evaluated(1 / mean(slope**2), known, _DIGITS - 4),
        bias=evaluated(q - mean(phi**2) / mean(slope**2), known, _DIGITS - 4),
    )
