"""How the five gains of one activation relate: the propositions of docs/criteria/relations.md, over the catalogue.

Every number is a certified interval: a strict inequality is shown, an equality must not be refuted, and no tolerance is
written. Hypotheses are decided too: jumps from the pieces, means by intervals, monotony by the checker's own proof.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cache, cached_property

import pytest
from flint import arb
from sympy import Expr, Rational, oo, sqrt

from gainderive import Gain, activations, digest, enclose, gains
from gainderive.activations import Activation
from gainderive.derivation._scale import direction
from gainderive.enclosure import Enclosure
from gainderive.gaussian import GaussMean
from gainderive.pieces import breakpoints, derivative, pieces
from gainderive.symbols import x

NAMES = activations.names()


@dataclass(frozen=True)
class Portrait:
    """What the propositions speak of: the function, and the gains that it has."""

    activation: Activation
    gains: Mapping[str, arb]

    @property
    def phi(self) -> Expr:
        return self.activation.numeric

    @cached_property
    def jumps(self) -> bool:
        return any(point.is_jump for point in breakpoints(self.phi))

    @cached_property
    def mean(self) -> arb:
        return enclose(GaussMean(self.phi, x, 1), 12).to_arb()

    @cached_property
    def mean_slope(self) -> arb:
        return enclose(GaussMean(derivative(self.phi), x, 1), 12).to_arb()

    @cached_property
    def is_affine(self) -> bool:
        return not breakpoints(self.phi) and x not in derivative(self.phi).free_symbols

    @cached_property
    def degree(self) -> int | None:
        """The ``k`` with ``x phi'(x) = k phi(x)`` to both sides of 0 (Euler): the degree of homogeneity, if small."""
        parts = pieces(self.phi)
        if len(parts) > 2 or any(part.lower not in (-oo, 0) for part in parts):
            return None
        return next((k for k in range(1, 6) if all(_euler(part.expr, k) for part in parts)), None)

    def has(self, *criteria: str) -> bool:
        return self.gains.keys() >= set(criteria)

    def moment(self, criterion: str) -> arb:
        """Return the moment in a criterion of the form ``g**2 * moment = 1``: M, V or D."""
        return 1 / self.gains[criterion] ** 2


@cache
def portrait(name: str) -> Portrait:
    record = next(record for record in digest.activations() if record["activation"] == name)
    held = {criterion: answer.get("enclosure") for criterion, answer in record["gains"].items()}
    return Portrait(activations.load(name).at(), {c: interval(ball) for c, ball in held.items() if ball})


def interval(held: Mapping[str, str]) -> arb:
    return Enclosure(Decimal(held["lower"]), Decimal(held["upper"]), int(held["digits"])).to_arb()


def below(a: arb, b: arb, equal: bool) -> bool:
    """Tell whether ``a < b`` is shown, or, where the two should be equal, that they may be."""
    return bool(a.overlaps(b) if equal else a < b)


def centered_is_at_least_forward(shown: Portrait) -> bool | None:
    if not shown.has("forward", "centered"):
        return None
    m = shown.mean
    gap = shown.moment("forward") - shown.moment("centered")
    forward, centered = shown.gains["forward"], shown.gains["centered"]
    return below(forward, centered, equal=m.contains(0)) and bool(gap.overlaps(m * m))


def backward_is_at_most_centered(shown: Portrait) -> bool | None:
    if shown.jumps or not shown.has("centered", "backward"):
        return None
    return below(shown.gains["backward"], shown.gains["centered"], equal=shown.is_affine)


def variance_lies_between_the_moments_of_the_slope(shown: Portrait) -> bool | None:
    if shown.jumps or not shown.has("centered", "backward"):
        return None
    v, d, c = shown.moment("centered"), shown.moment("backward"), shown.mean_slope
    return not (v < c * c) and not (2 * v > d + c * c)


def backward_is_at_most_forward_for_mean_zero(shown: Portrait) -> bool | None:
    if shown.jumps or not shown.mean.contains(0) or not shown.has("forward", "backward"):
        return None
    return below(shown.gains["backward"], shown.gains["forward"], equal=shown.is_affine)


def the_gain_curve_orders_activation_forward_and_linearized(shown: Portrait) -> bool | None:
    way = direction(shown.phi**2 / x**2)
    if way == 0 or not shown.has("forward"):
        return None
    # gamma falls where the ratio grows.
    f, shows = shown.gains["forward"], []
    if shown.has("activation"):
        a = shown.gains["activation"]
        shows.append((a > 1) == bool(a > f if way < 0 else a < f))
    if shown.has("linearized") and shown.phi.subs(x, 0) == 0:
        linearized = shown.gains["linearized"]
        shows.append(bool(linearized < f if way < 0 else linearized > f))
    return all(shows) if shows else None


def forward_backward_and_activation_of_a_homogeneous_function(shown: Portrait) -> bool | None:
    k = shown.degree
    if k is None:
        return None
    f, a, b = (shown.gains[criterion] for criterion in ("forward", "activation", "backward"))
    return bool((f / b).overlaps(arb(k) / arb(2 * k - 1).sqrt())) and bool((a**k).overlaps(f))


def _euler(part: Expr, k: int) -> bool:
    return bool((x * part.diff(x) - k * part).expand() == 0)


Proposition = Callable[[Portrait], bool | None]

SPOILED: dict[Proposition, tuple[str, str, float]] = {
    centered_is_at_least_forward: ("tanh", "centered", 1.01),
    backward_is_at_most_centered: ("tanh", "backward", 1.1),
    variance_lies_between_the_moments_of_the_slope: ("tanh", "centered", 1.05),
    backward_is_at_most_forward_for_mean_zero: ("identity", "backward", 1.01),
    the_gain_curve_orders_activation_forward_and_linearized: ("arctan", "activation", 0.5),
    forward_backward_and_activation_of_a_homogeneous_function: ("relu", "backward", 1.01),
}
"""Each proposition, and a gain that, multiplied by a factor, contradicts it."""


@pytest.mark.parametrize("proposition", SPOILED, ids=lambda p: p.__name__)
def test_the_proposition_holds_over_the_whole_catalogue(proposition: Proposition) -> None:
    verdicts = {name: proposition(portrait(name)) for name in NAMES}
    assert [name for name, verdict in verdicts.items() if verdict is False] == []
    assert sum(verdict is True for verdict in verdicts.values()) >= 5


@pytest.mark.parametrize("proposition", SPOILED, ids=lambda p: p.__name__)
def test_a_spoiled_gain_contradicts_the_proposition(proposition: Proposition) -> None:
    name, criterion, factor = SPOILED[proposition]
    shown = portrait(name)
    spoiled = replace(shown, gains={**shown.gains, criterion: shown.gains[criterion] * arb(factor)})
    assert proposition(shown)
    assert proposition(spoiled) is False


def test_poincare_needs_a_function_without_jumps() -> None:
    jumping = [portrait(name) for name in NAMES if portrait(name).jumps and portrait(name).has("backward")]
    assert any(shown.gains["backward"] > shown.gains["centered"] for shown in jumping)


def test_forward_and_backward_have_no_order_of_their_own() -> None:
    gap = {name: portrait(name).gains["backward"] - portrait(name).gains["forward"] for name in ("sigmoid", "tanh")}
    assert gap["sigmoid"] > 0 > gap["tanh"]


@pytest.mark.parametrize(("function", "slope"), [("softplus", "sigmoid"), ("silu", "dsilu"), ("sin", "cos")])
def test_backward_is_forward_of_the_derivative(function: str, slope: str) -> None:
    assert portrait(function).gains["backward"].overlaps(portrait(slope).gains["forward"])


@pytest.mark.parametrize(("function", "shifted"), [("softplus", "shifted_softplus"), ("elu", "elu_plus_one")])
def test_a_constant_added_changes_neither_centered_nor_backward(function: str, shifted: str) -> None:
    one, other = portrait(function), portrait(shifted)
    assert all(one.gains[c].overlaps(other.gains[c]) for c in ("centered", "backward"))
    assert not one.gains["forward"].overlaps(other.gains["forward"])


def test_a_factor_divides_what_is_homogeneous_in_phi() -> None:
    once, thrice = gains("tanh(x) + 1"), gains("3*tanh(x) + 3")
    divided = {c for c in once if isinstance(once[c], Gain) and once[c].value == pytest.approx(3 * thrice[c].value)}
    assert divided == {"forward", "centered", "backward"}


def test_of_an_affine_function_all_are_known() -> None:
    found = {c: answer.exact for c, answer in gains("2*x + 3").items() if isinstance(answer, Gain)}
    assert found["forward"] == 1 / sqrt(13)
    assert found["centered"] == found["backward"] == Rational(1, 2)
    assert found["linearized"] == 1 / (2 * sqrt(10))
