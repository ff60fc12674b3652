"""The Markdown page of one result, and the index of all.

Every formula and number on a page comes from the derivation and its verification; the only prose that a
person wrote is the result's own title, assumptions and commentary.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from importlib.util import find_spec
from typing import Any

from sympy import Basic, Contains, Expr

from gainderive import catalog, facade, notation, units
from gainderive.catalog import Absent, Agrees, Differs, Result
from gainderive.criteria import Criterion
from gainderive.errors import GainderiveError, SeveralGains
from gainderive.facade import Entry, Gain, Gains
from gainderive.units import Unit
from gainderive.verification import Evidence, Verification, torch_gain

MOST_OPERATIONS = 12
"""Operations up to which a closed form fits into a table."""
_MENTIONED = re.compile(r"(?<![\w\[/-])(GD-\d{4})(?![\w\]])")


def page(result: Result, verification: Verification) -> str:
    """Return the page of a result as Markdown with LaTeX.

    Parameters
    ----------
    result : Result
        From :mod:`gainderive.catalog`.
    verification : Verification
        Its evidence.
    """
    derivation = result.derivation
    steps = linked(notation.numbered(derivation.given, derivation.shown()), result.id)
    sections = [
        f"# {result.title}",
        f"{result.id} · `{verification.status or 'refused'}`",
        "## Claim",
        notation.display(notation.line(derivation.claim)),
        *section("Assumptions", notation.bullets(linked(a, result.id) for a in derivation.assumptions)),
        *section("In words", linked(result.commentary.strip(), result.id)),
        *section("Derivation", f"Given:\n\n{steps}" if derivation.steps else steps),
        *section("Evidence", evidence(verification.rows)),
        *section("The five gains", five_gains(result)),
        *section("PyTorch", linked(torch_in_words(result, verification), result.id)),
        *section("Sources", notation.bullets(map(str, derivation.sources))),
        *section("Cite", f"```bibtex\n{catalog.cite(result.id)}\n```"),
    ]
    return "\n\n".join(sections) + "\n"


def section(title: str, body: str) -> list[str]:
    """Return a section's heading and body; nothing where the body is empty."""
    return [f"## {title}", body] if body else []


def linked(text: str, own: str = "", *, root: str = "") -> str:
    """Return Markdown in which every mentioned result is a link to its page below `root`, except the page's own.

    >>> linked("By GD-0001 and GD-0005.", "GD-0005")
    'By [GD-0001](GD-0001.md) and GD-0005.'
    >>> linked("By GD-0001.", root="../")
    'By [GD-0001](../GD-0001.md).'
    """
    return _MENTIONED.sub(lambda m: m[1] if m[1] == own else f"{{gd}}`{m[1]}`", text)


def evidence(rows: Sequence[Evidence]) -> str:
    """Return the evidence table as Markdown."""
    return table(
        ("Route", "Value", "Error", "Verdict", "How"),
        # What torch says has a section of its own.
        ((r.route, r.value, r.error, r.verdict, "" if r.route == "torch" else r.note) for r in rows),
    )


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    r"""Return a Markdown table.

    >>> print(table(("a", "b"), [("1", "x|y")]))
    | a | b |
    |---|---|
    | 1 | x\|y |
    """
    lines = [head, *rows]
    cells = [[cell.replace("|", r"\|").replace("\n", " ") for cell in line] for line in lines]
    drawn = [f"| {' | '.join(line)} |" for line in cells]
    return "\n".join([drawn[0], "|" + "---|" * len(head), *drawn[1:]])


def five_gains(result: Result) -> str:
    """Return the table of all five gains of the activation that the result settles, as Markdown, linked to its page."""
    if result.settles is None:
        return ""
    entry = units.named(result.settles.activation)
    own = f"{{activation}}`{entry.name}`"
    return f"{gains_table(facade.gains(entry.name))}\n\nMore: {own}, [all activations](../activations/index.md)."


def folder(entry: Entry) -> str:
    """Return the folder in which an activation or unit has its page: it is called as that of its file.

    >>> folder(units.named("relu")), folder(units.named("glu"))
    ('activations', 'units')
    """
    return "units" if isinstance(entry, Unit) else "activations"


def gains_table(gains: Gains) -> str:
    """Return the table of five gains as Markdown."""
    rows = ((f"`{criterion}`", Criterion(criterion).meaning, *_answer(gains[criterion])) for criterion in gains)
    return table(("Criterion", "Condition in words", "Gain", "Status"), rows)


def _answer(answer: Gain | GainderiveError) -> tuple[str, str]:
    if isinstance(answer, Gain):
        return f"${number(answer.exact, answer.value)}$", f"`{answer.status}`"
    if isinstance(answer, SeveralGains) and answer.roots:
        shown = ", ".join(f"${number(root.exact, root.value)}$" for root in answer.roots)
        return f"{len(answer.roots)} solutions: {shown}", f"`{min(root.status for root in answer.roots)}`"
    return str(answer), "none"


def number(exact: Expr | None, value: float | None) -> str:
    r"""Return a closed form that is short enough for a table, and ten digits of its value, as LaTeX.

    >>> from sympy import Rational, sqrt
    >>> number(sqrt(2), 2**0.5), number(Rational(1, 2), 0.5), number(None, 1.5925374197228315)
    ('\\sqrt{2} \\approx 1.414213562', '\\frac{1}{2}', '\\approx 1.59253742')
    """
    decimal = "" if value is None else rf"\approx {value:.10g}"
    if exact is None:
        return decimal
    if exact.is_Rational or (not decimal and exact.count_ops() <= MOST_OPERATIONS):
        return notation.latex(exact)
    return f"{notation.latex(exact)} {decimal}" if exact.count_ops() <= MOST_OPERATIONS else decimal


def torch_in_words(result: Result, verification: Verification) -> str:
    """Return what ``torch.nn.init.calculate_gain`` says, as a paragraph; empty when it is not about this result."""
    row = next((row for row in verification.rows if row.route == "torch"), None)
    if row is None or find_spec("torch") is None:
        return result.torch.because if isinstance(result.torch, Differs) else ""
    call = f"`torch.nn.init.calculate_gain({_known_to_torch(result)!r})`".replace("'", '"')
    match result.torch:
        case Agrees():
            return f"{call} returns {row.value}, the derived gain up to the rounding of a double ({row.note})."
        case Differs():
            return f"{call} returns {row.value}, **not** the derived gain. {_sentence(row.note)}"
        case Absent():
            return f"{row.note} for {result.names[0]}."


def _known_to_torch(result: Result) -> str:
    """Return the first of the activation's names that the installed torch knows."""
    return next((name for name in result.names if torch_gain(name) is not None), result.names[0])


def _sentence(text: str) -> str:
    return text if text.endswith(".") else f"{text}."


def entry(result: Result) -> dict[str, Any]:
    """Return what the index shows of a result, as plain data."""
    return {
        "title": result.title,
        "status": str(result.status),
        "gain": _gain(result.derivation.claim) if result.settles else "",
    }


def _gain(claim: Basic) -> str:
    """Return the claimed gain as LaTeX, an interval as a decimal that fits into a table."""
    if isinstance(claim, Contains) and claim.args[1].start.is_Rational:
        value, interval = claim.args
        middle = (interval.start + interval.end) / 2
        return rf"{notation.latex(value)} \approx {float(middle):.10g}"
    return notation.line(claim)


def index(entries: Mapping[str, Mapping[str, Any]]) -> str:
    """Return the index of all results, in the order of their IDs, as Markdown."""
    rows = (
        (f"[{id}]({id}.md)", shown["title"], f"`{shown['status']}`", f"${shown['gain']}$" if shown["gain"] else "")
        for id, shown in entries.items()
    )
    return (
        "\n\n".join(
            [
                "# Derivations of initialization gains",
                r"A gain $g$ sets $\operatorname{Var} W = g^2/\text{fan}$. Every page below was derived and checked "
                "step by step; whatever has a numerical value was also enclosed in a rigorous interval and compared "
                "with independent routes.",
                "[All activations and units](../activations/index.md) are compared in a table of their five gains; each "
                "has a page.",
                table(("ID", "Result", "Status", "Gain"), rows),
            ]
        )
        + "\n"
    )


def beside(result, verification):
    return {f"{result.id}.bib": catalog.cite(result.id)}


def downloads(beside):
    return {name: name for name in beside}
