"""A figure on a page of the site: the directive that shows it, and its files, one for each theme."""

from __future__ import annotations

from gainderive.render.figures import Figure, Theme

THEMES: dict[Theme, str] = {"light": "", "dark": "-dark"}
"""What each theme's file adds to the figure's name."""


def shown(name: str, figure: Figure) -> str:
    """Return the MyST that shows a figure called `name`, with its caption, and what it says to who does not see it."""
    return f":::{{picture}} {name}.svg\n:alt: {_line(figure.alt)}\n\n{figure.caption}\n:::"


def entry(name: str, figure: Figure) -> dict[str, str]:
    """Return what another page needs in order to show a figure called `name`."""
    return {"name": name, "alt": _line(figure.alt), "caption": figure.caption}


def files(name: str, figure: Figure) -> dict[str, bytes]:
    """Return the files of a figure by name."""
    return {f"{name}{suffix}.svg": figure.svg(theme).encode() for theme, suffix in THEMES.items()}


def _line(words: str) -> str:
    return " ".join(words.split())
