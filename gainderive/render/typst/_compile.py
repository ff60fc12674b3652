"""Typst sources to PDF, with the fonts that Typst itself carries, so that every machine makes the same bytes."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from gainderive.errors import BadResult, MissingExtra

if TYPE_CHECKING:
    from typst import Compiler, Fonts

T = TypeVar("T")

_ASSETS = Path(__file__).parent / "assets"


def template(*names: str) -> str:
    """Return templates, one after the other."""
    return "\n".join((_ASSETS / f"{name}.typ").read_text(encoding="utf-8") for name in names)


def pdf(source: str) -> bytes:
    r"""Return a Typst source as PDF.

    Raises
    ------
    BadResult
        With what Typst says, such as that a slide is too full.
    MissingExtra
        When Typst is not installed.

    Examples
    --------
    >>> pdf("#set document(date: none)\nHello")[:5]
    b'%PDF-'
    """
    made = _guarded(lambda: _compiler(source).compile(format="pdf"))
    assert isinstance(made, bytes)
    return made


def metadata(source: str, label: str) -> list[Any]:
    """Return the values of all ``#metadata(..)`` that carry `label` in a Typst source, in the order of its pages.

    Raises
    ------
    BadResult, MissingExtra
        As :func:`pdf`.

    Examples
    --------
    >>> metadata("#metadata(1)<n> #metadata(2)<n>", "n")
    [1, 2]
    """
    return _guarded(lambda: list(json.loads(_compiler(source).query(f"<{label}>", field="value"))))


def _compiler(source: str) -> Compiler:
    try:
        from typst import Compiler
    except ModuleNotFoundError:
        raise MissingExtra("typesetting", "typst", "pdf") from None
    return Compiler(source.encode(), font_paths=_fonts(), ignore_system_fonts=True)


@cache
def _fonts() -> Fonts:
    from typst import Fonts

    return Fonts(include_system_fonts=False)


def _guarded(ask: Callable[[], T]) -> T:
    """Return what Typst answers; its refusal is an error of this library."""
    try:
        return ask()
    except RuntimeError as refusal:
        raise BadResult(f"Typst refuses: {refusal}") from None
