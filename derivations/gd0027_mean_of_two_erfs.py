"""GD-0027: the mean of a product of two error functions."""

from gainderive.catalog import Result, Topic
from gainderive.exact import lemmas

LEMMA = lemmas.mean_of_two_erfs()

RESULT = Result(
    title=LEMMA.title,
    derive=lambda: LEMMA,
    topic=Topic.LEMMAS,
    commentary=r"""
Two error functions of the same normal variable are two indicator variables of correlated normal variables, averaged:
the correlation is $2acq/\sqrt{(1+2a^2q)(1+2c^2q)}$, and the mean is a quadrant's probability up to terms with one
error function. For $b = d = 0$ it is the arcsine kernel of GD-0030.

The proof takes the derivative by $a$: one error function turns into a Gaussian factor, which completing the square
absorbs, and the mean of the other one is GD-0025.
""",
)
