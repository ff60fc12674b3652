r"""Sampling with honest error bounds, and tests planned so that a stated error is caught.

Two questions, two tools:

*What is this mean?* :func:`sample_mean` (and :func:`gauss_mean` for :math:`E f(\sqrt q\,z)`, :func:`joint_mean` for a
function of several variables) draws until a
**confidence sequence** is as narrow as asked. Such a sequence :math:`[\hat\mu_n - r_n, \hat\mu_n + r_n]` covers the
mean at *all* sample sizes at once with probability :math:`1 - \alpha`, so looking at it to decide when to stop costs
nothing.

*Is the mean the one expected?* :func:`cluster_test` tests independent values (one per fresh draw of a network's
weights); :func:`planned_size` says how many are needed so that a given shift is caught, and :func:`power` how surely.

**The bound.** For independent increments of variance 1 that are exactly normal, mixing the martingale
:math:`e^{\lambda S_n - \lambda^2 n/2}` over :math:`\lambda \sim N(0, \rho^2)` gives the martingale :math:`e^{\rho^2
S_n^2/(2(n\rho^2+1))}/\sqrt{n\rho^2+1}`, which by Ville's inequality exceeds :math:`1/\alpha` at any time with
probability at most :math:`\alpha`; solved for :math:`|S_n|/n` (both sides are in it already, :math:`\alpha` is not
halved):

.. math:: r_n = \hat\sigma_n \sqrt{\frac{2(n\rho^2+1)}{n^2\rho^2}\,\log\frac{\sqrt{n\rho^2+1}}{\alpha}}.

With the measured :math:`\hat\sigma_n`, and for increments with any distribution of finite variance, this is the
asymptotic confidence sequence of Waudby-Smith, Arbour, Sinha, Kennedy and Ramdas.

**What is asymptotic, and how large the error is.** The miscoverage is :math:`\alpha` only in the limit of a large
first sample size. For the mean over its *measured* standard error, the probability of exceeding :math:`t` is the
normal one times :math:`e^{\mp t^3\gamma/(3\sqrt n)}\,(1 + O((1 + t)/\sqrt n))` for :math:`t = O(n^{1/6})` and a
finite fourth moment (Wang 2005; :math:`\gamma` is the skewness, the signs are those of the upper and the lower tail).
At :math:`\alpha = 10^{-9}` (:math:`t = 6.8`) a skewness of 3 and 10,000 draws make the factor 23: not negligible.
Hence both tools

* widen every radius to :math:`r + |\gamma| r^2/(3\hat\sigma)` with the measured skewness, which cancels the factor to
  first order;
* :func:`sample_mean` never looks before :math:`n = t^6` draws (99,000 at :math:`10^{-9}`, 780 at 0.05), so that it
  stays in the range of Wang's theorem.

No sampling sees an event rarer than :math:`\log(1/\alpha)/n` that carries much of the mean: *sampled* is the weakest
status.

Sources
-------
I. Waudby-Smith, D. Arbour, R. Sinha, E. H. Kennedy, A. Ramdas, "Time-uniform central limit theory and asymptotic
confidence sequences", Annals of Statistics 52 (2024), arXiv:2103.06476. H. Robbins, "Statistical methods related to
the law of the iterated logarithm", Annals of Mathematical Statistics 41 (1970). Q. Wang, "Limit theorems for
self-normalized large deviation", Electronic Journal of Probability 10 (2005), 1260-1285.
"""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt
from sympy import Expr, lambdify, oo, sympify

from gainderive import symbols
from gainderive.errors import BadCallable, BadExpression, BadParameter, Undecided
from gainderive.joint import JointMean
from gainderive.status import Status

Array = npt.NDArray[np.float64]
Draw = Callable[[np.random.Generator, int], npt.NDArray[Any]]

ALPHA = 1e-9
"""Default probability that an interval misses the mean."""
LARGEST_SIZE = 10**8
"""Default cap on the number of draws: a few seconds for an elementary function."""
BATCH = 2**16
"""Draws held in memory at a time."""


@dataclass(frozen=True)
class Sampled:
    """A sampled mean, with the radius of an interval that misses the mean with probability at most `alpha`.

    Attributes
    ----------
    mean : float
        Average of the draws.
    radius : float
        Half the width of the interval; may exceed the precision asked when the cap on the size was reached.
    alpha : float
        Probability of a miss (see the module for what is asymptotic about it).
    size : int
        Number of draws averaged.
    variance : float
        Their variance (divisor ``size - 1``).
    seed : int
        Seed that reproduces everything above.

    Examples
    --------
    >>> Sampled(mean=0.5, radius=0.01, alpha=1e-9, size=10**6, variance=2.0, seed=0).contains(0.505)
    True
    """

    mean: float
    radius: float
    alpha: float
    size: int
    variance: float
    seed: int

    @property
    def lower(self) -> float:
        """Lower end of the interval."""
        return self.mean - self.radius

    @property
    def upper(self) -> float:
        """Upper end of the interval."""
        return self.mean + self.radius

    @property
    def status(self) -> Status:
        """Always ``Status.SAMPLED``."""
        return Status.SAMPLED

    def contains(self, value: Any) -> bool:
        """Tell whether `value`, a real number of any type, lies in the closed interval."""
        return self.lower <= float(value) <= self.upper

    def __float__(self) -> float:
        return self.mean


@dataclass(frozen=True)
class ClusterTest:
    """The verdict on ``mean == expected``: `ok` when they differ by at most `bound`.

    Attributes
    ----------
    mean, expected : float
        Measured and expected mean.
    standard_error : float
        Measured standard deviation of `mean`.
    bound : float
        Largest accepted difference.
    ok : bool
        Whether ``abs(mean - expected) <= bound``.
    size : int
        Number of independent values.
    """

    mean: float
    expected: float
    standard_error: float
    bound: float
    ok: bool
    size: int

    def __str__(self) -> str:
        return (
            f"mean of {self.size} independent values {self.mean:.6g}, expected {self.expected:.6g}: the difference "
            f"{self.mean - self.expected:+.3g} is {'within' if self.ok else 'beyond'} the bound {self.bound:.3g} "
            f"(standard error {self.standard_error:.3g})"
        )


@dataclass(frozen=True)
class _Moments:
    """Sums of the first three powers of ``value - shift``; `shift` near the mean keeps them free of cancellation."""

    shift: float
    size: int = 0
    sums: tuple[float, float, float] = (0.0, 0.0, 0.0)

    def with_values(self, values: Array) -> _Moments:
        centred = values - self.shift
        with np.errstate(over="ignore", invalid="ignore"):
            square = centred * centred
            # Not a scalar product: BLAS would start threads, which costs more than the sum on a busy machine.
            new = (float(centred.sum()), float(square.sum()), float((square * centred).sum()))
        if not all(map(math.isfinite, new)):
            raise BadCallable("the draws are so large that sums of their cubes overflow; scale them below 1e90")
        first, second, third = (old + more for old, more in zip(self.sums, new, strict=True))
        return _Moments(self.shift, self.size + len(values), (first, second, third))

    @property
    def mean(self) -> float:
        return self.shift + self.sums[0] / self.size

    @property
    def variance(self) -> float:
        return max(0.0, (self.sums[1] - self.sums[0] ** 2 / self.size) / (self.size - 1))

    @property
    def skewness(self) -> float:
        if self.variance == 0:
            return 0.0
        m1, m2, m3 = (s / self.size for s in self.sums)
        return float((m3 - 3 * m1 * m2 + 2 * m1**3) / self.variance**1.5)


def sample_mean(
    draw: Draw, precision: float, alpha: float = ALPHA, seed: int = 0, *, largest: int = LARGEST_SIZE
) -> Sampled:
    r"""Sample :math:`\mu = E X` until :math:`|\hat\mu_n - \mu| \le r_n` with :math:`r_n` at most `precision`.

    The interval is an asymptotic confidence sequence, so that stopping when it is narrow enough is legitimate.
    A pilot of its own, never averaged in, measures variance and skewness; :math:`\rho` then makes the
    radius smallest at the size that they predict. Memory is bounded by ``BATCH`` draws.

    Parameters
    ----------
    draw : callable
        ``draw(generator, n)`` returns `n` independent draws of `X` as an array of shape ``(n,)``.
    precision : float
        Radius wanted (absolute), positive.
    alpha : float
        Probability that the interval misses the mean, between 0 and 1.
    seed : int
        Seed; the same arguments give the same result.
    largest : int
        Cap on the number of draws averaged. When it is reached first, the result's `radius` is the one attained,
        larger than `precision`. A cap below the first look, after :math:`t^6` draws, counts as that.

    Returns
    -------
    Sampled
        Radius 0 where all draws are equal: `X` is then constant apart from an event of
        probability below ``log(1/alpha)/size``.

    Raises
    ------
    BadParameter
        For a precision that is not positive, `alpha` outside (0, 1), or a negative seed.
    BadCallable
        When `draw` returns the wrong shape, or values that are complex, not finite, or too large to be cubed.

    Examples
    --------
    >>> third = sample_mean(lambda generator, n: generator.random(n) ** 2, precision=0.01, seed=1)
    >>> third.contains(1 / 3), third.contains(1.05 / 3), third.radius <= 0.01
    (True, False, True)

    Source: Waudby-Smith et al. 2024 (see the module).
    """
    _require_probability("alpha", alpha)
    if not (precision > 0 and math.isfinite(precision)):
        raise BadParameter(f"the precision is {precision}; give a positive radius, such as 1e-3")
    if seed < 0:
        raise BadParameter(f"the seed is {seed}; give a whole number of at least 0")
    pilot_stream, main_stream = (np.random.default_rng(s) for s in np.random.SeedSequence(seed).spawn(2))
    first = _first_look(alpha)
    limit = max(largest, first)
    # Any draw will do for the shift, as long as it is of the size of the others.
    shift = float(_checked(draw(pilot_stream, 1), 1)[0])
    plan = _extended(_Moments(shift), draw, pilot_stream, first)
    planned = min(max(_predicted_size(plan, precision, alpha), first), limit)
    rho2 = _mixing(alpha) / planned

    moments = _extended(_Moments(shift), draw, main_stream, first)
    while True:
        sigma = math.sqrt(moments.variance)
        radius = _widened(_radius(moments.size, rho2, alpha) * sigma, sigma, moments.skewness)
        if radius <= precision or moments.size >= limit:
            return Sampled(moments.mean, radius, alpha, moments.size, moments.variance, seed)
        goal = min(max(planned, moments.size + first), limit)
        moments = _extended(moments, draw, main_stream, min(BATCH, goal - moments.size))


def gauss_mean(
    f: Any,
    q: float = 1.0,
    precision: float = 1e-3,
    alpha: float = ALPHA,
    seed: int = 0,
    a: Any = -oo,
    b: Any = oo,
    *,
    largest: int = LARGEST_SIZE,
) -> Sampled:
    r"""Sample :math:`E[f(\sqrt q\,z);\ a < \sqrt q\,z < b]` with ``z ~ N(0, 1)``.

    Parameters
    ----------
    f : Expr
        Function of ``symbols.x`` alone.
    q : float
        Second moment of the preactivation, positive.
    precision, alpha, seed, largest
        As in :func:`sample_mean`.
    a, b : Expr or float
        Ends of the interval; `f` is not evaluated outside it.

    Raises
    ------
    BadExpression
        When `f` has other symbols than ``x``.
    BadParameter
        For `q` not positive, or ``a >= b``.
    BadCallable
        When `f` is complex or not finite at a point drawn.
    Undecided
        When no draw fell inside ``(a, b)``: the interval is too improbable to be sampled.

    Examples
    --------
    >>> from sympy import Max
    >>> from gainderive.symbols import x
    >>> relu = gauss_mean(Max(x, 0) ** 2, q=2.0, precision=0.05)
    >>> relu.contains(1), relu.contains(1.1)
    (True, False)
    >>> gauss_mean(1, precision=0.01, a=0).contains(0.5)
    True
    """
    if not (float(q) > 0 and math.isfinite(float(q))):
        raise BadParameter(f"q = {q}; the second moment of a preactivation is positive and finite")
    lower, upper = float(a), float(b)
    if not lower < upper:
        raise BadParameter(f"the interval ({a}, {b}) is empty; its lower end comes first")
    function = _compiled(sympify(f))
    scale = math.sqrt(float(q))
    seen_inside = False

    def draw(generator: np.random.Generator, n: int) -> Array:
        nonlocal seen_inside
        points = scale * generator.standard_normal(n)
        inside = (points > lower) & (points < upper)
        seen_inside = seen_inside or bool(inside.any())
        if inside.all():
            return function(points)
        values = np.zeros(n)
        values[inside] = function(points[inside])
        return values

    sampled = sample_mean(draw, precision, alpha, seed, largest=largest)
    if not seen_inside:
        raise Undecided(f"none of {sampled.size} draws fell inside ({a}, {b}); use an enclosure instead of sampling")
    return sampled


def joint_mean(
    mean: JointMean,
    precision: float = 1e-3,
    alpha: float = ALPHA,
    seed: int = 0,
    *,
    largest: int = LARGEST_SIZE,
) -> Sampled:
    r"""Sample a mean over several independent variables, all of them drawn anew for every value.

    Parameters
    ----------
    mean : JointMean
        Without free symbols.
    precision, alpha, seed, largest
        As in :func:`sample_mean`.

    Raises
    ------
    BadExpression
        When the mean has free symbols.
    BadCallable
        When the integrand is complex or not finite at a point drawn.

    Examples
    --------
    >>> from gainderive.symbols import branch
    >>> product = JointMean(branch(1)**2 * branch(2)**2, (branch(1), 1), (branch(2), 2))
    >>> joint_mean(product, precision=0.1).contains(2), joint_mean(product, precision=0.1).contains(2.5)
    (True, False)
    """
    if mean.free_symbols:
        names = ", ".join(sorted(map(str, mean.free_symbols)))
        raise BadExpression(f"{mean} contains {names}; substitute values before sampling")
    function = lambdify(mean.variables, mean.integrand, modules=["scipy", "numpy"])
    laws = [tuple(map(float, law[1:])) for law in mean.laws]

    def draw(generator: np.random.Generator, n: int) -> Array:
        points = [
            generator.uniform(*law, n) if len(law) == 2 else math.sqrt(law[0]) * generator.standard_normal(n)
            for law in laws
        ]
        # Branches of a piecewise expression are evaluated everywhere before one is selected.
        with np.errstate(all="ignore"):
            return np.broadcast_to(function(*points), (n,))

    return sample_mean(draw, precision, alpha, seed, largest=largest)


def planned_size(variance: float, shift: float, alpha: float, power: float, skewness: float = 0.0) -> int:
    r"""Return the smallest number of independent values with which :func:`cluster_test` catches `shift`.

    Parameters
    ----------
    variance : float
        Variance of one value, at least 0.
    shift : float
        Difference between true and expected mean that has to be caught; its sign does not matter.
    alpha : float
        Probability of refusing a mean that is right.
    power : float
        Probability wanted of refusing a mean that is off by `shift`, above `alpha`.
    skewness : float
        Skewness of one value, for which the test widens its bound.

    Raises
    ------
    BadParameter
        When no size up to ``LARGEST_SIZE`` will do, or for a probability outside (0, 1).

    Examples
    --------
    >>> planned_size(variance=2.0, shift=0.02, alpha=1e-9, power=0.999)
    423186
    >>> planned_size(variance=0.0, shift=0.02, alpha=1e-9, power=0.999)
    2
    """
    _require_plan(2, variance, alpha)
    _require_probability("power", power)
    if shift == 0 or not math.isfinite(shift):
        raise BadParameter(f"a shift of {shift} cannot be planned for; give the smallest difference that matters")

    def suffices(size: int) -> bool:
        return _power(size, variance, shift, alpha, skewness) >= power

    enough = 2
    while not suffices(enough):
        if enough == LARGEST_SIZE:
            raise BadParameter(f"more than {LARGEST_SIZE} values are needed to catch a shift of {shift}; ask for less")
        enough = min(2 * enough, LARGEST_SIZE)
    return bisect_left(range(enough), True, lo=max(2, enough // 2), key=suffices)


def power(n: int, variance: float, shift: float, alpha: float, skewness: float = 0.0) -> float:
    r"""Return the probability that :func:`cluster_test` on `n` values refuses a mean that is off by `shift`.

    For normal values exactly :math:`E[\Phi(\delta - t s) + \Phi(-\delta - t s)]`, with :math:`\delta =
    \mathrm{shift}\sqrt{n/\mathrm{variance}}`, `t` the two-sided quantile of Student's distribution and :math:`(n-1)
    s^2` chi-square of ``n - 1`` degrees of freedom: the noncentral t distribution, integrated over `s`, because
    ``scipy.stats.nct`` returns nan for such quantiles. Not the normal approximation: at :math:`\alpha = 10^{-10}`
    and 100 values its quantile is 6.5, Student's 7.2. For `skewness` other than 0 the quantile is widened as the
    test widens it. Absolute error below 1e-10.

    Raises
    ------
    BadParameter
        For fewer than 2 values, a negative variance, or `alpha` outside (0, 1).

    Examples
    --------
    >>> round(power(100, variance=1.0, shift=1.0, alpha=1e-9), 4)
    0.9983
    """
    _require_plan(n, variance, alpha)
    return _power(n, variance, shift, alpha, skewness)


def cluster_test(values: Array, expected: float, alpha: float) -> ClusterTest:
    r"""Test by a two-sided t test whether independent, identically distributed `values` have the mean `expected`.

    The bound is :math:`r + |\gamma| r^2/(3 s)` with :math:`r = t_{n-1, 1-\alpha/2}\, s/\sqrt n`, `s` the standard
    deviation and :math:`\gamma` the skewness measured. The second term keeps the false-alarm rate at `alpha` to
    first order in :math:`\gamma/\sqrt n` where the values are not normal (see the module).

    Parameters
    ----------
    values : array of shape ``(n,)``
        One value for each *independent* draw. Units of one layer share inputs, and inputs share weights: they are not
        independent; the mean over them, for one fresh draw of all weights, is one value.
    expected : float
        Expected mean.
    alpha : float
        Probability of refusing a mean that is right.

    Raises
    ------
    BadCallable
        For fewer than two values, or values that are not finite.

    Examples
    --------
    >>> values = np.random.default_rng(0).normal(1.0, 0.1, 400)
    >>> cluster_test(values, 1.0, alpha=1e-9).ok, cluster_test(values, 1.05, alpha=1e-9).ok
    (True, False)
    >>> print(cluster_test(np.full(10, 2.0), 1.0, alpha=1e-9))
    mean of 10 independent values 2, expected 1: the difference +1 is beyond the bound 0 (standard error 0)
    """
    _require_probability("alpha", alpha)
    values = _checked(np.asarray(values), np.size(values))
    if len(values) < 2:
        raise BadCallable(f"a test needs at least two independent values, not {len(values)}")
    moments = _Moments(float(values[0])).with_values(values)
    sigma = math.sqrt(moments.variance)
    standard_error = sigma / math.sqrt(moments.size)
    bound = _widened(_critical(moments.size, alpha) * standard_error, sigma, moments.skewness)
    ok = abs(moments.mean - expected) <= bound
    return ClusterTest(moments.mean, float(expected), standard_error, bound, ok, moments.size)


def _extended(moments: _Moments, draw: Draw, stream: np.random.Generator, count: int) -> _Moments:
    for done in range(0, count, BATCH):
        wanted = min(BATCH, count - done)
        moments = moments.with_values(_checked(draw(stream, wanted), wanted))
    return moments


def _power(n: int, variance: float, shift: float, alpha: float, skewness: float) -> float:
    from scipy.special import ndtr

    if variance == 0:
        return float(shift != 0)
    critical = _widened(_critical(n, alpha) / math.sqrt(n), 1.0, skewness) * math.sqrt(n)
    distance = abs(shift) * math.sqrt(n / variance)
    scales, weights = _scales(n - 1)
    refused = weights @ (ndtr(distance - critical * scales) + ndtr(-distance - critical * scales))
    return min(1.0, float(refused))


@lru_cache(maxsize=256)
def _scales(degrees: int) -> tuple[Array, Array]:
    """Return nodes and weights for a mean over the measured standard deviation of normal values of variance 1."""
    from scipy.stats import chi

    lower, upper = chi.ppf(1e-16, degrees), chi.isf(1e-16, degrees)
    nodes, weights = np.polynomial.legendre.leggauss(128)
    scales = lower + (nodes + 1) / 2 * (upper - lower)
    weights = weights * chi.pdf(scales, degrees)
    return scales / math.sqrt(degrees), weights / weights.sum()


@lru_cache(maxsize=4096)
def _critical(n: int, alpha: float) -> float:
    from scipy.stats import t

    return float(t.isf(alpha / 2, n - 1))


def _widened(radius: float, sigma: float, skewness: float) -> float:
    """Return the radius at which Cramér's factor ``exp(t^3 skewness / (3 sqrt n))`` is made up for, to first order."""
    return radius + abs(skewness) * radius**2 / (3 * sigma) if sigma > 0 else radius


def _radius(n: int, rho2: float, alpha: float) -> float:
    """Return the radius of the confidence sequence after `n` draws of variance 1."""
    u = n * rho2
    return math.sqrt(2 * (u + 1) / (u * n) * (math.log1p(u) / 2 - math.log(alpha)))


@lru_cache(maxsize=64)
def _mixing(alpha: float) -> float:
    """Return the ``u = n rho^2`` at which the radius after `n` draws is smallest.

    Setting the derivative of ``(u + 1)/u * (log(u + 1)/2 - log(alpha))`` to 0 gives ``u = log(u + 1) - 2 log(alpha)``,
    whose right side is a contraction for ``u > 0``.
    """
    u, before = -2 * math.log(alpha), -1.0
    while abs(u - before) > 1e-12 * u:
        u, before = math.log1p(u) - 2 * math.log(alpha), u
    return u


def _multiple(alpha: float) -> float:
    """Return ``t``, the smallest radius in units of the standard error."""
    return _radius(1, _mixing(alpha), alpha)


def _first_look(alpha: float) -> int:
    return math.ceil(_multiple(alpha) ** 6)


def _predicted_size(plan: _Moments, precision: float, alpha: float) -> int:
    sigma = math.sqrt(plan.variance)
    if sigma == 0:
        return 1
    # The root r of r + |skewness| r^2 / (3 sigma) = precision.
    r = 2 * precision / (1 + math.sqrt(1 + 4 * abs(plan.skewness) * precision / (3 * sigma)))
    return math.ceil(min((_multiple(alpha) * sigma / r) ** 2, 2.0**62))


def _checked(values: Any, n: int) -> Array:
    values = np.asarray(values)
    if values.shape != (n,):
        raise BadCallable(f"{n} draws came back as an array of shape {values.shape}; return shape ({n},)")
    if values.dtype.kind not in "fiub":
        raise BadCallable(f"the draws are of type {values.dtype}; only real numbers have a mean with an interval")
    if not np.isfinite(values).all():
        raise BadCallable("some draws are infinite or not a number; the mean of such values has no interval")
    checked: Array = values.astype(np.float64, copy=False)
    return checked


def _require_plan(n: int, variance: float, alpha: float) -> None:
    _require_probability("alpha", alpha)
    if n < 2:
        raise BadParameter(f"a test on {n} values has no standard error; plan for at least 2")
    if not (variance >= 0 and math.isfinite(variance)):
        raise BadParameter(f"the variance is {variance}; give a finite number of at least 0")


def _require_probability(name: str, value: float) -> None:
    if not 0 < value < 1:
        raise BadParameter(f"{name} is {value}; it is a probability, strictly between 0 and 1")


@lru_cache(maxsize=256)
def _compiled(f: Expr) -> Callable[[Array], Array]:
    f = f.xreplace({symbol: symbols.x for symbol in f.free_symbols if symbols.is_ours(symbol)})
    others = f.free_symbols - {symbols.x}
    if others:
        names = ", ".join(sorted(map(str, others)))
        raise BadExpression(f"{f} contains {names}; substitute values, since sampling needs a function of x alone")
    function = lambdify(symbols.x, f, modules=["scipy", "numpy"])

    def evaluate(points: Array) -> Array:
        # Branches of a piecewise expression are evaluated everywhere before one is selected.
        with np.errstate(all="ignore"):
            return np.broadcast_to(function(points), points.shape)

    return evaluate
