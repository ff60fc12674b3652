"""The Markdown page of one activation, and the table that compares all.

Every formula and number comes from the activation's file, the engine, and the enclosures; the only prose that a
person wrote is the docstring of the activation's file.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from importlib import import_module
from inspect import cleandoc
from typing import Any

from sympy import Expr, Rational

from gainderive import catalog, facade, notation
from gainderive.activations import Activation, Choice
from gainderive.catalog import Result
from gainderive.criteria import Criterion
from gainderive.derivation import Derivation
from gainderive.errors import GainderiveError, NoClosedForm, NoSuchGain, Undecided
from gainderive.facade import Gain, Gains, Moment
from gainderive.pieces import Breakpoint, breakpoints
from gainderive.render.pages import MOST_OPERATIONS, gains_table, linked, section, table
from gainderive.render.plot import plot
from gainderive.verification import torch_gain, torch_version

SHORT = 34
"""Operations up to which a formula fits into a cell of the comparison."""


@dataclass(frozen=True)
class Portrait:
    """Everything that a page says of an activation, computed once."""

    activation: Activation

    @cached_property
    def closed(self) -> Activation:
        """The activation at its default parameters."""
        return self.activation.at()

    @cached_property
    def gains(self) -> Gains:
        """The five gains, their derivations checked."""
        return facade.verified_gains(self.activation.name)

    @cached_property
    def moments(self) -> Mapping[str, Moment | GainderiveError]:
        """The moments under N(0, 1)."""
        return facade.moments(self.activation.name)

    @cached_property
    def length_map(self) -> Derivation | None:
        """The length map in closed form, where one is found."""
        try:
            return facade.length_map(self.activation.name)
        except NoClosedForm:
            return None

    @cached_property
    def breakpoints(self) -> tuple[Breakpoint, ...] | None:
        """Kinks and jumps at the default parameters; ``None`` where they are not found exactly."""
        try:
            return breakpoints(self.closed.numeric)
        except Undecided:
            return None

    @cached_property
    def derivations(self) -> dict[Criterion, Derivation]:
        """The derivation of each gain that has a closed form, and of the absence of one that is proved absent."""
        found: dict[Criterion, Derivation] = {}
        for criterion in Criterion:
            answer = self.gains[criterion]
            if isinstance(answer, Gain) and answer.exact is not None:
                found[criterion] = facade.derive(self.activation.name, criterion)
            elif isinstance(answer, NoSuchGain) and answer.proof is not None:
                found[criterion] = answer.proof
        return found

    @property
    def jumps(self) -> list[Breakpoint]:
        """Where the activation itself is discontinuous."""
        return [point for point in self.breakpoints or () if point.is_jump]


def picture(portrait: Portrait) -> str:
    """Return the activation's plot as SVG."""
    second = portrait.moments["second moment"]
    size = float(second.enclosure) if isinstance(second, Moment) and second.enclosure is not None else None
    return plot(portrait.closed, size, portrait.breakpoints or ())


def page(portrait: Portrait) -> str:
    """Return the page of an activation as Markdown with LaTeX; its plot lies beside it."""
    activation = portrait.activation
    name = activation.name
    defaults = _at_defaults(activation)
    sections = [
        f"# {activation.title}",
        " · ".join(f"`{called}`" for called in (name, *activation.aliases)),
        "## Definition",
        notation.display(rf"\phi(x) = {notation.latex(activation.expression)}"),
        prose(_docstring(name)),
        *_letters(activation),
        *section("Elsewhere", _elsewhere(activation)),
        "## Shape",
        f"![Plot of {activation.title}]({name}.svg)",
        _described(portrait),
        "## Moments",
        r"For $z \sim N(0, 1)$" + (f", intervals {defaults}:" if defaults else ":"),
        *_moments(portrait.moments),
        "## Length map",
        *_length_map(portrait),
        "## The five gains",
        *([f"The gains {defaults}:"] if defaults else []),
        gains_table(portrait.gains),
        *_what_a_jump_hides(portrait),
        *_derivations(portrait),
        *section("PyTorch", _torch(portrait)),
        *section("Published results", notation.bullets(f"{r.id}: {r.title}" for r in concerning(activation))),
        *section("Sources", notation.bullets([activation.source] if activation.source else [])),
    ]
    return linked("\n\n".join(sections), root="../") + "\n"


def _docstring(name: str) -> str:
    return cleandoc(import_module(f"gainderive.activations.{name}").__doc__ or "")


def prose(docstring: str) -> str:
    r"""Return a docstring's reStructuredText as Markdown: formulas between dollar signs, code between backticks.

    >>> print(prose(":math:`E\\phi(z)` of ``erf``, as :func:`gain` says."))
    $E\phi(z)$ of `erf`, as `gain` says.
    """
    text = re.sub(
        r"^\.\. math::\n\n((?:    .*\n?|\n)+)", lambda m: f"$$\n{cleandoc(m[1])}\n$$\n\n", docstring, flags=re.MULTILINE
    )
    text = re.sub(r":math:`([^`]*)`", r"$\1$", text)
    text = re.sub(r":\w+:`~?([^`]*)`", r"`\1`", text)
    return re.sub(r"``([^`]*)``", r"`\1`", text)


def _letters(activation: Activation) -> list[str]:
    """Return the tables of parameters and of named constants."""
    shown = []
    if activation.parameters:
        rows = (
            (f"`{p.name}`", f"${notation.latex(p.symbol)}$", f"${notation.latex(p.default)}$", _assumed(p.symbol))
            for p in activation.parameters
        )
        shown.append(table(("Parameter", "In formulas", "Default", "Assumed"), rows))
    if activation.relations:
        shown.append(f"Between them: {', '.join(f'${notation.latex(r)}$' for r in activation.relations)}.")
    shown += [_chosen(choice) for choice in activation.choices]
    if activation.constants:
        lines = (
            notation.display(f"{notation.latex(c.symbol)} = {notation.latex(c.value)}") for c in activation.constants
        )
        shown += ["Its constants:", *lines]
    return shown


def _chosen(choice: Choice) -> str:
    """Return which other formulas a keyword chooses, in words."""
    words: dict[str, list[str]] = {}
    for word, other in choice.options.items():
        if other is not None:
            words.setdefault(f"[{other.title}]({other.name}.md)", []).append(f"`{choice.name}={word!r}`")
    return "; ".join(f"{other} is chosen by {' and '.join(given)}" for other, given in words.items()) + "."


def _elsewhere(activation: Activation) -> str:
    """Return what others call the activation, and which of them have other defaults."""
    parts = [", ".join(f"`{called}`" for called in activation.elsewhere)]
    for called, defaults in activation.other_defaults.items():
        shown = ", ".join(f"`{name}` = ${notation.latex(value)}$" for name, value in defaults.items())
        parts.append(f"`{called}`, where {shown}")
    return notation.bullets(part for part in parts if part)


def _assumed(symbol: Expr) -> str:
    for assumption in ("positive", "nonnegative", "real"):
        if getattr(symbol, f"is_{assumption}"):
            return assumption
    return ""


def _at_defaults(activation: Activation) -> str:
    """Return the parameters' defaults in words; empty where there are none."""
    values = ", ".join(f"${notation.latex(p.symbol)} = {notation.latex(p.default)}$" for p in activation.parameters)
    return f"at the default parameters {values}" if values else ""


def _described(portrait: Portrait) -> str:
    title = portrait.activation.title
    return f"{title}, its slope, and the density of a standard normal preactivation; {_breaks(portrait)}."


def _breaks(portrait: Portrait) -> str:
    """Return where the activation has kinks and jumps, in words, as Markdown."""
    if portrait.breakpoints is None:
        return "whether it has kinks or jumps could not be decided"
    kinks = [point for point in portrait.breakpoints if point.is_kink]
    named = [
        f"{kind}{'s' if len(points) > 1 else ''} at {', '.join(_place(point) for point in points)}"
        for kind, points in (("kink", kinks), ("jump", portrait.jumps))
        if points
    ]
    return " and ".join(named) or "no kinks or jumps"


def _place(point: Breakpoint) -> str:
    if point.at.count_ops() <= MOST_OPERATIONS:
        return f"${notation.latex(point.at)}$"
    return rf"$\approx {float(point.at):.6g}$"


_SYMBOLS = {
    "mean": r"\mathbb{E}\,\phi(z)",
    "second moment": r"\mathbb{E}\,\phi(z)^2",
    "variance": r"\operatorname{Var}\phi(z)",
    "slope's second moment": r"\mathbb{E}\,\phi'(z)^2",
}


def _moments(moments: Mapping[str, Moment | GainderiveError]) -> list[str]:
    """Return the table of moments, and below it the closed forms that are too long for it."""
    rows = []
    long = []
    for name, moment in moments.items():
        if not isinstance(moment, Moment):
            rows.append((f"${_SYMBOLS[name]}$", str(moment), "", "none"))
            continue
        closed = "none found"
        if moment.formula is not None:
            fits = moment.formula.count_ops() <= 2 * MOST_OPERATIONS
            closed = f"${notation.latex(moment.formula)}$" if fits else "below"
            if not fits:
                long.append(notation.display(f"{_SYMBOLS[name]} = {notation.latex(moment.formula)}"))
        rows.append((f"${_SYMBOLS[name]}$", closed, _interval(moment), f"`{moment.status}`"))
    return [table(("Moment", "Closed form", "Enclosure", "Status"), rows), *long]


def _interval(moment: Moment) -> str:
    if moment.enclosure is None:
        return ""
    lower, upper = (Rational(str(end)) for end in (moment.enclosure.lower, moment.enclosure.upper))
    return f"${notation.latex(lower) if lower == upper else notation.ball(lower, upper)}$"


def _length_map(portrait: Portrait) -> list[str]:
    if portrait.length_map is None:
        return [r"No closed form of $M_2(q) = \mathbb{E}\,\phi(\sqrt{q}\,z)^2$ was found."]
    value = portrait.length_map.claim.args[1]
    parameters = {p.symbol for p in portrait.activation.parameters}
    # Without a closed form for every value of the parameters there may be one at the defaults.
    shown = [] if not parameters or parameters & value.free_symbols else [f"Found {_at_defaults(portrait.activation)}:"]
    return [*shown, notation.display(rf"M_2(q) = \mathbb{{E}}\,\phi(\sqrt{{q}}\,z)^2 = {notation.latex(value)}")]


def _what_a_jump_hides(portrait: Portrait) -> list[str]:
    if not portrait.jumps:
        return []
    places = ", ".join(_place(point) for point in portrait.jumps)
    return [
        rf"$\phi$ jumps at {places}, and $D(q) = \mathbb{{E}}\,\phi'(\sqrt{{q}}\,z)^2$ is made of the derivative "
        "almost everywhere, which does not see a jump. So $D$ is not the factor by which a backward pass changes the "
        r"gradient's second moment, and neither the `backward` gain nor $\chi_1 = g^2 D$ says how gradients behave: "
        "they are about what an automatic differentiation computes, not about how the loss changes."
    ]


def _derivations(portrait: Portrait) -> list[str]:
    shown = []
    for criterion, derivation in portrait.derivations.items():
        shown += [
            f"### {derivation.title}",
            notation.display(notation.line(derivation.claim)),
            f"Given, as the `{criterion}` criterion:",
            notation.numbered(derivation.given, derivation.shown()),
        ]
    if portrait.length_map is not None:
        derived = portrait.length_map
        shown += [f"### {derived.title}", "Given:", notation.numbered(derived.given, derived.shown())]
    if not shown:
        return ["## Derivations", "No closed form was found for any of its gains."]
    assumed = notation.bullets(facade.ASSUMPTIONS)
    return ["## Derivations", "Every gain is derived under these assumptions:", assumed, *shown]


def concerning(activation: Activation) -> tuple[Result, ...]:
    """Return the published results that settle a gain of the activation or name it in their title."""
    named = re.compile(rf"(?<!\w){re.escape(activation.title)}(?!\w)")
    return tuple(r for r in catalog.results() if activation.name in r.names or named.search(r.title))


def _torch(portrait: Portrait) -> str:
    """Return how ``torch.nn.init.calculate_gain`` relates to the forward gain, as a paragraph."""
    relation, value, gap = torch_relation(portrait)
    call = "`torch.nn.init.calculate_gain`"
    settled = [r.id for r in concerning(portrait.activation) if portrait.activation.name in r.names]
    link = f" {', '.join(settled)} says why." if settled else ""
    match relation:
        case "not installed":
            return ""
        case "absent":
            return f"{call} has no entry ({torch_version()}).{link}"
        case "agrees":
            said = "the derived forward gain up to the rounding of a double"
        case _:
            said = f"**not** the derived forward gain: {gap}"
    return f"{call} returns {value!r}, {said} ({torch_version()}).{link}"


def torch_relation(portrait: Portrait) -> tuple[str, float | None, str]:
    """Return ``"agrees"``, ``"differs"``, ``"absent"`` or ``"not installed"``, torch's value, and the difference."""
    if torch_version() is None:
        return "not installed", None, ""
    names = (portrait.activation.name, *portrait.activation.aliases)
    value = next((v for v in map(torch_gain, names) if v is not None), None)
    if value is None:
        return "absent", None, ""
    gain = portrait.gains[Criterion.FORWARD]
    if not isinstance(gain, Gain) or gain.value is None:
        return "differs", value, "there is none"
    relative = value / gain.value - 1
    # A correctly rounded operation errs by half a unit; torch's formulas chain at most four of them.
    if abs(relative) <= 4 * 2.0**-53:
        return "agrees", value, ""
    return "differs", value, f"{abs(relative):.2%} {'above' if relative > 0 else 'below'} it"


# -- the comparison --------------------------------------------------------------------------


def entry(portrait: Portrait) -> dict[str, Any]:
    """Return what the comparison shows of an activation, as plain data."""
    activation = portrait.activation
    fits = activation.expression.count_ops() <= SHORT
    second = portrait.moments["second moment"]
    return {
        "title": activation.title,
        "formula": notation.latex(activation.expression) if fits else "",
        "gains": [facade.brief(portrait.gains[c], 7) for c in Criterion],
        "moments": [_brief(portrait.moments[name]) for name in ("mean", "second moment")],
        "breaks": _breaks(portrait).replace("no kinks or jumps", "none"),
        "closed": "yes" if isinstance(second, Moment) and second.formula is not None else "none found",
        "torch": torch_relation(portrait)[0],
    }


def _brief(moment: Moment | GainderiveError) -> str:
    if not isinstance(moment, Moment) or moment.enclosure is None:
        return "none"
    return facade.marked(float(moment.enclosure), moment.exact, moment.status, 7)


def comparison(entries: Mapping[str, Mapping[str, Any]]) -> str:
    """Return the table that compares all activations, as Markdown."""
    head = ("Activation", r"$\phi(x)$", *map(str, Criterion), *(f"${_SYMBOLS[m]}$" for m in ("mean", "second moment")))
    rows = (
        (
            f"[{shown['title']}]({name}.md)",
            f"${shown['formula']}$" if shown["formula"] else "on its page",
            *shown["gains"],
            *shown["moments"],
            shown["breaks"],
            shown["closed"],
            shown["torch"],
        )
        for name, shown in entries.items()
    )
    drawn = table((*head, "Kinks and jumps", "Closed form", "torch"), rows)
    return "\n\n".join(["# All activations", *_legend(drawn), drawn]) + "\n"


def _legend(drawn: str) -> Sequence[str]:
    meanings: Iterable[str] = (f"`{c}`: {c.meaning}" for c in Criterion)
    signs = ", ".join(f"{mark} {status}" for status, mark in facade.MARKS.items() if mark in drawn)
    return (
        f"Five gains of each activation at its default parameters; {signs}. *Closed form* is about the second moment, "
        "*torch* about the forward gain and the entry of `torch.nn.init.calculate_gain`.",
        notation.bullets(meanings),
    )
