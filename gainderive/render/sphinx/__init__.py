"""The Sphinx extension of the site: references to results and activations, checked numbers, formulas by KaTeX, badges.

What a page may say of results, activations and units is read from the ``records`` in the folder of the sources, which
:mod:`gainderive.render.site` writes before Sphinx starts. A page that speaks of one depends on its record, so it is
read again when the record changes. A reference to what is not there is a warning, and a warning stops the build.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from gainderive import __version__
from gainderive.render.sphinx import _badges, _domain, _formulas, _navigation

if TYPE_CHECKING:
    from sphinx.application import Sphinx

__all__ = ["setup"]


def setup(app: Sphinx) -> dict[str, Any]:
    """Register everything with Sphinx."""
    for part in (_domain, _formulas, _badges, _navigation):
        part.setup(app)
    return {"version": __version__, "parallel_read_safe": True, "parallel_write_safe": True}
