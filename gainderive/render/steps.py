r"""The steps of a derivation as MyST: every formula in sight, every reason behind a fold.

The summary line of a fold holds the reason's name and its verdict; inside are the explanation and how it was checked.
Of a system of equations each has a letter, and a step prints those that it changes.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

from sympy import Basic, Contains, Tuple
from sympy.core.relational import Relational

from gainderive import notation
from gainderive.derivation import Derivation
from gainderive.notation import Shown


def steps(derivation: Derivation) -> str:
    r"""Return the given line and all steps.

    >>> import gainderive as gd
    >>> print(steps(gd.derive("relu")).split(":::")[-1].strip())
    $$
    g = \sqrt{2}
    $$
    """
    given, *reached = formulas(derivation)
    parts = ["Given:", notation.display(given.latex)]
    for number, (step, formula) in enumerate(zip(derivation.shown(), reached, strict=True), start=1):
        parts += [_folded(number, step), notation.display(formula.latex)]
        parts += [formula.remark] if formula.remark else []
    return "\n\n".join(parts)


def _folded(number: int, step: Shown) -> str:
    name = f"{step.name[:1].upper()}{step.name[1:]}"
    return "\n".join(
        [
            f":::{{dropdown}} {number}. {name} `{step.verdict}`\n:class-container: step\n",
            step.explanation,
            "",
            f"*How it was checked.* {step.checked}",
            ":::",
        ]
    )


@dataclass(frozen=True)
class Formula:
    """A line as it is printed: LaTeX, and the letters of the equations that stay as they were."""

    latex: str
    unchanged: tuple[str, ...] = ()

    @property
    def remark(self) -> str:
        """What is said of the equations that are not printed; empty where all are."""
        return f"Unchanged: {', '.join(self.unchanged)}." if self.unchanged else ""


def formulas(derivation: Derivation) -> tuple[Formula, ...]:
    """Return the given line and that of every step; of a system, what the step changes.

    >>> from gainderive import catalog
    >>> [formula.remark for formula in formulas(catalog.result("GD-0016").derivation)]
    ['', 'Unchanged: (a), (b).', 'Unchanged: (a), (b).', 'Unchanged: (a), (b).']
    """
    lines = derivation.lines
    # Nothing stands before the first line that it could be equal to.
    return (
        Formula(_whole(lines[0]).removeprefix("= ")),
        *(_formula(before, after) for before, after in pairwise(lines)),
    )


def _formula(before: Basic, after: Basic) -> Formula:
    if not (isinstance(before, Tuple) and isinstance(after, Tuple) and len(before) == len(after)):
        return Formula(_whole(after))
    changed = [i for i, (old, new) in enumerate(zip(before, after, strict=True)) if old != new]
    return Formula(_lettered(after, changed), tuple(_letter(i) for i in range(len(after)) if i not in changed))


def _whole(line: Basic) -> str:
    if isinstance(line, Tuple):
        return _lettered(line, range(len(line)))
    return notation.line(line) if isinstance(line, (Relational, Contains)) else f"= {notation.line(line)}"


def _lettered(system: Tuple, chosen: Iterable[int]) -> str:
    r"""Return the chosen items of a system, each with its letter, aligned at their relations.

    >>> from sympy import Eq
    >>> from gainderive.symbols import g, q
    >>> _lettered(Tuple(Eq(g, 1), Eq(q, 2)), [1])
    '\\begin{aligned}\\text{(b)} && q &= 2\\end{aligned}'
    """
    rows = r" \\ ".join(rf"\text{{{_letter(i)}}} && {' &'.join(notation.sides(system[i]))}" for i in chosen)
    return rf"\begin{{aligned}}{rows}\end{{aligned}}"


def _letter(position: int) -> str:
    return f"({chr(ord('a') + position)})"
