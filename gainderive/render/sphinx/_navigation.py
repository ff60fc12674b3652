"""Which pages are written again: those that changed, or all when what stands beside every page changed."""

from __future__ import annotations

from collections.abc import Iterable
from hashlib import sha256
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment


def setup(app: Sphinx) -> None:
    """Compare what the sidebar shows with what it showed at the build before."""
    app.connect("env-updated", _all_when_the_sidebar_changed)
    app.connect("env-merge-info", lambda *_: None)


def _all_when_the_sidebar_changed(app: Sphinx, env: BuildEnvironment) -> Iterable[str]:
    shown = _fingerprint(env)
    before: Any = getattr(env, "gainderive_sidebar", None)
    env.gainderive_sidebar = shown  # type: ignore[attr-defined]
    return list(env.found_docs) if before not in (None, shown) else []


def _fingerprint(env: BuildEnvironment) -> str:
    total = sha256()
    for name in sorted(env.found_docs):
        total.update(f"{name}\0{env.titles[name].astext()}\0{env.toctree_includes.get(name)}\n".encode())
    return total.hexdigest()
