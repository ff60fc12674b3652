"""The Markdown page of one unit: a function of several preactivations, or of one and a random parameter."""

from __future__ import annotations

from dataclasses import replace

from sympy import Expr, sqrt

from gainderive import algebra, exact, facade, notation
from gainderive.criteria import Criterion
from gainderive.facade import Gain
from gainderive.render import pictures, sections
from gainderive.render.figures import Figure
from gainderive.render.markdown import gains_table, linked, number, section
from gainderive.render.portrait import Portrait
from gainderive.render.unit_plot import figure
from gainderive.symbols import g, q
from gainderive.units import Unit


def picture(portrait: Portrait) -> Figure:
    """Return the unit's picture."""
    return replace(figure(portrait), caption=caption(portrait))


def page(portrait: Portrait) -> str:
    """Return the page of a unit as Markdown with LaTeX; its plot lies beside it."""
    unit = portrait.entry
    assert isinstance(unit, Unit)
    closed = _closed(portrait)
    defaults = sections.at_defaults(unit)
    title = unit.title[:1].upper() + unit.title[1:]
    parts = [
        f"# {title}",
        f"{sections.names(unit)} · unit with {_counted(unit)}",
        "## Definition",
        notation.display(_definition(unit)),
        sections.docstring(unit),
        *([f"{unit.remark}"] if unit.remark else []),
        *_letters(unit),
        *section("Elsewhere", notation.bullets(f"`{called}`" for called in unit.elsewhere)),
        "## What the fans count",
        *_fans(portrait),
        "## Shape",
        pictures.shown(unit.name, picture(portrait)),
        "## Moments",
        _meant(closed) + (f"; intervals {defaults}:" if defaults else ":"),
        *sections.moments(portrait.moments, written(closed)),
        "## Length map",
        *_length_map(portrait),
        "## The five gains",
        *([f"The gains {defaults}:"] if defaults else []),
        gains_table(portrait.gains),
        *sections.what_a_jump_hides(portrait),
        *sections.derivations(portrait),
        *section("PyTorch", sections.torch(portrait)),
        *section("Published results", sections.results(portrait)),
        *section("Sources", notation.bullets([unit.source] if unit.source else [])),
    ]
    return linked("\n\n".join(parts)) + "\n"


def _closed(portrait: Portrait) -> Unit:
    closed = portrait.closed
    assert isinstance(closed, Unit)
    return closed


def _size(unit: Unit) -> str:
    """Return the number of preactivations as LaTeX: a number, or the parameter that says it."""
    return str(len(unit.inputs)) if unit.inputs else notation.latex(unit.parameters[0].symbol)


def _counted(unit: Unit) -> str:
    """Return what makes it a unit, in words."""
    found = [_many(_size(unit), "preactivation")]
    if len(unit.outputs) > 1:
        found.append(_many(str(len(unit.outputs)), "output"))
    if unit.random is not None:
        found.append("a random parameter")
    return " and ".join(found)


def _many(count: str, noun: str) -> str:
    return f"{count if count.isdecimal() else f'${count}$'} {noun}{'' if count == '1' else 's'}"


def _definition(unit: Unit) -> str:
    """Return the outputs as LaTeX, several of them as aligned lines."""
    given = f"({', '.join(map(notation.latex, unit.inputs))})" if unit.inputs else ""
    if len(unit.outputs) == 1:
        return f"h{given} = {notation.latex(unit.outputs[0])}"
    lines = (f"h_{{{j}}}{given} &= {notation.latex(output)}" for j, output in enumerate(unit.outputs, start=1))
    return r"\begin{aligned}" + r" \\ ".join(lines) + r"\end{aligned}"


def _letters(unit: Unit) -> list[str]:
    """Return what is random, and the table of parameters."""
    shown = sections.parameters(unit)
    if unit.random is None:
        return shown
    a, lower, upper = map(notation.latex, (unit.random.symbol, unit.random.lower, unit.random.upper))
    return [f"${a}$ is drawn anew for each element, uniformly between ${lower}$ and ${upper}$.", *shown]


def _fans(portrait: Portrait) -> list[str]:
    """Return what the fans count for a layer of such units, and what that does to one variance at equal widths."""
    unit = portrait.entry
    assert isinstance(unit, Unit)
    k, p = _size(unit), str(len(unit.outputs))
    rows, columns = (f"${'' if count == '1' else count + ' '}n$" for count in (k, p))
    same = "as for an activation" if k == p == "1" else "as the shapes of the two matrices do"
    return [
        f"A layer of $n$ such units has {_many(k, 'preactivation')} and {_many(p, 'output')} each: its own weight "
        f"matrix has {rows} rows, and that of the next layer {columns} columns. `fan_in` counts the outputs below and "
        f"`fan_out` the preactivations above, {same}.",
        *_one_variance(portrait),
    ]


def _one_variance(portrait: Portrait) -> list[str]:
    """Return the weights' variance that either direction asks for between layers of ``n`` units each."""
    unit = _closed(portrait)
    forward, backward = portrait.gains[Criterion.FORWARD], portrait.gains[Criterion.BACKWARD]
    if not isinstance(forward, Gain) or not isinstance(backward, Gain):
        return []
    asked = [_per_unit(gain, len(fans)) for gain, fans in ((forward, unit.outputs), (backward, unit.inputs))]
    (closed, value), (back_closed, back_value) = asked
    if closed is not None and back_closed is not None and algebra.equal(closed, back_closed):
        follows = "one variance serves both"
    else:
        follows = (
            "where the forward gain holds the signal, each layer multiplies the gradient's second moment by "
            rf"$\approx {value / back_value:.5g}$"
        )
    at = f", {sections.at_defaults(portrait.entry)}" if portrait.entry.parameters else ""
    first, second = (rf"$n \operatorname{{Var}} W {_related(*variance)}$" for variance in asked)
    return [
        f"Between two layers of $n$ units each, the forward gain asks for {first} and the backward gain for "
        f"{second}{at}: {follows}."
    ]


def _per_unit(gain: Gain, count: int) -> tuple[Expr | None, float]:
    """Return the weights' variance times the number of units: a gain squared over how many of them a unit adds."""
    assert gain.value is not None
    closed = None if gain.exact is None else exact.tidy(gain.exact**2 / count)
    return closed, gain.value**2 / count


def _related(closed: Expr | None, value: float) -> str:
    """Return a rational number as it is, of any other its digits: a closed form would be too high for running text."""
    return f"= {notation.latex(closed)}" if closed is not None and closed.is_Rational else number(None, value)


def caption(portrait: Portrait) -> str:
    """Return what the picture shows."""
    unit = _closed(portrait)
    if portrait.is_largest:
        k = len(unit.inputs)
        return (
            f"The density of the largest of ${k}$ independent standard normal preactivations, its mean, and the "
            f"density of one of them; {portrait.breaks}."
        )
    density = f"the density of a standard normal preactivation; {portrait.breaks}"
    if unit.random is not None:
        a = notation.latex(unit.random.symbol)
        return f"{unit.title} at all values of ${a}$, at the middle one, and {density}."
    if len(unit.inputs) == 1:
        return f"The outputs of {unit.title} and {density}."
    last = notation.latex(unit.inputs[-1])
    others = ", ".join(f"{notation.latex(v)} = 1" for v in unit.inputs[:-1])
    return f"{unit.title} along ${last}$ at ${others}$, its slope there, and {density}."


def written(unit: Unit) -> dict[str, str]:
    r"""Return how each moment is written.

    >>> from gainderive import units
    >>> written(units.load("glu"))["slope's second moment"]
    '\\tfrac{1}{2}\\sum_i \\mathbb{E}\\,(\\partial_i h)^2'
    """
    k, p = len(unit.inputs), len(unit.outputs)
    h, average = ("h", "") if p == 1 else ("h_j", rf"\tfrac{{1}}{{{p}}}\sum_j ")
    slope = f"{h}'" if k == 1 else rf"(\partial_i {h})"
    indices = "i" * (k > 1) + "j" * (p > 1)
    over = (rf"\tfrac{{1}}{{{k}}}" if k > 1 else "") + (rf"\sum_{{{indices}}} " if len(indices) > 1 else "")
    over += rf"\sum_{indices} " if len(indices) == 1 else ""
    return {
        "mean": rf"{average}\mathbb{{E}}\,{h}",
        "second moment": rf"{average}\mathbb{{E}}\,{h}^2",
        "variance": rf"{average}\operatorname{{Var}} {h}",
        "slope's second moment": rf"{over}\mathbb{{E}}\,{slope}^2",
    }


def _meant(unit: Unit) -> str:
    """Return under which law the means are taken."""
    k = len(unit.inputs)
    law = r"For a preactivation that is $N(0, 1)$" if k == 1 else r"For independent preactivations that are $N(0, 1)$"
    return law + (" and the random parameter" if unit.random is not None else "")


def _length_map(portrait: Portrait) -> list[str]:
    """Return the length map; without a closed form, as means over one variable."""
    unit = portrait.general
    assert isinstance(unit, Unit)
    said = f"Here every preactivation is $N(0, q)$, and $M_2(q) = {written(unit)['second moment']}$."
    shown = sections.length_map(portrait, "M_2(q)")
    if portrait.length_map is None:
        reduced = facade.in_gaussian_means(Criterion.ACTIVATION.left(unit).subs(g, sqrt(q)), unit)
        closing = exact.close_where_possible(reduced)
        reduced = closing[-1].becomes if closing else reduced
        shown += ["As a mean over one variable it is", notation.display(f"M_2(q) = {notation.latex(reduced)}")]
    return [said, *shown]
