"""Inline code that is exactly a status or a verdict becomes a badge."""

from __future__ import annotations

from typing import TYPE_CHECKING

from docutils import nodes
from sphinx.transforms import SphinxTransform

if TYPE_CHECKING:
    from sphinx.application import Sphinx


def setup(app: Sphinx) -> None:
    """Register the transform."""
    app.add_transform(_Badges)


def _words() -> dict[str, str]:
    """Return the class of each badge by the words on it: statuses, verdicts, and what stands where there is neither."""
    from gainderive.derivation import Verdict
    from gainderive.status import Status

    words = {str(status): str(status) for status in Status}
    words |= {str(verdict): verdict.name.lower().replace("_", "-") for verdict in Verdict}
    return words | {"refused": "false", "withdrawn": "false"}


class _Badges(SphinxTransform):
    default_priority = 400

    def apply(self, **kwargs: object) -> None:
        kinds = _words()
        for code in list(self.document.findall(nodes.literal)):
            kind = kinds.get(code.astext())
            if kind is not None:
                code.replace_self(nodes.inline("", code.astext(), classes=["badge", f"badge-{kind}"]))
