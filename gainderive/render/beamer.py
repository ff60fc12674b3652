r"""Slides as LaTeX source for the class beamer, for those who have TeX.

The topics are those of :mod:`gainderive.render.typst`: claim and assumptions, the derivation line by line, the
evidence, sources; what there is to say stands in ``\note``. Only what every TeX distribution has is used, and any
of its engines will do.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from gainderive import __version__, catalog, notation
from gainderive.notation import Shown
from gainderive.render.latex import markdown
from gainderive.render.steps import Formula, formulas
from gainderive.render.topic import Topic, headline
from gainderive.tex import sentence

_HEAD = r"""% Written by `gainderive slides`. To see the notes: \setbeameroption{show notes on second screen}
\documentclass[aspectratio=169]{beamer}
\usepackage[T1]{fontenc}
\usepackage{amsmath,amssymb,graphicx}
\setbeamertemplate{navigation symbols}{}
\newsavebox{\formula}
% A formula that is wider than its line becomes smaller.
\newcommand{\fitted}[1]{\sbox{\formula}{$\displaystyle #1$}%
  \ifdim\wd\formula>\linewidth\resizebox{\linewidth}{!}{\usebox{\formula}}\else\usebox{\formula}\fi}
"""
_LINES = 4
"""Lines of a derivation on one frame."""


def beamer(topics: Sequence[Topic], title: str = "") -> str:
    r"""Return slides on some topics as a LaTeX document.

    Raises
    ------
    BadResult
        For Markdown or a sign that it has no LaTeX for.

    Examples
    --------
    >>> from gainderive.render.topic import topic
    >>> beamer([topic("GD-0019")]).splitlines()[1]
    '\\documentclass[aspectratio=169]{beamer}'
    """
    named = [rf"\title{{{sentence(headline(topics, title))}}}", rf"\subtitle{{gainderive {__version__}}}", r"\date{}"]
    frames = (frame for topic in topics for frame in _frames(topic))
    first = "\\begin{frame}\n\\titlepage\n\\end{frame}"
    body = [r"\begin{document}", first, *frames, *_closing(topics), r"\end{document}"]
    return _HEAD + "\n".join(named) + "\n\n" + "\n\n".join(body) + "\n"


# -- frames ----------------------------------------------------------------------------------


def _frames(topic: Topic) -> Iterator[str]:
    derivation = topic.derivation
    claim = _centred(Formula(notation.line(derivation.claim)))
    assumed = _items(sentence(str(assumption)) for assumption in derivation.assumptions)
    block = f"\\begin{{block}}{{Claim ({topic.status})}}\n{claim}\n\\end{{block}}"
    yield _frame(topic.title, f"{block}\n{assumed}", markdown(topic.commentary))
    yield from _derivation(topic)
    yield _evidence(topic)


def _evidence(topic: Topic) -> str:
    lines = [("Route", "Value", "Error", "Verdict")]
    lines += [(row.route, row.value, row.error, row.verdict) for row in topic.verification.rows]
    head, *rows = (" & ".join(map(sentence, line)) + r" \\" for line in lines)
    drawn = "\n".join([r"\begin{tabular}{llll}", rf"{head} \hline", *rows, r"\end{tabular}"])
    body = f"\\resizebox{{\\linewidth}}{{!}}{{{drawn}}}\n\n\\medskip\n{markdown(topic.torch)}"
    return _frame(f"{topic.label}: evidence", body.rstrip(), markdown(topic.provenance))


def _derivation(topic: Topic) -> Iterator[str]:
    """Yield the derivation, a few lines a frame; each frame begins with the last line of the one before."""
    steps = topic.derivation.shown()
    lines = [_centred(formula) for formula in formulas(topic.derivation)]
    for start in range(0, len(steps), _LINES):
        some = list(enumerate(steps, start=1))[start : start + _LINES]
        shown = [lines[start]]
        shown += [rf"\onslide<{number - start + 1}->{{{lines[number]}}}" for number, _ in some]
        reasons = "\n".join(_reason(number - start + 1, number, step) for number, step in some)
        body = "\n\n\\medskip\n".join(shown) + f"\n\n\\vfill\n{reasons}"
        said = "\n\n".join(markdown(notation.reason(step)) for _, step in some)
        yield _frame(f"{topic.label}: derivation", body, said)


def _reason(overlay: int, number: int, step: Shown) -> str:
    return rf"\only<{overlay}>{{{number}. {markdown(notation.reason(step))} \hfill\emph{{{sentence(step.verdict)}}}}}"


def _centred(formula: Formula) -> str:
    remark = f" {sentence(formula.remark)}" if formula.remark else ""
    return rf"{{\centering\fitted{{{formula.latex}}}\par}}{remark}"


def _items(items: Iterable[str]) -> str:
    lines = "\n".join(rf"\item {item}" for item in items)
    return f"\\begin{{itemize}}\n{lines}\n\\end{{itemize}}" if lines else ""


def _frame(title: str, body: str, note: str) -> str:
    said = f"\n\\note{{{note}}}" if note else ""
    return f"\\begin{{frame}}{{{sentence(title)}}}\n{body}{said}\n\\end{{frame}}"


def _closing(topics: Sequence[Topic]) -> Iterator[str]:
    sources = tuple(dict.fromkeys(str(source) for topic in topics for source in topic.derivation.sources))
    if sources:
        yield _frame("Sources", f"\\footnotesize\n{markdown(notation.bullets(sources))}", "")
    cited = [catalog.cite(topic.result.id, "text") for topic in topics if topic.result is not None]
    if cited:
        yield _frame("How to cite", _items(map(sentence, cited)), "")
