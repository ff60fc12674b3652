"""GD-0028: the mean of an error function times a cosine."""

from gainderive.catalog import Result, Topic
from gainderive.exact import lemmas

LEMMA = lemmas.mean_of_erf_times_cosine()

RESULT = Result(
    title=LEMMA.title,
    derive=lambda: LEMMA,
    topic=Topic.LEMMAS,
    commentary=r"""
The cosine is the real part of $e^{i\omega x}$, and completing the square with the imaginary shift $i\omega q$ leaves
the mean of an error function along a parallel of the real line. GD-0025 holds there too, because both of its sides
are entire in $b$: the answer is the real part of an error function of a complex argument. The proof below stays on
the real line and takes the derivative by $a$ instead.

For $b = 0$ the integrand is odd, and the real part of $\operatorname{erf}$ of an imaginary number is 0, as it must
be.
""",
)
