"""The Markdown page of one activation."""

from __future__ import annotations

from gainderive import notation
from gainderive.activations import Activation, Choice
from gainderive.render import pictures, sections
from gainderive.render.figures import Figure, figure
from gainderive.render.markdown import gains_table, link, linked, section
from gainderive.render.portrait import Portrait

SYMBOLS = {
    "mean": r"\mathbb{E}\,\phi(z)",
    "second moment": r"\mathbb{E}\,\phi(z)^2",
    "variance": r"\operatorname{Var}\phi(z)",
    "slope's second moment": r"\mathbb{E}\,\phi'(z)^2",
}
"""How each moment is written."""


def picture(portrait: Portrait) -> Figure:
    """Return the activation's picture."""
    return figure("activation", portrait.closed)


def page(portrait: Portrait) -> str:
    """Return the page of an activation as Markdown with LaTeX; its plot lies beside it."""
    activation = portrait.entry
    assert isinstance(activation, Activation)
    defaults = sections.at_defaults(activation)
    parts = [
        f"# {activation.title}",
        sections.names(activation),
        "## Definition",
        notation.display(rf"\phi(x) = {notation.latex(activation.expression)}"),
        sections.docstring(activation),
        *_letters(activation),
        *section("Elsewhere", _elsewhere(activation)),
        "## Shape",
        pictures.shown(activation.name, picture(portrait)),
        "## Moments",
        r"For $z \sim N(0, 1)$" + (f", intervals {defaults}:" if defaults else ":"),
        *sections.moments(portrait.moments, SYMBOLS),
        "## Length map",
        *sections.length_map(portrait, r"M_2(q) = \mathbb{E}\,\phi(\sqrt{q}\,z)^2"),
        "## The five gains",
        *([f"The gains {defaults}:"] if defaults else []),
        gains_table(portrait.gains),
        *sections.what_a_jump_hides(portrait),
        *sections.derivations(portrait),
        *section("PyTorch", sections.torch(portrait)),
        *section("Published results", sections.results(portrait)),
        *section("Sources", notation.bullets([activation.source] if activation.source else [])),
    ]
    return linked("\n\n".join(parts)) + "\n"


def _letters(activation: Activation) -> list[str]:
    """Return the tables of parameters and of named constants."""
    shown = sections.parameters(activation)
    if activation.relations:
        shown.append(f"Between them: {', '.join(f'${notation.latex(r)}$' for r in activation.relations)}.")
    shown += [_chosen(choice) for choice in activation.choices]
    if activation.constants:
        lines = (
            notation.display(f"{notation.latex(c.symbol)} = {notation.latex(c.value)}") for c in activation.constants
        )
        shown += ["Its constants:", *lines]
    return shown


def _chosen(choice: Choice) -> str:
    """Return which other formulas a keyword chooses, in words."""
    words: dict[str, list[str]] = {}
    for word, other in choice.options.items():
        if other is not None:
            words.setdefault(link(other, other.title), []).append(f"`{choice.name}={word!r}`")
    return "; ".join(f"{other} is chosen by {' and '.join(given)}" for other, given in words.items()) + "."


def _elsewhere(activation: Activation) -> str:
    """Return what others call the activation, and which of them have other defaults."""
    parts = [", ".join(f"`{called}`" for called in activation.elsewhere)]
    for called, defaults in activation.other_defaults.items():
        shown = ", ".join(f"`{name}` = ${notation.latex(value)}$" for name, value in defaults.items())
        parts.append(f"`{called}`, where {shown}")
    return notation.bullets(part for part in parts if part)
