"""GD-0030: the arcsine kernel, the mean of a product of two centred error functions."""

from gainderive.catalog import Result, Topic
from gainderive.exact import lemmas

LEMMA = lemmas.arcsine_kernel()

RESULT = Result(
    title=LEMMA.title,
    derive=lambda: LEMMA,
    topic=Topic.LEMMAS,
    commentary=r"""
GD-0027 without offsets, where the quadrant's probability is $\tfrac14 + \tfrac1{2\pi}\arcsin\rho$; the proof is the
same and shorter. With $a = c$ it is the second moment of an erf unit, so a network of erf units has its length map
and its gain in closed form: at $a = 1$ and $q = 1$ the second moment is $\tfrac2\pi \arcsin\tfrac23$. GELU's second
moment needs it with $a = c = 1/\sqrt2$.

Williams derived it for two inputs of an infinitely wide network of erf units, where $q$ and $\rho$ come from the
inputs' scalar products; with one preactivation it is the diagonal of that kernel.
""",
)
