"""The five meanings of "gain" as curves in ``g``, whose crossings of 1 are the five gains."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from sympy import lambdify

from gainderive import facade, quadrature
from gainderive.activations import Activation
from gainderive.criteria import Criterion
from gainderive.errors import GainderiveError, MomentDiverges, SeveralGains, Undecided
from gainderive.facade import Gain
from gainderive.gaussian import GaussMean
from gainderive.render import plot
from gainderive.render.figures._figure import Figure
from gainderive.render.figures._values import number
from gainderive.render.plot import Array, Ink
from gainderive.symbols import g, parameter

if TYPE_CHECKING:
    from matplotlib.figure import Figure as Canvas

_POINTS = 121
_MARGIN = 1.3
_HIGHEST = 2.2
_WIDEST = 8.0
"""Gains beyond this many times the smallest are not drawn, so that the others stay apart."""


@dataclass(frozen=True)
class _Meaning:
    criterion: Criterion
    roots: tuple[float, ...]
    left: Callable[[Array], Array] | None

    @property
    def label(self) -> str:
        return f"{self.criterion} {', '.join(number(root, 5) for root in self.roots) or '(none)'}"


def figure(activation: Activation) -> Figure:
    """Return the left sides of the five conditions and where they are 1."""
    answers = facade.gains(activation)
    meanings = [_Meaning(c, _roots(answers[c]), _left(c, activation, answers[c])) for c in Criterion]
    roots = [root for meaning in meanings for root in meaning.roots]
    right = _MARGIN * max((root for root in roots if root <= _WIDEST * min(roots)), default=1.0)
    at = np.linspace(right / _POINTS, right, _POINTS)

    def draw(canvas: Canvas, ink: Ink) -> None:
        axes = canvas.add_subplot()
        axes.axhline(1, color=ink.soft, linewidth=1.2, zorder=0)
        width = 4.2
        for meaning, colour, stroke, marker in zip(meanings, ink.series, plot.STROKES, plot.MARKERS, strict=True):
            if meaning.left is None:
                axes.plot([], [], color=colour, linewidth=3, linestyle=stroke, label=meaning.label)
                continue
            # Later curves are thinner and their marks smaller, so that those below are seen where they agree.
            axes.plot(at, meaning.left(at), color=colour, linewidth=width, linestyle=stroke)
            size = 4 * width if meaning.roots else 0
            axes.plot(meaning.roots, [1.0] * len(meaning.roots), marker, color=colour, markersize=size, zorder=4)
            shown = marker if meaning.roots else ""
            axes.plot(
                [], [], marker=shown, markersize=8, color=colour, linewidth=3, linestyle=stroke, label=meaning.label
            )
            width -= 0.5
        axes.set_xlim(0, right)
        axes.set_ylim(0, _HIGHEST)
        axes.set_xlabel("gain $g$")
        axes.set_ylabel("what is set to 1")
        plot.legend(axes, activation.title)

    listed = "; ".join(f"{m.criterion}: {', '.join(number(root, 8) for root in m.roots) or 'none'}" for m in meanings)
    return Figure(
        caption=f"What each of the five criteria sets to 1, as a function of the gain $g$ of {activation.title}. "
        f"Where a curve crosses 1 is the gain in its sense. {listed}.",
        alt=f"Five curves over the gain g of {activation.title}, each crossing 1 at the gain in its sense. {listed}.",
        draw=draw,
    )


def _roots(answer: Gain | GainderiveError) -> tuple[float, ...]:
    found = (answer,) if isinstance(answer, Gain) else answer.roots if isinstance(answer, SeveralGains) else ()
    return tuple(one.value for one in found if one.value is not None)


def _left(
    criterion: Criterion, activation: Activation, answer: Gain | GainderiveError
) -> Callable[[Array], Array] | None:
    """Return the condition's left side over ``g``; ``None`` where it has no value, such as a slope at a kink."""
    if criterion is Criterion.LINEARIZED and not isinstance(answer, Gain):
        return None
    bare = replace(activation, expression=activation.numeric)
    left = facade.unfold(criterion.left(bare), bare)
    means = sorted(left.atoms(GaussMean), key=str)
    names = [parameter(f"m_{i}") for i in range(len(means))]
    try:
        rules = [quadrature.rule(mean.integrand) for mean in means]
        for rule in rules:
            rule.mean(1.0)
    except (MomentDiverges, Undecided):
        return None
    outer = lambdify((g, *names), left.xreplace(dict(zip(means, names, strict=True))), "numpy")
    scales = [lambdify(g, mean.q, "numpy") for mean in means]

    def values(at: Array) -> Array:
        inner = (rule.means(np.broadcast_to(q(at), at.shape))[0] for rule, q in zip(rules, scales, strict=True))
        return np.asarray(outer(at, *inner))

    return values
