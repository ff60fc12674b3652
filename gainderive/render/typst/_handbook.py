"""The handbook: every published result with its derivation and its evidence, as one PDF."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence

from gainderive import __version__, catalog, notation
from gainderive.catalog import Published, Result, Withdrawn
from gainderive.derivation import Derivation
from gainderive.render.pages import assumed, torch_in_words
from gainderive.render.steps import formulas
from gainderive.render.typst import _formula
from gainderive.render.typst._compile import pdf, template
from gainderive.render.typst._markup import markup, string, text
from gainderive.verification import Evidence, Verification

_TITLE = "The gainderive handbook"
_SUBTITLE = "Gains of neural-network initialization: derived, proved, enclosed, verified"
_OPENING = r"""
A *gain* $g$ sets the variance of a layer's weights, $\operatorname{Var} W = g^2/\text{fan}$, so that a signal neither
dies nor explodes on its way through a deep network. Each section of this book is one result about gains, under an ID
that is permanent and may be cited. Throughout, $z \sim N(0, 1)$, a preactivation is $\sqrt{q}\,z$ with second moment
$q$, and a *second moment* is never called a variance.

Every section holds the same things, in this order: the **claim**; the **assumptions** under which it holds, and what
changes where one fails; what a
lecturer would say about it **in words**; the **derivation**, line by line, each line with the reason why it follows
from the one before; the **evidence** from routes that are independent of the derivation; what PyTorch's table has;
**sources**; and how to **cite** it.

Nothing here was typed that could be computed. Lines and numbers were printed from the objects that a program checked.
"""
_STATUSES = r"""
- `proved`: a closed form, every step of its derivation checked by its own reason, and the value inside a rigorous
  interval.
- `enclosed`: no closed form is claimed; a rigorous interval from ball arithmetic, tails and kinks included.
- `estimated`: double-precision quadrature with an error estimate.
- `sampled`: Monte Carlo with a confidence sequence.
"""
_VERDICTS = r"""
Beside each step stands the verdict of its check. `proved` means that the line follows by the reason given, exactly.
`numeric only` means that it holds inside a rigorous interval, which earns the whole derivation the status `enclosed`.
A derivation with any other verdict is not printed. A claim of the table of evidence *agrees* where the interval that
its own error gives meets the rigorous one; no tolerance was chosen by hand.
"""


def handbook(sections: Iterable[str]) -> bytes:
    """Return the handbook as PDF.

    Parameters
    ----------
    sections : iterable of str
        From :func:`section`, in their order.

    Raises
    ------
    BadResult
        For a formula that cannot be typeset, or that fits no line.
    MissingExtra
        When Typst is not installed.
    """
    return pdf(source(sections))


def source(sections: Iterable[str]) -> str:
    """Return the handbook as a Typst source that needs no other file."""
    return "\n".join(
        [
            template("formula", "handbook"),
            "#show: body => handbook(",
            f"  title: {string(_TITLE)}, subtitle: {string(_SUBTITLE)}, version: {string('Version ' + __version__)},",
            f"  opening: [{_opening()}],",
            "  body,",
            ")",
            "\n\n".join(sections),
        ]
    )


def _opening() -> str:
    parts = ("How to read it", _OPENING), ("What a status means", _STATUSES), ("What a verdict means", _VERDICTS)
    (first, words), *others = parts
    heading = f"#heading(level: 1, outlined: false)[{text(first)}]\n\n{markup(words)}"
    return "\n\n".join([heading, *(_part(title, markup(body)) for title, body in others)])


def _part(title: str, body: str) -> str:
    return f"#heading(level: 2)[{text(title)}]\n\n{body}" if body else ""


def section(published: Published, verification: Verification | None, known: Collection[str]) -> str:
    """Return the section of a result as Typst.

    Parameters
    ----------
    published : Result or Withdrawn
        From :mod:`gainderive.catalog`.
    verification : Verification or None
        The evidence for a result; of a withdrawn one there is none.
    known : collection of str
        The IDs that have a section in the same book, to which a mention leads.
    """
    known = frozenset(known) - {published.id}
    if isinstance(published, Withdrawn):
        parts = [_part("Why it was withdrawn", markup(published.says, known))]
    else:
        assert verification is not None
        parts = _parts(published, verification, known)
    cited = f"{text(catalog.cite(published.id, 'text'))}\n\n#raw(block: true, {string(catalog.cite(published.id))})"
    parts.append(_part("How to cite", cited))
    status = published.status if verification is None else verification.status or "refused"
    named = f"id: {string(published.id)}, name: <{published.id}>, title: [{text(published.title)}]"
    body = "\n\n".join(part for part in parts if part)
    return f"#result({named}, status: {string(str(status))})[{body}]"


def _parts(result: Result, verification: Verification, known: frozenset[str]) -> list[str]:
    derivation = result.derivation
    return [
        f"#claim({_formula.data(notation.line(derivation.claim))})",
        _part("Assumptions", markup(assumed(derivation.assumptions), known)),
        _part("In words", markup(result.commentary, known)),
        _part("Derivation", "\n\n".join(_steps(derivation, known))),
        _part("Evidence", _evidence(verification.rows, known)),
        _part("PyTorch", markup(torch_in_words(result, verification), known)),
        _part("Sources", markup(notation.bullets(map(str, derivation.sources)))),
    ]


def _steps(derivation: Derivation, known: frozenset[str]) -> Iterator[str]:
    given, *reached = formulas(derivation)
    yield "Given:"
    yield f"#formula({_formula.data(given.latex)})"
    for number, (step, formula) in enumerate(zip(derivation.shown(), reached, strict=True), start=1):
        reason = markup(notation.reason(step), known)
        shown = f"{_formula.data(formula.latex)}, [{text(formula.remark)}]"
        yield f"#step({string(f'{number}.')}, [{reason}], {string(step.verdict)}, {shown})"


def _evidence(rows: Sequence[Evidence], known: frozenset[str]) -> str:
    cells = _formula.array(
        _formula.array(f"[{text(cell)}]" for cell in (row.route, row.value, row.error, row.verdict)) for row in rows
    )
    notes = notation.bullets(f"{row.route}: {row.note}" for row in rows if row.note and row.route != "torch")
    return f"#evidence({cells})\n\n{markup(notes, known)}"
