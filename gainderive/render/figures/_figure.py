"""The value that a figure is, and the files that it becomes."""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Callable
from dataclasses import dataclass, field
from html import escape
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from gainderive import files
from gainderive.errors import BadParameter, MissingExtra
from gainderive.render.plot import DARK, LIGHT, Ink

if TYPE_CHECKING:
    from matplotlib.figure import Figure as Canvas

Theme = Literal["auto", "light", "dark"]
HALF_SLIDE = (6.8, 5.2)
"""Inches: the share of a slide of 13.33 by 7.5 inches that a figure beside its text has."""
SLIDE = (13.33, 6.6)
"""Inches: a slide of 16:9 below its heading."""
_INKS = {"light": LIGHT, "dark": DARK}
_DPI = 192
# No date and no version of the program that drew it: equal figures are equal bytes.
_NAMELESS: dict[str, dict[str, Any]] = {
    "svg": {"Date": None, "Creator": None, "Format": None, "Type": None},
    "png": {"Software": None},
    "pdf": {"CreationDate": None, "Creator": None, "Producer": None},
}


@dataclass(frozen=True)
class Figure:
    r"""A picture that is drawn when it is asked for, and what it shows in words.

    Equal figures give equal bytes: no date, identifiers hashed with a fixed salt, text as paths, coordinates
    rounded to a hundredth of a point. Every figure brings its own ground, so that it is readable wherever it is put.

    Attributes
    ----------
    caption : str
        What is seen and what follows from it, as Markdown with LaTeX.
    alt : str
        The same for those who do not see it, as plain text.
    draw : callable
        Draws on a matplotlib figure in the given inks.
    size : (float, float)
        Width and height in inches.

    Examples
    --------
    >>> from gainderive.render.figures import figure
    >>> shown = figure("slope", "tanh")
    >>> shown.alt.partition(". ")[0]
    'The slope of tanh and where it is small'
    >>> shown.svg().startswith("<?xml"), shown.png()[:4]
    (True, b'\x89PNG')
    """

    caption: str
    alt: str
    draw: Callable[[Canvas, Ink], None] = field(repr=False)
    size: tuple[float, float] = HALF_SLIDE

    def svg(self, theme: Theme = "auto") -> str:
        """Return the picture as SVG; ``"auto"`` follows the light or dark scheme that the reader's system prefers.

        Raises
        ------
        BadParameter
            For another theme than ``"auto"``, ``"light"`` or ``"dark"``.
        MissingExtra
            When matplotlib is not installed.
        """
        drawn = self._drawn("svg", LIGHT if theme == "auto" else _ink(theme)).decode()
        drawn = re.sub(r"<!--.*?-->\n?", "", drawn, flags=re.DOTALL)
        drawn = re.sub(r'(?<= )(?:d|x|y)="[^"]*"', _rounded, drawn)
        drawn = drawn.replace("<svg ", f'<svg role="img" aria-label="{escape(self.alt)}" ', 1)
        return _following_the_reader(drawn) if theme == "auto" else drawn

    def png(self, dpi: int = _DPI, theme: Theme = "light") -> bytes:
        """Return the picture as PNG; without anybody to ask, ``"auto"`` is light."""
        return self._drawn("png", LIGHT if theme == "auto" else _ink(theme), dpi=dpi)

    def pdf(self, theme: Theme = "light") -> bytes:
        """Return the picture as PDF; without anybody to ask, ``"auto"`` is light."""
        return self._drawn("pdf", LIGHT if theme == "auto" else _ink(theme))

    def save(self, path: str | Path, theme: Theme = "auto") -> None:
        """Write the picture to a file, whose suffix says what it becomes; it is there as a whole or not at all.

        Raises
        ------
        BadParameter
            For another suffix than ``.svg``, ``.png`` or ``.pdf``, and for a folder that does not exist.
        """
        path = Path(path)
        if not path.parent.is_dir():
            raise BadParameter(f"there is no folder {str(path.parent)!r} for the figure; make it first")
        files.write(path, self._of_suffix(path.suffix.lower(), path.name, theme))

    def _of_suffix(self, suffix: str, name: str, theme: Theme) -> bytes:
        match suffix:
            case ".svg":
                return self.svg(theme).encode()
            case ".png":
                return self.png(theme=theme)
            case ".pdf":
                return self.pdf(theme)
        raise BadParameter(f"a figure is written to a file that ends in .svg, .png or .pdf, not to {name!r}")

    def _drawn(self, kind: str, ink: Ink, **more: Any) -> bytes:
        try:
            from matplotlib import style
            from matplotlib.backends.backend_agg import FigureCanvasAgg
            from matplotlib.figure import Figure as Canvas
        except ModuleNotFoundError:
            raise MissingExtra("drawing a figure", "matplotlib", "plot") from None
        written = BytesIO()
        # On top of matplotlib's own defaults, whatever the user has set elsewhere.
        with style.context(["default", ink.settings()]):
            canvas = Canvas(figsize=self.size, layout="constrained")
            FigureCanvasAgg(canvas)
            self.draw(canvas, ink)
            canvas.savefig(written, format=kind, metadata=_NAMELESS[kind], **more)
        return written.getvalue()

    def _repr_svg_(self) -> str:
        return self.svg()

    def _repr_html_(self) -> str:
        # As an image of its own, so that the identifiers of several figures in one notebook stay apart.
        data = b64encode(self.svg().encode()).decode()
        image = f'<img alt="{escape(self.alt)}" src="data:image/svg+xml;base64,{data}">'
        return f"<figure>{image}<figcaption>{escape(self.caption)}</figcaption></figure>"


def _ink(theme: str) -> Ink:
    try:
        return _INKS[theme]
    except KeyError:
        raise BadParameter(f"a figure's theme is 'auto', 'light' or 'dark', not {theme!r}") from None


def _rounded(attribute: re.Match[str]) -> str:
    """Round coordinates, so that the last bits in which machines differ are not in the file."""
    return re.sub(r"-?\d+\.\d{3,}", lambda number: f"{round(float(number[0]), 2) + 0.0:.12g}", attribute[0])


def _following_the_reader(svg: str) -> str:
    """Return the picture with a style sheet for both schemes, and the drawn colours as its variables."""
    light, dark = LIGHT.variables(), DARK.variables()
    for name, drawn in light.items():
        svg = svg.replace(drawn, f"var(--{name}, {drawn})")
    by_day, by_night = (";".join(f"--{name}:{value}" for name, value in of.items()) for of in (light, dark))
    style = f"<style>svg{{{by_day}}}@media (prefers-color-scheme: dark){{svg{{{by_night}}}}}</style>"
    return re.sub(r"(<svg\b[^>]*>)", lambda opening: f"{opening[0]}\n {style}", svg, count=1)
