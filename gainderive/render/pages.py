"""The page of one result as MyST, and the gallery of all.

Every formula and number on a page comes from the derivation and its verification; the only prose that a
person wrote is the result's own title, assumptions and commentary.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from importlib.util import find_spec
from typing import Any

from sympy import Basic, Contains

from gainderive import catalog, facade, notation, units
from gainderive.assumptions import Assumption
from gainderive.catalog import Absent, Agrees, Differs, Published, Result, Topic, Withdrawn
from gainderive.render import pictures
from gainderive.render.illustrations import illustrations
from gainderive.render.markdown import gains_table, link, linked, section, table
from gainderive.render.steps import steps
from gainderive.verification import Evidence, Verification, torch_gain


def page(published: Published, verification: Verification | None = None) -> str:
    """Return the page of a result as MyST; that of a withdrawn one says why.

    Parameters
    ----------
    published : Result or Withdrawn
        From :mod:`gainderive.catalog`.
    verification : Verification or None
        The evidence for a result; of a withdrawn one there is none.
    """
    if isinstance(published, Withdrawn):
        return _withdrawn(published)
    assert verification is not None
    derivation = published.derivation
    own = published.id
    parts = [
        f"# {own}: {published.title}",
        f"`{verification.status or 'refused'}`{_settles(published)}",
        notation.display(notation.line(derivation.claim)),
        f"```{{beside}} {own}\n```",
        *section("Assumptions", linked(assumed(derivation.assumptions), own)),
        *section("In words", linked(published.commentary.strip(), own)),
        *section("Derivation", linked(steps(derivation), own)),
        *section("Evidence", evidence(verification.rows)),
        *section("Figures", _figures(published)),
        *section("The five gains", five_gains(published)),
        *section("PyTorch", linked(torch_in_words(published, verification), own)),
        *section("Sources", notation.bullets(map(str, derivation.sources))),
        *section("How to cite", _citations(own)),
    ]
    return "\n\n".join(parts) + "\n"


def _withdrawn(entry: Withdrawn) -> str:
    parts = [
        f"# {entry.id}: {entry.title}",
        f"`{entry.status}`",
        f"```{{beside}} {entry.id}\n```",
        "## Why it was withdrawn",
        linked(entry.because, entry.id),
        f"This result does not stand since gainderive {entry.since}. Its ID stays, so that whoever cited it finds "
        "this.",
        *section("What replaces it", f"{{gd}}`{entry.replaced_by}`" if entry.replaced_by else ""),
        *section("How to cite", _citations(entry.id)),
    ]
    return "\n\n".join(parts) + "\n"


def _settles(result: Result) -> str:
    if result.settles is None:
        return ""
    entry = units.named(result.settles.activation)
    return f" It settles the `{result.settles.criterion}` gain of {link(entry, entry.title)}."


def assumed(assumptions: Iterable[Assumption]) -> str:
    """Return the list of assumptions, each with what changes if it fails.

    >>> print(assumed([Assumption("x is real", otherwise="So be it.")]))
    - x is real
    <BLANKLINE>
      *If it fails:* So be it.
    """
    return "\n\n".join(f"- {a}" + (f"\n\n  *If it fails:* {a.otherwise}" if a.otherwise else "") for a in assumptions)


def evidence(rows: Sequence[Evidence]) -> str:
    """Return the evidence table as MyST; its numbers are not broken into lines."""
    drawn = table(
        ("Route", "Value", "Error", "Verdict", "How"),
        # What torch says has a section of its own.
        ((r.route, r.value, r.error, r.verdict, "" if r.route == "torch" else r.note) for r in rows),
    )
    return f"{{.numbers}}\n{drawn}"


def _figures(result: Result) -> str:
    return "\n\n".join(pictures.shown(name, figure) for name, figure in illustrations(result).items())


def five_gains(result: Result) -> str:
    """Return the table of all five gains of the activation that the result settles, linked to its page."""
    if result.settles is None:
        return ""
    entry = units.named(result.settles.activation)
    return f"{gains_table(facade.gains(entry.name))}\n\nMore about it: {link(entry, entry.title)}."


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


def _citations(id: str) -> str:
    return "\n\n".join(
        [
            f"> {catalog.cite(id, 'text')}",
            f"```bibtex\n{catalog.cite(id)}\n```",
            f":::{{dropdown}} CSL-JSON\n```json\n{catalog.cite(id, 'csl-json')}\n```\n:::",
        ]
    )


def entry(published: Published) -> dict[str, Any]:
    """Return what the gallery shows of a result, as plain data."""
    if isinstance(published, Withdrawn):
        return {"title": published.title, "status": published.status, "gain": "", "topic": ""}
    return {
        "title": published.title,
        "status": str(published.status),
        "gain": _gain(published.derivation.claim) if published.settles else "",
        "topic": str(published.topic),
    }


def _gain(claim: Basic) -> str:
    """Return the claimed gain as LaTeX, an interval as a decimal that fits into a card."""
    if isinstance(claim, Contains) and claim.args[1].start.is_Rational:
        value, interval = claim.args
        middle = (interval.start + interval.end) / 2
        return rf"{notation.latex(value)} \approx {float(middle):.10g}"
    return notation.line(claim)


def index(entries: Mapping[str, Mapping[str, Any]]) -> str:
    """Return the gallery of all results as MyST: cards, by topic; what was withdrawn comes last."""
    parts = [
        "# Results",
        r"A gain $g$ sets $\operatorname{Var} W = g^2/\text{fan}$. Every result below was derived and checked step by "
        "step; whatever has a numerical value was also enclosed in a rigorous interval and compared with independent "
        "routes. An ID is for ever.",
    ]
    for topic, title in (*((str(t), str(t)) for t in Topic), ("", "Withdrawn")):
        cards = [_card(id, shown) for id, shown in entries.items() if shown["topic"] == topic]
        parts += section(title, "\n\n".join([":::::{grid} 1 1 2 2\n:gutter: 3", *cards, ":::::"]) if cards else "")
    return "\n\n".join(parts) + "\n"


def _card(id: str, shown: Mapping[str, Any]) -> str:
    head = [f"::::{{grid-item-card}} {{gd}}`{id}` `{shown['status']}`", f":class-card: {shown['status']}", ""]
    gain = [":::{card-footer}", f"${shown['gain']}$", ":::"] if shown["gain"] else []
    return "\n".join([*head, shown["title"], *gain, "::::"])
