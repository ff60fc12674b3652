"""Every verifier refuses spoiled input, and names the step."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from sympy import (
    Abs,
    Add,
    Basic,
    Contains,
    Derivative,
    Expr,
    Integral,
    Interval,
    Piecewise,
    Rational,
    S,
    Sum,
    Tuple,
    erf,
    exp,
    oo,
    sin,
    sqrt,
    tanh,
)
from sympy.core.function import AppliedUndef
from sympy.core.relational import Equality, Relational

import gainderive as gd
from gainderive import Status, catalog, derive, exact
from gainderive.assumptions import Assumption
from gainderive.derivation import Derivation, Judgement, Reason, Step, Verdict, ending, equation, items, reasons
from gainderive.derivation.reasons import (
    Antiderivative,
    Arithmetic,
    ByParts,
    CharacteristicFunction,
    CompletingTheSquare,
    Enclosed,
    EqualDerivatives,
    Factorisation,
    Lemma,
    MeanOfParameter,
    SplitAtKinks,
)
from gainderive.gaussian import GaussIntegral, GaussMean
from gainderive.joint import JointMean
from gainderive.probability import Mean
from gainderive.symbols import g, parameter, x

ONE_PERCENT = Rational(101, 100)
RESULTS = catalog.results()
USERS = {
    "leaky with two kinks": Piecewise((-x / 3, x < -1), (x / 3, x < 0), (x, True)),
    "exponential piece": Piecewise((exp(x) - 1, x < 0), (x, True)),
    "exponential of a square": x * exp(-(x**2)),
    "irrational kink": Piecewise((x, x < sqrt(2)), (x**2, True)),
    "wave beside a line": Piecewise((sin(x), x < 0), (x, True)),
    "error function beside a line": Piecewise((x, x < 0), (erf(x), True)),
    "bivariate normal distribution": erf(x + 1),
    "geglu": "geglu",
}


def derivations() -> list[Derivation]:
    """All published derivations, and some of activations that are not in the catalogue."""
    published = [result.derivation for result in RESULTS]
    return published + [replace(gd.derive(phi), id=name) for name, phi in USERS.items()]


DERIVATIONS = derivations()
STEPS = [(d, i) for d in DERIVATIONS for i in range(len(d.steps))]


def name_of(value: object) -> str | None:
    """Readable test IDs."""
    return value.id if isinstance(value, Derivation) else None


def scaled(line: Basic, factor: Expr) -> Basic:
    """Return the line with its last member off by a factor."""
    *others, last = items(line)
    if isinstance(last, Contains):
        interval = last.args[1]
        spoiled: Basic = Contains(
            last.args[0], Interval(*sorted((interval.start * factor, interval.end * factor))), evaluate=False
        )
    elif isinstance(last, Relational):
        side = last.rhs if last.rhs != 0 and last.lhs.is_Symbol else last.lhs
        sides = (last.lhs * factor, last.rhs) if side is last.lhs else (last.lhs, last.rhs * factor)
        spoiled = last.func(*sides, evaluate=False)
    else:
        spoiled = last * factor
    return Tuple(*others, spoiled) if isinstance(line, Tuple) else spoiled


def with_step(derivation: Derivation, index: int, **changes: object) -> Derivation:
    """Return the derivation with one step changed."""
    steps = list(derivation.steps)
    steps[index] = replace(steps[index], **changes)  # type: ignore[arg-type]
    return replace(derivation, steps=tuple(steps))


@pytest.mark.parametrize("derivation", DERIVATIONS, ids=name_of)
def test_check_gives_the_declared_status(derivation: Derivation) -> None:
    assert derivation.check() is derivation.status


@pytest.mark.parametrize(("derivation", "index"), STEPS, ids=name_of)
@pytest.mark.parametrize("factor", [ONE_PERCENT, S.NegativeOne], ids=["off by 1 %", "sign flipped"])
def test_a_spoiled_line_is_refused_at_its_step(derivation: Derivation, index: int, factor: Expr) -> None:
    step = derivation.steps[index]
    line = scaled(step.becomes, factor)
    with pytest.raises(gd.StepRefused) as refusal:
        with_step(derivation, index, becomes=line).check()
    assert refusal.value.index == index + 1
    assert refusal.value.verdict in (Verdict.FALSE, Verdict.WRONG_REASON)


def has_a_ball(derivation: Derivation, index: int) -> bool:
    """Whether the line before and the line of a step can be evaluated at random points."""
    return isinstance(derivation.given, (Expr, Equality)) and not any(
        line.has(AppliedUndef, Derivative, JointMean, Mean, Sum, Integral) or not line.has(GaussMean, GaussIntegral)
        for line in derivation.lines[index : index + 2]
    )


@pytest.mark.parametrize(("derivation", "index"), [step for step in STEPS if has_a_ball(*step)], ids=name_of)
def test_a_line_that_is_off_is_called_false_when_a_ball_can_tell(derivation: Derivation, index: int) -> None:
    line = derivation.steps[index].becomes
    with pytest.raises(gd.StepRefused) as refusal:
        with_step(derivation, index, becomes=scaled(line, ONE_PERCENT)).check()
    if isinstance(line, (Expr, Equality)):
        assert refusal.value.verdict is Verdict.FALSE


def reason_swaps() -> Iterator[tuple[Derivation, int, int]]:
    """Pairs of steps in one derivation whose reasons are not the same."""
    for derivation in DERIVATIONS:
        for i, step in enumerate(derivation.steps):
            for j, other in enumerate(derivation.steps):
                if step.by != other.by:
                    yield derivation, i, j


@pytest.mark.parametrize(("derivation", "index", "other"), list(reason_swaps()), ids=name_of)
def test_a_true_step_under_another_steps_reason_is_refused(derivation: Derivation, index: int, other: int) -> None:
    with pytest.raises(gd.StepRefused) as refusal:
        with_step(derivation, index, by=derivation.steps[other].by).check()
    assert refusal.value.index == index + 1
    assert refusal.value.verdict is Verdict.WRONG_REASON


def is_more_than_algebra(derivation: Derivation, index: int) -> bool:
    """Whether a step exchanges a mean or changes what kind of line it is."""
    before, after = derivation.lines[index : index + 2]
    if isinstance(derivation.steps[index].by, Arithmetic):
        return False
    return before.has(GaussMean, GaussIntegral) or set(map(type, items(before))) != set(map(type, items(after)))


@pytest.mark.parametrize(("derivation", "index"), [step for step in STEPS if is_more_than_algebra(*step)], ids=name_of)
def test_arithmetic_is_no_excuse(derivation: Derivation, index: int) -> None:
    with pytest.raises(gd.StepRefused) as refusal:
        with_step(derivation, index, by=Arithmetic()).check()
    assert refusal.value.index == index + 1


def is_needed(derivation: Derivation, index: int) -> bool:
    """Whether something depends on a step: not on a rearrangement, nor on the only step of a chain.

    Nor on one that an interval follows, where balls could have found the interval from the line before already.
    """
    before, following = derivation.lines[index], derivation.steps[index + 1 :]
    already = not (before.has(AppliedUndef, JointMean) or before.free_symbols - {g})
    if already and following and isinstance(following[0].by, Enclosed):
        return False
    return len(derivation.steps) > 1 and not isinstance(derivation.steps[index].by, Arithmetic)


@pytest.mark.parametrize(("derivation", "index"), [step for step in STEPS if is_needed(*step)], ids=name_of)
def test_a_step_left_out_is_missed(derivation: Derivation, index: int) -> None:
    steps = derivation.steps[:index] + derivation.steps[index + 1 :]
    with pytest.raises(gd.StepRefused) as refusal:
        replace(derivation, steps=steps).check()
    assert refusal.value.index == min(index + 1, len(steps))


@pytest.mark.parametrize("derivation", DERIVATIONS, ids=name_of)
def test_another_claim_is_refused_at_the_last_step(derivation: Derivation) -> None:
    with pytest.raises(gd.StepRefused) as refusal:
        replace(derivation, claim=scaled(derivation.claim, ONE_PERCENT)).check()
    assert refusal.value.index == len(derivation.steps)


@pytest.mark.parametrize(
    ("derivation", "index"),
    [(d, i) for d, i in STEPS if isinstance(d.steps[i].by, SplitAtKinks)],
    ids=name_of,
)
def test_a_dropped_kink_is_refused(derivation: Derivation, index: int) -> None:
    reason = derivation.steps[index].by
    assert isinstance(reason, SplitAtKinks)
    first, second, *rest = reason.into
    for kept in (first.integrand, second.integrand):
        joined = GaussIntegral(kept, first.variable, first.q, first.lower, second.upper)
        spoiled = replace(reason, into=(joined, *rest))
        with pytest.raises(gd.StepRefused) as refusal:
            with_step(derivation, index, by=spoiled).check()
        assert refusal.value.index == index + 1


@pytest.mark.parametrize(
    ("derivation", "index"),
    [(d, i) for d, i in STEPS if isinstance(d.steps[i].by, Antiderivative)],
    ids=name_of,
)
def test_a_wrong_antiderivative_is_refused(derivation: Derivation, index: int) -> None:
    reason = derivation.steps[index].by
    assert isinstance(reason, Antiderivative)
    for wrong in (reason.antiderivative * ONE_PERCENT, -reason.antiderivative, reason.antiderivative + x):
        with pytest.raises(gd.StepRefused) as refusal:
            with_step(derivation, index, by=replace(reason, antiderivative=wrong)).check()
        assert refusal.value.index == index + 1


@pytest.mark.parametrize(
    ("derivation", "index"),
    [(d, i) for d, i in STEPS if isinstance(d.steps[i].by, CompletingTheSquare)],
    ids=name_of,
)
def test_a_wrong_shift_or_factor_is_refused(derivation: Derivation, index: int) -> None:
    reason = derivation.steps[index].by
    assert isinstance(reason, CompletingTheSquare)
    for changes in ({"shift": reason.shift + 1}, {"shift": -reason.shift - 1}, {"factor": 2 * reason.factor}):
        with pytest.raises(gd.StepRefused):
            with_step(derivation, index, by=replace(reason, **changes)).check()


def changed_data() -> Iterator[tuple[Derivation, int, dict[str, object]]]:
    """Steps whose reason is given other data: another function, number, mean, or derivation."""
    for derivation, index in STEPS:
        match reason := derivation.steps[index].by:
            case ByParts():
                changes = [{"inner": reason.inner + 1}, {"inner": -reason.inner}]
                changes += [{"into": reason.into.with_integrand(reason.into.integrand + 1)}]
            case CharacteristicFunction():
                changes = [{"frequency": 2 * reason.frequency}, {"cosine": reason.cosine + x, "sine": -reason.sine}]
            case EqualDerivatives():
                changes = [{"start": S.One}, {"value": reason.value + 1}, {"parameter": parameter("b")}]
                changes += [{"slope": reason.base}, {"base": reason.slope}]
            case Lemma() if reason.at:
                (symbol, value), *others = reason.at
                changes = [{"at": ((symbol, value + 1), *others)}, {"at": tuple(others)}]
                changes += [{"at": ((symbol, x), *others)}, {"derivation": replace(reason.derivation, steps=())}]
            case Factorisation():
                changes = [{"factors": (2 * reason.factors[0], *reason.factors[1:])}, {"factors": reason.factors[:1]}]
            case MeanOfParameter():
                changes = [{"antiderivative": 2 * reason.antiderivative}, {"kinks": ()}]
            case _:
                changes = []
        yield from ((derivation, index, change) for change in changes)


@pytest.mark.parametrize(
    ("derivation", "index", "change"),
    [pytest.param(d, i, c, id=f"{d.id}-{i}-{'-'.join(c)}") for d, i, c in changed_data()],
)
def test_other_data_do_not_show_the_step(derivation: Derivation, index: int, change: dict[str, object]) -> None:
    by = replace(derivation.steps[index].by, **change)  # type: ignore[arg-type]
    with pytest.raises(gd.StepRefused) as refusal:
        with_step(derivation, index, by=by).check()
    assert refusal.value.index == index + 1
    assert refusal.value.verdict is Verdict.WRONG_REASON


def test_an_antiderivative_with_a_pole_inside_is_refused() -> None:
    f = 1 / x**2
    node = GaussIntegral(f * exp(x**2 / 2), x, 1, -1, 1)
    primitive = -1 / (x * sqrt(2 * S.Pi))
    value = primitive.subs(x, 1) - primitive.subs(x, -1)
    step = Step(value, Antiderivative(node, primitive))
    with pytest.raises(gd.StepRefused, match="not a sum of polynomials"):
        Derivation("a pole", node, ending(node, value), (step,)).check()


def test_a_divergent_end_is_refused() -> None:
    node = GaussIntegral(x * exp(x**2), x, 1, 0, oo)
    primitive = exp(x**2 / 2) / sqrt(2 * S.Pi)
    step = Step(-1 / sqrt(2 * S.Pi), Antiderivative(node, primitive))
    with pytest.raises(gd.StepRefused):
        Derivation("it diverges", node, ending(node, step.becomes), (step,)).check()


def test_the_negative_root_is_refused() -> None:
    derivation = gd.derive("relu")
    last = len(derivation.steps)
    spoiled = replace(with_step(derivation, last - 1, becomes=equation(g, -sqrt(2))), claim=equation(g, -sqrt(2)))
    with pytest.raises(gd.StepRefused) as refusal:
        spoiled.check()
    assert refusal.value.index == last


def test_a_symbolic_kink_needs_its_order_from_the_assumptions() -> None:
    free, positive = parameter("theta"), parameter("theta", positive=True)
    for theta, decided in ((free, False), (positive, True)):
        shrink = GaussMean(Piecewise((x, x < -theta), (0, x < theta), (x, True)) ** 2, x, 1)
        if decided:
            assert exact.evaluate(shrink).has(theta)
        else:
            with pytest.raises(gd.NoClosedForm):
                exact.evaluate(shrink)


def test_oddness_alone_does_not_make_a_mean_zero() -> None:
    from gainderive.derivation.reasons import Symmetry

    wild = GaussMean(x * exp(x**4), x, 1)
    with pytest.raises(gd.StepRefused, match="converges"):
        Derivation("odd but divergent", wild, ending(wild, S.Zero), (Step(S.Zero, Symmetry(wild)),)).check()


def test_tanh_stays_below_one_but_not_below_a_half() -> None:
    from sympy import StrictLessThan

    from gainderive.derivation.reasons import PointwiseBound

    mean = GaussMean(tanh(x) ** 2, x, 1)
    for bound, ok in ((S.One, True), (S.Half, False)):
        line = StrictLessThan(mean, bound, evaluate=False)
        derivation = Derivation("bound", mean, ending(mean, line), (Step(line, PointwiseBound(mean, bound)),))
        if ok:
            assert derivation.check() is gd.Status.PROVED
        else:
            with pytest.raises(gd.StepRefused):
                derivation.check()


def test_a_switch_inside_a_half_line_is_seen() -> None:
    node = GaussMean(Abs(x**2 - 2), x, 1)
    wrong = (GaussIntegral(x**2 - 2, x, 1, -oo, 0), GaussIntegral(x**2 - 2, x, 1, 0, oo))
    line = Add(*wrong)
    with pytest.raises(gd.StepRefused, match="keep its sign"):
        Derivation("a kink overlooked", node, ending(node, line), (Step(line, SplitAtKinks(node, wrong)),)).check()


def test_part_of_a_mean_is_split_too() -> None:
    node = GaussIntegral(Abs(x - 1), x, 1, 0, oo)
    steps = exact.close(node)
    derivation = Derivation("half a mean", node, ending(node, steps[-1].becomes), steps)
    assert derivation.check() is gd.Status.PROVED


# -- what is assumed, and how a step was checked ---------------------------------------------


def test_a_plain_sentence_is_an_assumption_too():
    derivation = replace(derive("relu"), assumptions=("x is real", Assumption("q > 0", otherwise="Nothing is left.")))
    assert derivation.assumptions == (Assumption("x is real"), Assumption("q > 0", otherwise="Nothing is left."))
    assert list(map(str, derivation.assumptions)) == ["x is real", "q > 0"]
    assert derivation.check() is Status.PROVED
    assert "- q > 0" in derivation.to_markdown()


def test_a_reason_cannot_leave_out_how_it_is_checked():
    class Silent(Reason):
        name = "silent"

        def check(self, before, after):
            return Judgement.proved()

        def explain(self):
            return "Because."

    with pytest.raises(TypeError, match="checked"):
        Silent()


def test_every_kind_of_reason_says_how_it_is_checked():
    kinds = [getattr(reasons, name) for name in reasons.__all__]
    assert kinds
    for kind in kinds:
        # In its own file, beside the check that it describes.
        assert kind.checked.__module__ == kind.explain.__module__ == kind.__module__


@pytest.mark.parametrize("result", catalog.results(), ids=lambda r: r.id)
def test_what_a_step_says_of_its_check_is_not_what_it_says_of_itself(result):
    for step, shown in zip(result.derivation.steps, result.derivation.shown(), strict=True):
        assert shown.checked == step.by.checked()
        assert shown.checked.endswith(".")
        assert len(shown.checked) > 80
        assert shown.checked not in (shown.explanation, step.by.__doc__)
        assert shown.checked.count("$") % 2 == 0
