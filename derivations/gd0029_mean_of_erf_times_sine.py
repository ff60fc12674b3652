"""GD-0029: the mean of an error function times a sine."""

from gainderive.catalog import Result, Topic
from gainderive.exact import lemmas

LEMMA = lemmas.mean_of_erf_times_sine()

RESULT = Result(
    title=LEMMA.title,
    derive=lambda: LEMMA,
    topic=Topic.LEMMAS,
    commentary=r"""
The imaginary part of what GD-0028 takes the real part of. For $b = 0$ the value is $e^{-\omega^2
q/2}\operatorname{erfi}(a\omega q/\sqrt{1+2a^2q})$, and for a steep error function ($a \to \infty$) it tends to
$e^{-\omega^2 q/2}\operatorname{erfi}(\omega\sqrt{q/2})$: the mean of $\operatorname{sign}(x)\sin\omega x$, which is
Dawson's integral up to a factor.
""",
)
