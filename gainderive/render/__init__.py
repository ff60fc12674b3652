"""From checked results to pages: text, MyST with LaTeX, HTML, PDF, the site, and the digest.

Formulas are printed by :mod:`gainderive.notation` from the objects that are checked; nothing here writes one.
"""

from gainderive.render.site import Built, build

__all__ = ["Built", "build"]
