"""A figure on a page of the site: the directive that shows it, and its files, one for each theme."""

from __future__ import annotations

from gainderive.render.figures import Figure, Theme

THEMES: dict[Theme, str] = {"light": "", "dark": "-dark"}
"""What each theme's file adds to the figure's name."""


def shown(name: str, figure: Figure) -> str:
    """Return the MyST that shows a figure called `name`, with its caption, and what it says to who does not see it."""
    alt = " ".join(figure.alt.split())
    return f":::{{picture}} {name}.svg\n:alt: {alt}\n\n{figure.caption}\n:::"


def files(name: str, figure: Figure) -> dict[str, bytes]:
    """Return the files of a figure by name."""
    return {f"{name}{suffix}.svg": figure.svg(theme).encode() for theme, suffix in THEMES.items()}
