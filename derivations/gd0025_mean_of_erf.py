"""GD-0025: the mean of an error function of a linear argument."""

from gainderive.catalog import Result, Topic
from gainderive.exact import lemmas

LEMMA = lemmas.mean_of_erf()

RESULT = Result(
    title=LEMMA.title,
    derive=lambda: LEMMA,
    topic=Topic.LEMMAS,
    commentary=r"""
Write $\operatorname{erf}(u) = 2\Phi(\sqrt2\,u) - 1$ and let $w$ be standard normal and independent of $x$. Then
$E\,\Phi(\sqrt2(ax + b))$ is the probability that $w - \sqrt2\,a x \le \sqrt2\,b$, and $w - \sqrt2\,a x$ is normal
with variance $1 + 2a^2q$: averaging an error function over a normal variable only widens it. That is the idea; the
proof below does without it. As functions of $a$ both sides agree at 0 and have the same derivative, in which no error
function is left.

Everything with one error function comes down to this lemma: powers of $x$ are taken off by Gaussian integration by
parts, exponentials are absorbed by completing the square.
""",
)
