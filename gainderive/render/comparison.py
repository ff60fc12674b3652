"""The table that compares all activations and units."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from gainderive import facade, notation
from gainderive.activations import Activation
from gainderive.criteria import Criterion
from gainderive.errors import GainderiveError
from gainderive.facade import Moment
from gainderive.render.activation import SYMBOLS
from gainderive.render.markdown import table
from gainderive.render.portrait import Portrait

SHORT = 34
"""Operations up to which a formula fits into a cell."""


def entry(portrait: Portrait) -> dict[str, Any]:
    """Return what the comparison shows of an activation or unit, as plain data."""
    shown = portrait.entry
    formulas = (shown.expression,) if isinstance(shown, Activation) else shown.outputs
    fits = sum(formula.count_ops() for formula in formulas) <= SHORT
    second = portrait.moments["second moment"]
    return {
        "title": shown.title,
        "formula": r",\; ".join(map(notation.latex, formulas)) if fits else "",
        "gains": [facade.brief(portrait.gains[c], 7) for c in Criterion],
        "moments": [_brief(portrait.moments[name]) for name in ("mean", "second moment")],
        "breaks": portrait.breaks.replace("no kinks or jumps", "none"),
        "closed": "yes" if isinstance(second, Moment) and second.formula is not None else "none found",
        "torch": portrait.torch[0],
    }


def _brief(moment: Moment | GainderiveError) -> str:
    if not isinstance(moment, Moment) or moment.enclosure is None:
        return "none"
    return facade.marked(float(moment.enclosure), moment.exact, moment.status, 7)


def comparison(activations: Mapping[str, Mapping[str, Any]], units: Mapping[str, Mapping[str, Any]]) -> str:
    """Return the table as MyST: all activations, then all units, marked as such."""
    head = ("Activation", r"$\phi(x)$", *map(str, Criterion), *(f"${SYMBOLS[m]}$" for m in ("mean", "second moment")))
    rows = [_row(_link(name, shown), shown) for name, shown in activations.items()]
    rows += [_row(f"{_link(name, shown)} *unit*", shown) for name, shown in units.items()]
    drawn = table((*head, "Kinks and jumps", "Closed form", "torch"), rows)
    return "\n\n".join(["# All activations and units", *_legend(drawn), f"{{.wide}}\n{drawn}"]) + "\n"


def _link(name: str, shown: Mapping[str, Any]) -> str:
    return f"{{activation}}`{shown['title']} <{name}>`"


def _row(name: str, shown: Mapping[str, Any]) -> tuple[str, ...]:
    return (
        name,
        f"${shown['formula']}$" if shown["formula"] else "on its page",
        *shown["gains"],
        *shown["moments"],
        shown["breaks"],
        shown["closed"],
        shown["torch"],
    )


def _legend(drawn: str) -> Sequence[str]:
    meanings: Iterable[str] = (f"`{c}`: {c.meaning}" for c in Criterion)
    signs = ", ".join(f"{mark} {status}" for status, mark in facade.MARKS.items() if mark in drawn)
    return (
        f"Five gains of each activation at its default parameters; {signs}. *Closed form* is about the second moment, "
        "*torch* about the forward gain and the entry of `torch.nn.init.calculate_gain`. A *unit* has several "
        "preactivations $x_1, x_2, \\dots$, several outputs, or a random parameter; its moments are averages over its "
        "outputs, and what the fans count is said on its page.",
        notation.bullets(meanings),
    )
