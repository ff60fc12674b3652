r"""The length map :math:`q \mapsto \sigma_w^2 M_2(q) + \sigma_b^2`, its iteration as a cobweb, and its fixed points."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from gainderive import quadrature
from gainderive.activations import Activation
from gainderive.criteria import Criterion
from gainderive.errors import Undecided
from gainderive.pieces import derivative
from gainderive.render import plot
from gainderive.render.figures._figure import Figure
from gainderive.render.figures._values import nonnegative, number, positive, scale, second_moment, written
from gainderive.render.plot import Array, Ink
from gainderive.symbols import x

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure as Canvas

_SEARCHED = (1e-8, 1e4)
"""Second moments among which fixed points are looked for, and at whose ends an iteration is broken off."""
_STEPS = 40
_POINTS = 301
_ROUNDING = 1e-6
"""A slope that is closer to 1 is not told from 1."""
_PLACES = 9
"""Decimals of a slope, which is the difference of two means."""
_NEXT_TO_0 = 1e-12
"""Second moment at which the slope at a fixed point 0 is taken; the map need not have a derivative in closed form."""


@dataclass(frozen=True)
class _FixedPoint:
    q: float
    slope: float
    chi_1: float | None

    @property
    def attracts(self) -> bool:
        return abs(self.slope) < 1 - _ROUNDING

    @property
    def does(self) -> str:
        if self.attracts:
            return "attracts"
        return "repels" if abs(self.slope) > 1 + _ROUNDING else "neither attracts nor repels"

    def __str__(self) -> str:
        chi = "" if self.chi_1 is None else f", chi_1 = {number(self.chi_1)}"
        return f"q = {number(self.q)}, slope {number(self.slope)}, {self.does}{chi}"

    @property
    def label(self) -> str:
        return f"$q^* = {number(self.q)}$, slope {number(self.slope, 3)}"

    @property
    def in_latex(self) -> str:
        chi = "" if self.chi_1 is None else rf" and $\chi_1 = {number(self.chi_1)}$"
        return f"$q^* = {number(self.q)}$ {self.does}, with slope ${number(self.slope)}${chi}"


def figure(
    activation: Activation, *, gain: Any = Criterion.FORWARD.value, sigma_b: Any = 0, start: Any = "1/10"
) -> Figure:
    r"""Return the length map with the diagonal, an iteration, and the fixed points.

    Parameters
    ----------
    gain : number or str
        :math:`\sigma_w`, or the criterion that it solves.
    sigma_b : number
        Standard deviation of the biases.
    start : number
        Second moment from which the iteration starts.
    """
    weight, bias, first = scale(gain, activation), nonnegative(sigma_b, "sigma_b"), positive(start, "start")
    walk = _walk(activation, weight.value, float(bias), float(first))
    crossings = _fixed_points(activation, weight.value, float(bias))
    top = _top(walk, crossings)
    at = np.linspace(0, top, _POINTS)[1:]
    images = _images(activation, weight.value, float(bias), at)
    is_diagonal = np.allclose(images, at, rtol=_ROUNDING)
    found = () if is_diagonal else crossings

    def draw(canvas: Canvas, ink: Ink) -> None:
        axes = canvas.add_subplot()
        plot.cross(axes, ink)
        # Above the map, which may be the diagonal itself.
        axes.plot([0, top], [0, top], color=ink.soft, linewidth=1.8, linestyle=plot.DASHED, zorder=3, label="$q$")
        axes.plot(at, images, color=ink.blue, linewidth=3.4, label=_map_in_latex(float(bias) > 0))
        _cobweb(axes, walk, ink, f"from $q = {written(first)}$")
        for point in found:
            # The filling tells what attracts from what repels, whatever the colours.
            axes.plot(
                *[[point.q]] * 2,
                "o",
                color=ink.text,
                markerfacecolor=ink.text if point.attracts else ink.ground,
                markeredgewidth=2,
                markersize=11,
                clip_on=False,
                zorder=5,
                label=point.label,
            )
        axes.set_xlim(0, top)
        axes.set_ylim(0, top)
        axes.set_xlabel("$q$ of one layer")
        axes.set_ylabel("$q$ of the next")
        plot.legend(axes, f"{activation.title}, {in_latex}")

    setting = f"σ_w = {weight}" + (f", σ_b = {written(bias)}" if bias else "")
    in_latex = rf"$\sigma_w = {weight.written}$" + (rf", $\sigma_b = {written(bias)}$" if bias else "")
    none = "Every q is a fixed point" if is_diagonal else "No fixed point was found"
    return Figure(
        caption=f"The length map of {activation.title} at {in_latex}, iterated from $q = {written(first)}$. "
        f"{'; '.join(p.in_latex for p in found) or none}.",
        alt=f"The length map of {activation.title} at {setting} and its iteration from q = {written(first)}. "
        f"{'Fixed points: ' if found else none}{'; '.join(map(str, found))}.",
        draw=draw,
    )


def _walk(activation: Activation, weight: float, bias: float, start: float) -> tuple[float, ...]:
    """Return the iterates, up to the first that is out of all proportion."""
    walk = [start]
    while len(walk) <= _STEPS and _SEARCHED[0] < walk[-1] < _SEARCHED[1]:
        following = _images(activation, weight, bias, np.array([walk[-1]]))[0]
        if not np.isfinite(following):
            break
        walk.append(float(following))
    return tuple(walk)


def _images(activation: Activation, weight: float, bias: float, at: Array) -> Array:
    """Return what the length map makes of second moments; nan where double precision does not tell."""
    try:
        return np.asarray(weight**2 * second_moment(activation).means(at)[0] + bias**2)
    except Undecided:
        if at.size == 1:
            return np.array([np.nan])
        return np.concatenate([_images(activation, weight, bias, at[i : i + 1]) for i in range(at.size)])


def _fixed_points(activation: Activation, weight: float, bias: float) -> tuple[_FixedPoint, ...]:
    phi = activation.numeric
    slopes = quadrature.rule(derivative(phi) ** 2)
    # Of the normal density, so that the activation itself may jump: d/dq E f(x) = E f(x) (x^2 - q) / (2 q^2).
    weighted = quadrature.rule(phi**2 * x**2)

    def slope(q: float) -> float:
        exact = weight**2 * (weighted.mean(q).value - q * second_moment(activation).mean(q).value) / (2 * q**2)
        return round(exact, _PLACES)

    positive_ones = (float(q) for q in quadrature.fixed_points(phi, weight, bias, _SEARCHED))
    found = [_FixedPoint(q, slope(q), weight**2 * slopes.mean(q).value) for q in positive_ones]
    if bias == 0 and phi.subs(x, 0) == 0:
        found.insert(0, _FixedPoint(0.0, slope(_NEXT_TO_0), None))
    return tuple(found)


def _top(walk: tuple[float, ...], found: tuple[_FixedPoint, ...]) -> float:
    """Return up to which second moment is drawn: beyond the fixed points; without any, a few steps of the iteration."""
    positive_ones = [point.q for point in found if point.q]
    return 1.3 * max([walk[0], *positive_ones] if positive_ones else walk[:3])


def _cobweb(axes: Axes, walk: tuple[float, ...], ink: Ink, label: str) -> None:
    across = np.repeat(walk[:-1], 2)[1:]
    up = np.repeat(walk[1:], 2)[: len(across)]
    axes.plot(
        np.concatenate([walk[:1], across]), np.concatenate([[0.0], up]), color=ink.orange, linewidth=2, label=label
    )


def _map_in_latex(with_bias: bool) -> str:
    return r"$\sigma_w^2 M_2(q) + \sigma_b^2$" if with_bias else r"$\sigma_w^2 M_2(q)$"
