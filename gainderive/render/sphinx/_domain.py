"""Roles and directives that speak of results, activations and units, and their entries in the inventory.

``{gd}`` and ``{activation}`` link to a page, ``{gain}`` prints a number, ``{beside}`` links to a file that stands
beside a page. The directive ``{claim}`` shows a result's claim, ``{beside}`` its files, ``{illustration}`` one of its
figures, ``{picture}`` a drawing. Other projects' Sphinx can link here too: by intersphinx, with
``:gd:result:`GD-0005``` and ``:gd:activation:`relu```.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterable
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from docutils import nodes
from docutils.nodes import Node, system_message
from docutils.parsers.rst import directives
from sphinx.addnodes import pending_xref
from sphinx.domains import Domain, ObjType
from sphinx.util.docutils import ReferenceRole, SphinxDirective, SphinxRole

from gainderive.render.pictures import THEMES
from gainderive.render.sphinx import _records
from gainderive.render.sphinx._number import decimal

if TYPE_CHECKING:
    from sphinx.application import Sphinx

_Found = tuple[list[Node], list[system_message]]


def setup(app: Sphinx) -> None:
    """Register the domain, and the short names of its roles."""
    app.add_domain(_GainDomain)
    app.add_role("gd", _Reference("result"))
    app.add_role("activation", _Reference("activation"))
    app.add_role("gain", _Number())
    app.add_role("beside", _Beside())
    app.add_directive("claim", _Claim)
    app.add_directive("beside", _Downloads)
    app.add_directive("illustration", _Illustration)
    app.add_directive("picture", _Picture)


class _GainDomain(Domain):
    """Every result, activation and unit under its name."""

    name = "gd"
    label = "gainderive"
    object_types: ClassVar[dict[str, ObjType]] = {
        "result": ObjType("result", "result"),
        "activation": ObjType("activation", "activation"),
    }

    def get_objects(self) -> Iterable[tuple[str, str, str, str, str, int]]:
        srcdir = Path(self.env.srcdir)
        for path in sorted((srcdir / _records.FOLDER).rglob("*.json")):
            kind = "result" if path.parent.name == "r" else "activation"
            page = _records.page(path.stem, srcdir)
            assert page is not None
            yield path.stem, path.stem, kind, page, "", 1

    def merge_domaindata(self, docnames: Any, otherdata: Any) -> None:
        """Nothing is held between pages."""

    def resolve_any_xref(self, *_: Any) -> list[Any]:
        """Names alone are no references: an activation may be called like anything else."""
        return []


class _Reference(ReferenceRole):
    """A link to a page, under the result's ID, the activation's title, or words of one's own."""

    def __init__(self, kind: str) -> None:
        super().__init__()
        self.kind = kind

    def run(self) -> _Found:
        srcdir = Path(self.env.srcdir)
        page = _records.page(self.target, srcdir)
        if page is None or page.startswith("r/") != (self.kind == "result"):
            advice = _records.nearest(self.target, srcdir)
            message = self.inliner.reporter.warning(f"no {self.kind} is called {self.target}{advice}", line=self.lineno)
            return [nodes.literal(self.rawtext, self.target)], [message]
        record = _records.record(page, self.env)
        shown = self.title if self.has_explicit_title or self.kind == "result" else record["title"]
        found = pending_xref(
            self.rawtext,
            nodes.inline("", shown, classes=["doc"]),
            refdomain="std",
            reftype="doc",
            reftarget=f"/{page}",
            refexplicit=True,
            refwarn=True,
            refdoc=self.env.docname,
        )
        # The title is for who points at an ID; where it is shown already it would only repeat itself.
        return [nodes.inline("", "", found, classes=["gd-reference"])], []


class _Number(SphinxRole):
    """The decimal of a gain: name, criterion (forward), digits (10)."""

    def run(self) -> _Found:
        name, *more = self.text.split()
        criterion = next((word for word in more if not word.isdigit()), "forward")
        digits = next((int(word) for word in more if word.isdigit()), 10)
        page = _records.page(name, Path(self.env.srcdir))
        if page is None:
            return self._refused(f"no activation is called {name}{_records.nearest(name, Path(self.env.srcdir))}")
        answer = _records.record(page, self.env)["gains"].get(criterion)
        if answer is None:
            return self._refused(f"no criterion is called {criterion}")
        if "enclosure" not in answer or answer["enclosure"] is None:
            return self._refused(f"{name} has no {criterion} gain to print: {answer.get('message', answer)}")
        shown = decimal(answer, digits)
        if shown is None:
            return self._refused(f"the {criterion} gain of {name} is not known to {digits} digits")
        return [nodes.math("", shown)], []

    def _refused(self, message: str) -> _Found:
        return [nodes.literal("", self.text)], [self.inliner.reporter.warning(message, line=self.lineno)]


class _Beside(ReferenceRole):
    """A link to a file beside the page, or, from ``/`` on, in the site; :mod:`gainderive.render.site` checks it."""

    def run(self) -> _Found:
        here = posixpath.dirname(self.env.docname)
        inside = self.target.lstrip("/") if self.target.startswith("/") else posixpath.join(here, self.target)
        uri = posixpath.relpath(inside, here or ".")
        return [nodes.reference(self.rawtext, self.title, refuri=uri, classes=["beside"])], []


class _Claim(SphinxDirective):
    """A result's claim as a formula."""

    required_arguments = 1

    def run(self) -> list[Node]:
        page = _records.page(self.arguments[0], Path(self.env.srcdir))
        if page is None:
            raise self.error(f"no result is called {self.arguments[0]}")
        latex = _records.record(page, self.env).get("claim_latex")
        if latex is None:
            raise self.error(f"{self.arguments[0]} was withdrawn and claims nothing")
        return [nodes.math_block(latex, latex, nowrap=False)]


class _Downloads(SphinxDirective):
    """The files beside a result's page, in a row."""

    required_arguments = 1

    def run(self) -> list[Node]:
        page = _records.page(self.arguments[0], Path(self.env.srcdir))
        if page is None:
            raise self.error(f"no result is called {self.arguments[0]}")
        row = nodes.paragraph("", "", classes=["downloads"])
        here = posixpath.dirname(self.env.docname)
        for name, words in _records.record(page, self.env)["files"].items():
            uri = posixpath.relpath(posixpath.join(posixpath.dirname(page), name), here or ".")
            row += [nodes.reference("", words, refuri=uri, classes=["beside"]), nodes.Text(" ")]
        return [row]


class _Illustration(SphinxDirective):
    """A figure of a result, by the result's ID and the figure's number on its page, with its caption."""

    required_arguments = 2

    def run(self) -> list[Node]:
        id, number = self.arguments
        page = _records.page(id, Path(self.env.srcdir))
        if page is None:
            raise self.error(f"no result is called {id}{_records.nearest(id, Path(self.env.srcdir))}")
        held = _records.record(page, self.env)["figures"]
        if number not in map(str, range(1, len(held) + 1)):
            raise self.error(f"{id} has {len(held)} figures, and none is number {number}")
        figure = held[int(number) - 1]
        inside = posixpath.join(posixpath.dirname(page), f"{figure['name']}.svg")
        uri = posixpath.relpath(inside, posixpath.dirname(self.env.docname) or ".")
        return [_picture(uri, figure["alt"], self.parse_text_to_nodes(figure["caption"]))]


class _Picture(SphinxDirective):
    """A drawing that stands beside the page in a light and a dark file, with its caption."""

    required_arguments = 1
    has_content = True
    option_spec: ClassVar[Any] = {"alt": directives.unchanged_required}

    def run(self) -> list[Node]:
        name = self.arguments[0]
        alt = self.options.get("alt", "")
        if not alt:
            raise self.error(f"the picture {name} has no :alt: text, which says what it shows to who does not see it")
        return [_picture(name, alt, self.parse_content_to_nodes())]


def _picture(uri: str, alt: str, parsed: list[Node]) -> nodes.figure:
    """Return a drawing with the file for each theme, of which the style shows one, and its caption."""
    stem, _, kind = uri.rpartition(".")
    shown = "".join(
        f'<img class="only-{theme}" src="{escape(f"{stem}{suffix}.{kind}")}" alt="{escape(alt)}" loading="lazy">'
        for theme, suffix in THEMES.items()
    )
    figure = nodes.figure(classes=["picture"])
    figure += nodes.raw("", shown, format="html")
    caption = nodes.caption()
    figure += caption
    caption += parsed[0].children if parsed and isinstance(parsed[0], nodes.paragraph) else parsed
    return figure
