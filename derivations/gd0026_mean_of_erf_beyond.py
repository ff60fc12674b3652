"""GD-0026: the part of the mean of an error function that lies beyond a point."""

from gainderive.catalog import Result, Topic
from gainderive.exact import lemmas

LEMMA = lemmas.mean_of_erf_beyond()

RESULT = Result(
    title=LEMMA.title,
    derive=lambda: LEMMA,
    topic=Topic.LEMMAS,
    commentary=r"""
As in GD-0025 the error function is a probability given $x$, so its mean over $x > t$ is the probability of a quadrant
under two correlated normal variables: one is $x/\sqrt q$, the other the sum in whose distribution $a$ makes the
correlation. Hence the bivariate normal distribution function $\Phi_2$, for which no closed form in elementary
functions is known; at $t = b = 0$ it is the quadrant's probability $\tfrac14 + \tfrac1{2\pi}\arcsin\rho$ (Sheppard
1899), and the part of the mean becomes $\tfrac1\pi \arcsin(a\sqrt{2q}/\sqrt{1+2a^2q})$.

Owen writes such integrals with his function $T(h, a)$; $\Phi_2$ says the same and is smooth in all its arguments,
which $T$ is not at $h = 0$.
""",
)
