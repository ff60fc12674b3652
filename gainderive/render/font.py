"""The font of the formulas: STIX Two Math with tall roots and brackets as narrow as small ones.

Chromium reserves for a stretched sign the width of its widest size (MathML Core, "preferred inline size"), so
in the font as it comes a gap follows every root and surrounds every bracket: 0.42 em after a small root. Here no
size of a stretched sign is more than a tenth wider than the smallest. Under the font's licence (SIL OFL 1.1) a
changed font has another name.
"""

from __future__ import annotations

from importlib.util import find_spec
from io import BytesIO
from pathlib import Path
from typing import Any

from gainderive.errors import MissingExtra

NAME = "Gainderive Math"
STRETCHED = "√()[]{}|‖⟨⟩⌈⌉⌊⌋"
WIDEST = 1.1
"""How much wider than its smallest size a stretched sign may be."""


def source() -> Path:
    """Return the font file; its package is found and not imported.

    Raises
    ------
    MissingExtra
        When the package is not installed.
    """
    package = find_spec("ziamath")
    if package is None or package.origin is None:
        raise MissingExtra("building the site", "ziamath", "docs")
    return Path(package.origin).parent / "fonts" / "STIXTwoMath-Regular.ttf"


def adapted() -> bytes:
    """Return the font with its stretched signs narrowed, under its own name."""
    try:
        from fontTools.ttLib import TTFont
    except ModuleNotFoundError:
        raise MissingExtra("building the site", "fonttools", "docs") from None
    font = TTFont(source(), recalcTimestamp=False)
    variants = font["MATH"].table.MathVariants
    base_of = {name: char for char, name in font.getBestCmap().items() if chr(char) in STRETCHED}
    narrowed = set[str]()
    for base, construction in zip(variants.VertGlyphCoverage.glyphs, variants.VertGlyphConstruction, strict=True):
        if base in base_of:
            for glyph in _sizes(construction) - narrowed:
                _narrow(font, glyph, round(WIDEST * font["hmtx"][base][0]))
                narrowed.add(glyph)
    for record in font["name"].names:
        if record.nameID in (1, 3, 4, 6, 16):
            record.string = NAME.replace(" ", "") if record.nameID == 6 else NAME
    written = BytesIO()
    font.save(written)
    return written.getvalue()


def _sizes(construction: Any) -> set[str]:
    sizes = {record.VariantGlyph for record in construction.MathGlyphVariantRecord}
    if construction.GlyphAssembly is not None:
        sizes |= {part.glyph for part in construction.GlyphAssembly.PartRecords}
    return sizes


def _narrow(font: Any, name: str, widest: int) -> None:
    width, left = font["hmtx"][name]
    if width <= widest:
        return
    factor = widest / width
    glyph = font["glyf"][name]
    glyph.coordinates.scale((factor, 1))
    glyph.coordinates.toInt()
    glyph.removeHinting()
    font["hmtx"][name] = (widest, round(left * factor))
