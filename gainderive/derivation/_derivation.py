"""Steps, derivations, and their check."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, cast

from sympy import Basic, Contains, Expr, IndexedBase, PolynomialError, Symbol, Tuple
from sympy.core.relational import Equality, Relational

from gainderive import display, notation, typst_math
from gainderive.assumptions import Assumption
from gainderive.derivation import _numeric
from gainderive.derivation._fingerprint import fingerprint
from gainderive.derivation._reason import Judgement, Reason, Verdict, ill_typed
from gainderive.derivation._state import equation, ill_formed
from gainderive.errors import GainderiveError, StepRefused
from gainderive.status import Status


@dataclass(frozen=True)
class Source:
    """Something that was actually used: what is cited, where in it, and a link that does not rot."""

    text: str
    link: str = ""

    def __str__(self) -> str:
        return f"[{self.text}]({self.link})" if self.link else self.text

    def _repr_html_(self) -> str:
        return display.element("a", self.text, href=self.link) if self.link else display.text(self.text)


@dataclass(frozen=True)
class Step:
    """One line: what the expression becomes, and by which reason."""

    becomes: Basic
    by: Reason

    def _repr_latex_(self) -> str:
        return f"$\\displaystyle {notation.line(self.becomes)}$"

    def _repr_html_(self) -> str:
        return display.joined(_formula(self.becomes), display.prose(self.by.explain()))


@dataclass(frozen=True)
class Derivation:
    """A chain of steps from what is given to what is claimed, which checks itself.

    Attributes
    ----------
    title : str
        What is shown, in words.
    given : Basic
        First line: an expression, an equation, or a system of these.
    claim : Basic
        What the chain ends in. For a given expression ``e`` that becomes ``r``, the claim is the
        equation ``e = r``, and ``e < r`` where the last line is an inequality; for a given equation or
        system it is the last line itself.
    steps : tuple of Step
        The chain.
    assumptions : tuple of Assumption
        Under which the claim holds; a plain sentence is taken too, and becomes one.
    sources : tuple of Source
        What was used.
    constants : tuple of (Symbol, Expr)
        Named numbers that occur in the lines, such as SELU's scale, with their values.
    status : Status
        The status that is claimed; :meth:`check` computes the real one.
    id : str or None
        Permanent ID when the derivation is a published result.

    Examples
    --------
    >>> import gainderive as gd
    >>> d = gd.derive("relu")
    >>> d.claim
    Eq(g, sqrt(2))
    >>> d.check()
    <Status.PROVED: 'proved'>
    """

    title: str
    given: Basic
    claim: Basic
    steps: tuple[Step, ...]
    assumptions: tuple[Assumption, ...] = ()
    sources: tuple[Source, ...] = field(default=())
    constants: tuple[tuple[Symbol, Expr], ...] = ()
    status: Status = Status.PROVED
    id: str | None = None

    def __post_init__(self) -> None:
        stated = cast("tuple[Assumption | str, ...]", self.assumptions)
        whole = tuple(a if isinstance(a, Assumption) else Assumption(a) for a in stated)
        object.__setattr__(self, "assumptions", whole)

    @property
    def lines(self) -> tuple[Basic, ...]:
        """All lines, the given one first."""
        return (self.given, *(step.becomes for step in self.steps))

    @property
    def digest(self) -> str:
        """SHA-256 of claim, lines and reasons' names, in hexadecimal: it says *which* derivation is meant.

        It changes when any step does, and depends neither on the machine nor on the words around the steps.

        >>> import gainderive as gd
        >>> len(gd.derive("relu").digest)
        64
        >>> gd.derive("relu").digest == gd.derive("leaky_relu", negative_slope=0).digest
        False
        """
        return fingerprint((self.claim, *self.lines), [step.by.name for step in self.steps])

    def check(self) -> Status:
        """Check every step and return the status that the whole chain earns.

        Raises
        ------
        StepRefused
            With the number of the first step that its reason does not show, the verdict and the
            reason in words. A chain that does not end in the claim is refused at its last step.
        """
        return _check(self)

    @property
    def gives_meanings(self) -> bool:
        """Whether a step takes a name to mean something: an abbreviation, a function's definition, a constant."""
        return bool(self.constants) or any(
            step.by.fixes() or step.by.introduces() or step.by.uses_constants() for step in self.steps
        )

    def verdicts(self) -> tuple[Verdict, ...]:
        """Return the verdict of every step, refusals included, for showing beside the steps."""
        return tuple(_judge(self.lines[i - 1], step, self.constants)[0] for i, step in enumerate(self.steps, start=1))

    def shown(self) -> tuple[notation.Shown, ...]:
        """Return the steps as they are shown, each with its reason in words and its verdict."""
        return tuple(
            notation.Shown(step.becomes, step.by.name, step.by.explain(), str(verdict), step.by.checked())
            for step, verdict in zip(self.steps, self.verdicts(), strict=True)
        )

    def to_markdown(self) -> str:
        """Return claim, assumptions, numbered steps with reasons and verdicts, and sources as Markdown with LaTeX."""
        parts = [
            f"# {self.id + ': ' if self.id else ''}{self.title}",
            "**Claim.**",
            notation.display(notation.line(self.claim)),
        ]
        if self.assumptions:
            parts += ["**Assumptions.**", notation.bullets(map(str, self.assumptions))]
        parts += ["**Derivation.**", notation.numbered(self.given, self.shown())]
        if self.sources:
            parts += ["**Sources.**", notation.bullets(str(source) for source in self.sources)]
        return "\n\n".join(parts) + "\n"

    def to_latex(self) -> str:
        """Return the chain as one ``aligned`` block for display mathematics, each line with its reason's name."""
        return notation.chain(self.given, self.shown())

    def to_typst(self) -> str:
        """Return the chain as Typst mathematics for between ``$`` and ``$``, each line with its reason's name.

        >>> import gainderive as gd
        >>> print(gd.derive("identity").to_typst().splitlines()[-1])
        g & = 1 & &"solving"
        """
        return typst_math.typst(self.to_latex())

    def _repr_latex_(self) -> str:
        return f"$\\displaystyle {self.to_latex()}$"

    def _repr_html_(self) -> str:
        title = f"{self.id}: {self.title}" if self.id else self.title
        parts = [display.element("strong", title), _formula(self.claim)]
        if self.assumptions:
            parts.append(
                display.fold(
                    "Assumptions", display.bullets(display.prose(str(assumed)) for assumed in self.assumptions)
                )
            )
        parts += [_formula(self.given), display.numbered(map(_folded, self.shown()))]
        if self.sources:
            parts.append(display.fold("Sources", display.bullets(source._repr_html_() for source in self.sources)))
        return display.element("div", *parts)


def _formula(line: Basic) -> display.Html:
    return display.display(notation.line(line))


def _assumed_and_why(assumption: Assumption) -> display.Html:
    """Return an assumption and what changes if it fails."""
    otherwise = [display.element("p", "If not: ", display.prose(assumption.otherwise))] if assumption.otherwise else []
    return display.joined(display.prose(assumption.text), *otherwise)


def _folded(step: notation.Shown) -> display.Html:
    """Return a step whose explanation and check are folded, unless it is a refusal."""
    is_shown = step.verdict in map(str, (Verdict.PROVED, Verdict.NUMERIC))
    words = (display.element("p", display.prose(said)) for said in (step.explanation, step.checked) if said)
    return display.joined(
        _formula(step.line), display.fold(f"{step.name}: {step.verdict}", *words, unfolded=not is_shown)
    )


_OF_WRONG_SHAPE = (TypeError, ValueError, ArithmeticError, AttributeError, NotImplementedError, PolynomialError)
"""What SymPy raises when a reason's data are of a shape that its check does not expect."""


@lru_cache(maxsize=512)
def _check(derivation: Derivation) -> Status:
    worst = Status.PROVED
    line = derivation.given
    for index, step in enumerate(derivation.steps, start=1):
        verdict, words = _judge(line, step, derivation.constants)
        if verdict in (Verdict.FALSE, Verdict.WRONG_REASON):
            raise StepRefused(index, verdict, words)
        if verdict is Verdict.NUMERIC:
            worst = min(worst, Status.ENCLOSED)
        line = step.becomes
    _check_whole(derivation)
    _check_end(derivation, line)
    return worst


@lru_cache(maxsize=4096)
def _judge(before: Basic, step: Step, constants: tuple[tuple[Symbol, Expr], ...]) -> tuple[Verdict, str]:
    judgement = _judgement(before, step)
    if judgement.shown is not None:
        return judgement.shown, ""
    refuted = _numeric.compare(before, step.becomes, dict(constants)) is False
    return (Verdict.FALSE if refuted else Verdict.WRONG_REASON), f"{step.by.name}: {judgement.words}"


def _judgement(before: Basic, step: Step) -> Judgement:
    wrong = ill_formed(before) or ill_formed(step.becomes) or ill_typed(step.by)
    if wrong:
        return Judgement.refused(wrong)
    try:
        return step.by.check(before, step.becomes)
    except (GainderiveError, *_OF_WRONG_SHAPE) as error:
        return Judgement.refused(f"{type(error).__name__}: {error}")


def _check_whole(derivation: Derivation) -> None:
    """Refuse what no single step can see: one name or family that means two things within a chain."""
    meanings: dict[Any, Any] = {}
    for index, step in enumerate(derivation.steps, start=1):
        new = step.by.introduces() - _assumed(derivation.given, step.by.fixes())
        if new & derivation.given.free_symbols:
            raise StepRefused(index, Verdict.WRONG_REASON, "a symbol of the first line is given another meaning")
        for key, meaning in step.by.fixes().items():
            if meanings.setdefault(key, meaning) != meaning:
                raise StepRefused(index, Verdict.WRONG_REASON, f"{key} meant something else in an earlier step")
        wrong = {constant for constant in step.by.uses_constants() if constant not in derivation.constants}
        if wrong:
            raise StepRefused(index, Verdict.WRONG_REASON, f"the derivation names no constants {wrong}")


def _assumed(given: Basic, meanings: Mapping[Any, Any]) -> set[Basic]:
    """Return the symbols whose value a system assumes and whose meaning is a mean over random families.

    What is assumed then is something about the families, which are whatever the assumptions make them.
    """
    if not isinstance(given, Tuple):
        return set()
    about_families = {
        key for key, meaning in meanings.items() if isinstance(meaning, Expr) and meaning.has(IndexedBase)
    }
    return about_families & {item.lhs for item in given if isinstance(item, Equality)}


def _check_end(derivation: Derivation, last: Basic) -> None:
    index = len(derivation.steps)
    claimed = ending(derivation.given, last)
    if derivation.claim != claimed:
        raise StepRefused(index, Verdict.FALSE, f"the last line shows {claimed}, and the claim is {derivation.claim}")
    for line in derivation.lines[:-1]:
        # The first line that has a value at all: undefined functions have none before they are unfolded.
        answer = _numeric.compare(line, last, dict(derivation.constants))
        if answer is False:
            raise StepRefused(index, Verdict.FALSE, "the claim lies outside the rigorous interval of what is given")
        if answer:
            break


def ending(given: Basic, last: Basic) -> Basic:
    """Return what a chain from `given` to `last` claims.

    >>> from gainderive.symbols import x
    >>> ending(x + x, 2 * x)
    Eq(2*x, 2*x)
    """
    if isinstance(given, (Relational, Tuple, Contains)) or isinstance(last, (Tuple, Contains)):
        return last
    if isinstance(last, Relational):
        return last.func(given, last.rhs, evaluate=False)
    return equation(given, last)
