"""Strategies for hypothesis: activations, layer shapes, gains, and inputs with given moments.

Hypothesis is loaded when a strategy is made. A strategy that has nothing to draw from is an error at once, because a
property that is never tried looks like one that holds.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from types import ModuleType
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from gainderive.errors import BadParameter, GainderiveError, MissingExtra

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

__all__ = ["Piece", "Piecewise", "activations", "gains", "inputs", "layer_shapes", "piecewise_activations"]

CENTS = 100
"""Drawn numbers are multiples of 1 over this, so that they are exact and print shortly."""


@dataclass(frozen=True)
class Piece:
    """A polynomial ``constant + slope*x + curvature*x**2`` on an interval."""

    constant: Fraction
    slope: Fraction
    curvature: Fraction

    def __str__(self) -> str:
        terms = [(self.constant, ""), (self.slope, "*x"), (self.curvature, "*x**2")]
        return " + ".join(f"({value}){power}" for value, power in terms if value) or "0"

    def __call__(self, x: Any) -> Any:
        return float(self.constant) + float(self.slope) * x + float(self.curvature) * x * x


@dataclass(frozen=True)
class Piecewise:
    """A random activation: one polynomial on each interval between its kinks.

    Attributes
    ----------
    kinks : tuple of Fraction
        Where the formula changes, in ascending order.
    pieces : tuple of Piece
        One more than kinks; a kink belongs to the piece on its right.

    Examples
    --------
    >>> import gainderive as gd
    >>> zero, one = Fraction(0), Fraction(1)
    >>> relu = Piecewise((zero,), (Piece(zero, zero, zero), Piece(zero, one, zero)))
    >>> relu.expression
    'where(x < 0, 0, (1)*x)'
    >>> gd.gain(relu.expression)
    Gain(sqrt(2) = 1.4142135623730951, proved)
    """

    kinks: tuple[Fraction, ...]
    pieces: tuple[Piece, ...]

    @property
    def expression(self) -> str:
        """The text that :func:`gainderive.gain` takes."""
        text = str(self.pieces[-1])
        for kink, piece in zip(reversed(self.kinks), reversed(self.pieces[:-1]), strict=True):
            text = f"where(x < {kink}, {piece}, {text})"
        return text

    def __str__(self) -> str:
        return self.expression

    def __call__(self, x: Any) -> npt.NDArray[np.float64]:
        """Return the values at an array of points."""
        x = np.asarray(x, dtype=float)
        which = np.searchsorted([float(kink) for kink in self.kinks], x, side="right")
        values: npt.NDArray[np.float64] = np.choose(which, [piece(x) for piece in self.pieces])
        return values


def activations(*, where: Callable[[str], bool] | None = None, criterion: str | None = None) -> SearchStrategy[str]:
    """Return a strategy for names of activations of the catalogue; they shrink towards the simplest, ``identity``.

    Parameters
    ----------
    where : callable, optional
        Names for which it returns a false value are left out.
    criterion : str, optional
        Only activations that have exactly one gain in this sense.

    Raises
    ------
    BadParameter
        When no activation is left.

    Examples
    --------
    >>> from hypothesis import find
    >>> find(activations(where=lambda name: "relu" in name), lambda name: True)
    'relu'
    """
    from gainderive import activations as catalogue

    names = [name for name in catalogue.names() if where is None or where(name)]
    if criterion is not None:
        names = [name for name in names if _has_gain(name, criterion)]
    if not names:
        raise BadParameter("no activation is left to draw from; `where` and `criterion` leave out all of them")
    strategies: SearchStrategy[str] = _hypothesis().sampled_from(sorted(names, key=_complexity))
    return strategies


def piecewise_activations(
    *, kinks: int = 3, degree: int = 1, continuous: bool = True, largest: int = 3
) -> SearchStrategy[Piecewise]:
    """Return a strategy for activations with random kinks and pieces, of which none is zero everywhere.

    They shrink towards few kinks at 0 and small whole numbers.

    Parameters
    ----------
    kinks : int
        At most so many, at least 0.
    degree : int
        0, 1 or 2, of the polynomials.
    continuous : bool
        Whether neighbouring pieces meet; needs a degree of at least 1.
    largest : int
        Bound for kinks and coefficients.

    Raises
    ------
    BadParameter
        For arguments that leave nothing to draw.

    Examples
    --------
    >>> from hypothesis import find
    >>> find(piecewise_activations(), lambda phi: len(phi.kinks) == 1).expression
    'where(x < 0, 0, (1)*x)'
    """
    if degree not in (0, 1, 2) or kinks < 0 or largest < 1:
        raise BadParameter(f"degree is {degree}, kinks {kinks}, largest {largest}; give 0 to 2, at least 0, at least 1")
    if continuous and degree == 0 and kinks > 0:
        raise BadParameter("continuous pieces of degree 0 are all equal; ask for a degree of 1, or continuous=False")
    st = _hypothesis()
    whole = st.integers(-largest, largest).map(Fraction)
    number = whole | st.integers(-largest * 4, largest * 4).map(lambda n: Fraction(n, 4))
    zero = st.just(Fraction(0))
    piece = st.builds(Piece, number, number if degree > 0 else zero, number if degree > 1 else zero)

    def joined(where: Sequence[Fraction], pieces: Sequence[Piece]) -> Piecewise:
        where = sorted(where)
        if continuous:
            pieces = _joined(where, pieces)
        return Piecewise(tuple(where), tuple(pieces))

    def with_kinks(where: list[Fraction]) -> Any:
        pieces = st.lists(piece, min_size=len(where) + 1, max_size=len(where) + 1)
        return pieces.map(lambda drawn: joined(where, drawn))

    found: SearchStrategy[Piecewise] = (
        st.lists(number, max_size=kinks, unique=True)
        .flatmap(with_kinks)
        .filter(lambda phi: any(p != Piece(Fraction(0), Fraction(0), Fraction(0)) for p in phi.pieces))
    )
    return found


def layer_shapes(
    *, kernels: Sequence[int] = (0, 1, 2), smallest: int = 1, largest: int = 64, largest_kernel: int = 5
) -> SearchStrategy[tuple[int, ...]]:
    r"""Return a strategy for shapes of weights in torch's order: (out, in), or (out, in, \\*kernel).

    They shrink towards small fully connected layers.

    Parameters
    ----------
    kernels : sequence of int
        Numbers of spatial dimensions to choose from; 0 is a fully connected layer.
    smallest, largest : int
        Bounds for the numbers of inputs and of outputs.
    largest_kernel : int
        Bound for the lengths of a kernel.

    Raises
    ------
    BadParameter
        When there is no such shape.

    Examples
    --------
    >>> from hypothesis import find
    >>> find(layer_shapes(), lambda shape: shape[0] > 8)
    (9, 1)
    """
    if not kernels or min(kernels) < 0 or not 1 <= smallest <= largest or largest_kernel < 1:
        raise BadParameter(
            f"no shape has {tuple(kernels)} kernel axes up to {largest_kernel}, and {smallest} to {largest} channels"
        )
    st = _hypothesis()
    channels = st.tuples(*[st.integers(smallest, largest)] * 2)
    shapes: SearchStrategy[tuple[int, ...]] = st.sampled_from(sorted(kernels)).flatmap(
        lambda dims: st.tuples(channels, st.tuples(*[st.integers(1, largest_kernel)] * dims)).map(
            lambda parts: parts[0] + parts[1]
        )
    )
    return shapes


def gains(*, smallest: float = 0.25, largest: float = 4.0) -> SearchStrategy[float]:
    """Return a strategy for gains with two digits after the point; they shrink towards 1 where it is allowed.

    Raises
    ------
    BadParameter
        When no such number lies between the bounds, or one is not positive.

    Examples
    --------
    >>> from hypothesis import find
    >>> find(gains(), lambda gain: gain > 1.414)
    1.42
    """
    low, high = math.ceil(smallest * CENTS - 1e-9), math.floor(largest * CENTS + 1e-9)
    if not 1 <= low <= high:
        raise BadParameter(f"no positive number with two digits lies between {smallest} and {largest}")
    origin = min(max(CENTS, low), high)
    st = _hypothesis()
    found: SearchStrategy[float] = st.integers(low - origin, high - origin).map(lambda n: (origin + n) / CENTS)
    return found


def inputs(
    *, shape: tuple[int, ...] = (64, 32), mean: float = 0.0, second_moment: float = 1.0, exact: bool = False
) -> SearchStrategy[npt.NDArray[np.float64]]:
    r"""Return a strategy for arrays with given moments, normal, uniform or two-valued.

    The law is one of those; the example holds a seed, so it shrinks to a small one and is the same at each replay.

    Parameters
    ----------
    shape : tuple of int
        Shape of the arrays.
    mean, second_moment : float
        :math:`E x` and :math:`E x^2` (not the variance).
    exact : bool
        Whether the array itself has these moments, and not only its law: it is shifted and scaled to them.

    Raises
    ------
    BadParameter
        When no law has these moments: the second moment is at least the squared mean.

    Examples
    --------
    >>> from hypothesis import given, settings
    >>> @settings(max_examples=5, database=None, derandomize=True)
    ... @given(inputs(mean=0.5, second_moment=2.0, exact=True))
    ... def has_its_moments(x):
    ...     assert abs(x.mean() - 0.5) < 1e-12
    ...     assert abs((x**2).mean() - 2.0) < 1e-12
    >>> has_its_moments()
    """
    variance = second_moment - mean**2
    size = math.prod(shape)
    if not (variance >= 0 and math.isfinite(second_moment)) or size < 1 or min(shape) < 1:
        raise BadParameter(
            f"no array of shape {shape} has the mean {mean} and the second moment {second_moment}; "
            "the second moment is at least the squared mean"
        )
    if exact and size < 2 and variance > 0:
        raise BadParameter("a single number has no variance; give a larger shape, or exact=False")
    st = _hypothesis()

    def draw(law: str, seed: int) -> npt.NDArray[np.float64]:
        generator = np.random.default_rng(seed)
        drawn = LAWS[law](generator, shape)
        if exact and variance > 0:
            drawn = drawn + np.arange(size).reshape(shape) * (drawn.std() == 0)
            drawn = (drawn - drawn.mean()) / drawn.std()
        moved: npt.NDArray[np.float64] = mean + math.sqrt(variance) * drawn
        return moved

    found: SearchStrategy[npt.NDArray[np.float64]] = st.builds(draw, st.sampled_from(list(LAWS)), st.integers(0, 2**16))
    return found


LAWS: dict[str, Callable[[np.random.Generator, tuple[int, ...]], npt.NDArray[np.float64]]] = {
    "normal": lambda generator, shape: generator.standard_normal(shape),
    "uniform": lambda generator, shape: generator.uniform(-math.sqrt(3), math.sqrt(3), shape),
    "two values": lambda generator, shape: generator.choice([-1.0, 1.0], shape),
}
"""Laws of mean 0 and variance 1, the first being the one to shrink to."""


def _joined(kinks: Sequence[Fraction], pieces: Sequence[Piece]) -> list[Piece]:
    """Return pieces with constants changed so that neighbours meet; the first that contains 0 starts there."""
    joined = [pieces[0]]
    for kink, piece in zip(kinks, pieces[1:], strict=True):
        before = joined[-1]
        jump = (
            before.constant
            - piece.constant
            + (before.slope - piece.slope) * kink
            + (before.curvature - piece.curvature) * kink**2
        )
        joined.append(Piece(piece.constant + jump, piece.slope, piece.curvature))
    return joined


def _has_gain(name: str, criterion: str) -> bool:
    from gainderive.facade import gain

    try:
        gain(name, criterion)
    except GainderiveError:
        return False
    return True


def _complexity(name: str) -> tuple[bool, bool, int, str]:
    return name != "identity", name != "relu", len(name), name


def _hypothesis() -> ModuleType:
    try:
        from hypothesis import strategies
    except ImportError:
        raise MissingExtra("drawing examples", "hypothesis", "testing") from None
    return strategies
