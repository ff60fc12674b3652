"""Every link of the site, held against the files and anchors that are there."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Mapping
from html import unescape
from urllib.parse import unquote

_TARGET = re.compile(r'<(?:a|img|link|script|source|object)\b[^>]*?\s(?:href|src|data)="([^"]*)"')
_ANCHOR = re.compile(r'\s(?:id|name)="([^"]*)"')
_ELSEWHERE = re.compile(r"[a-z][a-z0-9+.-]*:|//", re.IGNORECASE)


def broken(site: Mapping[str, bytes]) -> list[str]:
    """Return what links to nothing: the page and the target, in words.

    >>> broken({"a.html": b'<a href="b.html#there">', "b.html": b'<p id="here">'})
    ['a.html links to b.html#there, where no such place is']
    >>> broken({"r/a.html": b'<img src="../b.svg">'})
    ['r/a.html links to b.svg, which is not there']
    """
    texts = {name: held.decode() for name, held in site.items() if name.endswith(".html")}
    anchors = {name: {unescape(found) for found in _ANCHOR.findall(text)} for name, text in texts.items()}
    return [problem for name, text in texts.items() for problem in _problems(name, text, site, anchors)]


def _problems(name: str, text: str, site: Mapping[str, bytes], anchors: Mapping[str, set[str]]) -> Iterator[str]:
    for target in sorted(set(_TARGET.findall(text))):
        uri = unescape(target)
        if _ELSEWHERE.match(uri):
            continue
        path, _, anchor = uri.partition("#")
        path = unquote(path.partition("?")[0])
        file = posixpath.normpath(posixpath.join(posixpath.dirname(name), path)) if path else name
        if file not in site:
            yield f"{name} links to {file}, which is not there"
        elif anchor and file in anchors and unquote(anchor) not in anchors[file]:
            yield f"{name} links to {file}#{anchor}, where no such place is"
