"""False statements that look plausible to a careless checker: each is refused.

Every case was accepted by some earlier version of a check, or left to the last comparison of balls, which sees only
lines that can be evaluated; what it needed is in its name.
"""

from __future__ import annotations

from dataclasses import replace

import pytest
from flint import arb
from sympy import (
    Abs,
    Basic,
    Contains,
    Derivative,
    Eq,
    Expr,
    Float,
    Heaviside,
    I,
    Interval,
    Max,
    Mul,
    Piecewise,
    Pow,
    Rational,
    S,
    StrictLessThan,
    Tuple,
    acot,
    arg,
    atan,
    cos,
    cosh,
    erf,
    exp,
    nan,
    oo,
    pi,
    sin,
    sinh,
    sqrt,
    tanh,
)

import gainderive as gd
from gainderive import algebra, exact
from gainderive.activations import Activation, Constant
from gainderive.balls import evaluate, working_precision
from gainderive.derivation import Derivation, Reason, Step, ending, equation
from gainderive.derivation.reasons import (
    Abbreviation,
    Antiderivative,
    Arithmetic,
    CompletingTheSquare,
    Definition,
    Differentiation,
    Enclosed,
    EqualDerivatives,
    Factorisation,
    Independence,
    Lemma,
    Linearity,
    MeanByScale,
    MeanOfParameter,
    NamedConstants,
    NegativeIntegrand,
    PointwiseBound,
    Solving,
    SplitAtKinks,
    Substitution,
    Symmetry,
    UnitDefinition,
)
from gainderive.derivation.reasons.unit_definition import Partial
from gainderive.gaussian import GaussIntegral, GaussMean, density
from gainderive.joint import JointMean
from gainderive.probability import Mean
from gainderive.special import binormal, erf_im, erf_re
from gainderive.symbols import branch, counter, g, indexed, parameter, q, x, z
from gainderive.units import Unit

a, b = parameter("a"), parameter("b")
s, t = parameter("s"), parameter("t", positive=True)
theta = parameter("theta", positive=True)
W, j = indexed("W"), counter("j")


def chain(given: Basic, *steps: tuple[Basic, Reason], constants: tuple[tuple[Expr, Expr], ...] = ()) -> Derivation:
    """A derivation that claims what its steps end in."""
    made = tuple(Step(line, by) for line, by in steps)
    return Derivation("test", given, ending(given, made[-1].becomes if made else given), made, constants=constants)


def less(left: Expr, right: Expr) -> StrictLessThan:
    return StrictLessThan(left, right, evaluate=False)


def integral_of(F: Expr, lower: Expr = S.NegativeOne, upper: Expr = S.One) -> Derivation:
    """The claim that the integral of F' is F(upper) - F(lower)."""
    node = GaussIntegral(F.diff(x) / density(x, 1), x, 1, lower, upper)
    return chain(node, (F.subs(x, upper) - F.subs(x, lower), Antiderivative(node, F)))


def split(node: GaussMean | GaussIntegral, *parts: GaussIntegral) -> Derivation:
    return chain(node, (sum(parts), SplitAtKinks(node, parts)))


bounded = GaussMean(tanh(x) ** 2 + cosh(x) ** -2, x, 1)
odd_with_poles = GaussMean(x * tanh(sqrt(-(x**2) - 1)) ** 2, x, 1)
step_mean = GaussMean(Piecewise((0, x < 1), (1, True)), x, q)
hump = GaussIntegral(Abs(x**2 + x / 2), x, 1, theta - 1, oo)
almost_root = Rational(str(sqrt(2).evalf(60))) - Rational(1, 10**58)
beyond = GaussIntegral(Abs(x**2 - 2), x, 1, almost_root, oo)
foreign = GaussMean(x, z, 1)
crossing = GaussMean(exp(3 * I * x) / (1 + x**2), x, 1)
explosive = GaussMean(-exp(x**4), x, 1)
moving = GaussMean(Piecewise((1, x < s), (0, True)), x, 1)
relu, fake = gd.gain("relu").activation, Activation(name="relu", title="another", expression=tanh(2 * x))
twice = GaussMean(relu.phi**2, x, 1) + GaussMean(relu.phi**4, x, 1)
five = Activation(name="foo", title="foo", expression=x, constants=(Constant(q, S(5)),))
hidden = Mean(W[j] ** 2 * s)
narrow = Interval(Rational(1, 3) - Rational(1, 10**13), Rational(1, 3) + Rational(1, 10**13))

nested = GaussMean(GaussIntegral(1, x, 1, 0, x), x, 1)
moment = Mean(W[j] ** 2)
parts = [GaussMean(1 / (1 + exp(-x - shift)) / density(x, 1), x, 1) for shift in (1, 0)]
shifted_difference = GaussMean(parts[0].integrand - parts[1].integrand, x, 1)
almost_two, narrow_width = Rational(str(sqrt(2).evalf(30))), Rational(1, 10**20)

FALSE = {
    "mean of the constant 1 below 1": chain(bounded, (less(bounded, S.One), PointwiseBound(bounded, S.One))),
    "mean of 0 below 0": chain(
        GaussMean(tanh(x) ** 2 + cosh(x) ** -2 - 1, x, 1),
        (
            less(GaussMean(tanh(x) ** 2 + cosh(x) ** -2 - 1, x, 1), S.Zero),
            NegativeIntegrand(GaussMean(tanh(x) ** 2 + cosh(x) ** -2 - 1, x, 1), (S.Zero,)),
        ),
    ),
    "essential singularity inside": integral_of(exp(-1 / x)),
    "erf of a pole inside": integral_of(erf(1 / x)),
    "one over erf": integral_of(1 / erf(x)),
    "jump of an arctangent": integral_of(exp(atan(1 / x))),
    "no value at an end": integral_of(Mul(x**2 - 1, 1 / (x - 1), evaluate=False), S.One, S(2)),
    "negative second moment": chain(
        GaussMean(x**2, x, -1), (S.NegativeOne, Antiderivative(GaussMean(x**2, x, -1), x * density(x, -1)))
    ),
    "another bound variable": chain(foreign, (S.Zero, Symmetry(foreign))),
    "the ends mention the bound variable": integral_of(erf(x), x, S.One),
    "a root whose place is unknown": split(
        hump,
        GaussIntegral(x**2 + x / 2, x, 1, theta - 1, theta + 1),
        GaussIntegral(x**2 + x / 2, x, 1, theta + 1, oo),
    ),
    "a root just inside": split(
        beyond,
        GaussIntegral(x**2 - 2, x, 1, almost_root, 2),
        GaussIntegral(x**2 - 2, x, 1, 2, oo),
    ),
    "derivative of a moving jump": chain(
        Derivative(moving, s), (S.Zero, Differentiation(Derivative(moving, s)))
    ),
    "derivative of a jump under the mean": chain(
        Derivative(step_mean, q), (GaussMean(S.Zero, x, q) / q, MeanByScale(Derivative(step_mean, q)))
    ),
    "an odd function that is not integrable": chain(odd_with_poles, (S.Zero, Symmetry(odd_with_poles))),
    "a shift across a pole": chain(
        crossing,
        (
            exp(-Rational(9, 2)) * GaussMean(1 / (1 + (x + 3 * I) ** 2), x, 1),
            CompletingTheSquare(crossing, exp(-Rational(9, 2)), 3 * I, GaussMean(1 / (1 + (x + 3 * I) ** 2), x, 1)),
        ),
    ),
    "an infinite mean below 0": chain(explosive, (less(explosive, S.Zero), NegativeIntegrand(explosive, (exp(x**4),)))),
    "a coefficient that may vanish": chain(equation(a * s, S.Zero), (equation(s, S.Zero), Solving(s))),
    "a coefficient that is a vanishing mean": chain(
        equation(s * GaussMean(x, x, 1), S.Zero), (equation(s, S.Zero), Solving(s))
    ),
    "a root of a product split over unknown signs": chain(
        equation(t**2, a * b), (equation(t, sqrt(a) * sqrt(b)), Solving(t))
    ),
    "a negative solution of a positive unknown": chain(equation(t + 3, S.Zero), (equation(t, S(-3)), Solving(t))),
    "an inequality used as an equation": chain(
        Tuple(less(s, S(5)), equation(a, s)), (Tuple(less(s, S(5)), equation(a, S(5))), Substitution(s))
    ),
    "capture of the bound variable": chain(
        Tuple(equation(s, x), equation(a, GaussMean(s * x, x, 1))),
        (Tuple(equation(s, x), equation(a, GaussMean(x**2, x, 1))), Substitution(s)),
    ),
    "a positive name for a negative number": chain(
        -3 * GaussMean(-(x**2), x, 1), (t * GaussMean(-(x**2), x, 1), Abbreviation(t, S(-3)))
    ),
    "a name that hides a dependence": chain(
        Mean(W[j] ** 2 * sqrt(1 + W[j] ** 4)),
        (hidden, Abbreviation(s, sqrt(1 + W[j] ** 4))),
        (Mean(W[j] ** 2) * Mean(s), Independence(hidden, family=W)),
    ),
    "an equation's solution used as an identity": chain(
        g**2 * a, (2 * a, Lemma(Derivation("", equation(g**2, S(2)), equation(g**2, S(2)), ())))
    ),
    "a constant that the derivation does not name": chain(
        GaussMean(x**2, x, 1) * q, (5 * GaussMean(x**2, x, 1), NamedConstants(five))
    ),
    "one name for two functions": chain(
        twice,
        (
            GaussMean(relu.expression**2, x, 1) + GaussMean(relu.expression**4, x, 1),
            Definition(relu),
        ),
        (
            GaussMean(relu.expression**2, x, 1) + GaussMean(fake.expression**4, x, 1),
            Definition(fake),
        ),
    ),
    "a change of sign over a pole": chain(
        equation(1 / (s - Rational(1, 3)), S.Zero), (Contains(s, narrow, evaluate=False), Enclosed(12))
    ),
    "a change of sign over a jump": chain(
        equation(Piecewise((1, s > Rational(1, 3)), (-1, True)), S.Zero),
        (Contains(s, narrow, evaluate=False), Enclosed(12)),
    ),
    "an open interval around an exact solution": chain(
        equation(2 * s, S(2)), (Contains(s, Interval.open(1, 1 + Rational(1, 10**13)), evaluate=False), Enclosed(12))
    ),
    "a hidden division by zero": chain(
        GaussMean(x**2, x, 1),
        (
            GaussMean(x**2 * GaussMean(x, x, 1), x, 1) / GaussMean(x, x, 1),
            Linearity(
                GaussMean(x**2, x, 1),
                ((1 / GaussMean(x, x, 1), GaussMean(x**2 * GaussMean(x, x, 1), x, 1)),),
            ),
        ),
    ),
    "a mean inside a mean": chain(
        nested, (2 * GaussIntegral(nested.integrand, x, 1, 0, oo), Symmetry(nested))
    ),
    "a derivative's own variable exchanged": chain(
        Derivative(a**2, a), (Derivative(s * a, s), Abbreviation(s, a)), (a, Differentiation(Derivative(s * a, s)))
    ),
    "a name that the first line uses already": chain(
        GaussMean(s * x, x, 1) + moment, (moment, Symmetry(GaussMean(s * x, x, 1))), (s, Abbreviation(s, moment))
    ),
    "divergent parts shifted against each other": chain(
        shifted_difference,
        (parts[0] - parts[1], Linearity(shifted_difference, ((S.One, parts[0]), (S.NegativeOne, parts[1])))),
        (S.Zero, CompletingTheSquare(parts[0], S.One, S.NegativeOne, parts[1])),
    ),
    "a negative interval for a positive unknown": chain(
        equation(g**2, S(2)),
        (Contains(g, Interval(-almost_two - narrow_width, -almost_two + narrow_width), evaluate=False), Enclosed(12)),
    ),
    "another root than the system says": chain(
        Tuple(equation(s**2 - 3 * s + 2, S.Zero), equation(s, S(2))),
        (
            Tuple(Contains(s, Interval(1 - narrow_width, 1 + narrow_width), evaluate=False), equation(s, S(2))),
            Enclosed(12),
        ),
    ),
    "a derivative that is not used and not true": chain(
        GaussMean(relu.phi**2, x, 1), (GaussMean(relu.expression**2, x, 1), Definition(relu, derivative=S(17)))
    ),
    "a rounded third": chain(moment / 3, (moment * Float(1) / 3, Arithmetic())),
}  # fmt: skip


def closed(of: Expr) -> Derivation:
    """The engine's derivation of a mean."""
    steps = exact.close(of)
    return Derivation("test", of, ending(of, steps[-1].becomes), steps)


def lemma(of: Expr, *steps: tuple[Basic, Reason]) -> Lemma:
    return Lemma(chain(of, *steps))


def by_equal_derivatives(f: Expr, symbol: Expr, start: Expr, value: Expr) -> Derivation:
    of = GaussMean(f, x, 1)
    slope, base = (closed(GaussMean(g, x, 1)) for g in (f.diff(symbol), f.subs(symbol, start)))
    return chain(
        hidden_from_balls * of, (hidden_from_balls * value, EqualDerivatives(of, symbol, start, value, slope, base))
    )


def jump(where: Expr) -> Expr:
    """An expression that jumps from 0 to pi where its argument becomes negative, and has derivative 0."""
    return arg(where)


hidden_from_balls = Mean(W[j])
positive, negative, nonzero = (parameter(n, **{n: True}) for n in ("positive", "negative", "nonzero"))
x_1, x_2 = branch(1), branch(2)
square, line_mean = GaussMean(x**2, x, 1), GaussMean(a * x, x, 1)
squares = JointMean(x_1**2 * x_2**2, (x_1, 1), (x_2, 1))
of_positive = JointMean(positive * x_2**2, (positive, 1), (x_2, 1))
root_of_square = Pow(Pow(positive, 2, evaluate=False), S.Half, evaluate=False)
over_uniform, over_free = JointMean(x * x_1**2, (x, 0, 1), (x_1, 1)), JointMean(x * x_1**2, (x_1, 1), (x_2, 1))
backwards = GaussIntegral(-(x**2), x, 1, 1, 0)
jumping = x**2 - 5 * tanh(jump(1 - x**2))
rising, wild = (GaussMean(f, x, 1) for f in (tanh(jump(x - a)), sin(a * exp(x**4))))
by_scale = Derivative(GaussMean(tanh(jump(x - 1)), x, q), q)
slope_a, identity_, other = (Activation(name="foo", title="foo", expression=e) for e in (a * x, x, S.Zero))
primed = Activation(name="foo'", title="another", expression=5 * x)
bent = Activation(name="foo", title="foo", expression=Piecewise((x, x < 0), (sin(x), True)))
constant_a = Activation(name="foo", title="foo", expression=x, constants=(Constant(a, S(5)),))
constant_t = Activation(name="foo", title="foo", expression=x, constants=(Constant(t, S(-3)),))
even_exponentials = GaussMean((exp(a) + exp(-a)) * x**2 / 2, x, 1)
unbounded = JointMean(x_1 * exp(x_2**4), (x_1, 1), (x_2, 1))
largest = Unit(name="foo", outputs=(Max(x_1, x_2),), title="foo")
product = Unit(name="foo", outputs=(x_1**2 * x_2,), title="foo")
primed_unit = Unit(name="(∂_1 foo)", outputs=(5 * x_1 * x_2,), title="another")
bent_unit = Unit(name="foo", outputs=(Piecewise((x, x < 0), (sin(x), True)),), title="foo")
slope_17 = Piecewise((1, x < 0), (17, x <= 0), (cos(x), True))
falling = acot(x - S.Half) + acot(S.Half) - 3 * x
tenth = Float(0.1)
beside_tenth = (
    GaussIntegral(tenth - x, x, 1, -oo, Rational(1, 10)),
    GaussIntegral(x - tenth, x, 1, Rational(1, 10), oo),
)
anything = parameter("l", real=None)
over_complex = JointMean(a * x**2, (x, 1), (a, 0, anything))
undivided = square / GaussMean(x, x, 1) + 1


def with_at(of: Expr, value: Expr, by: Lemma, *at: tuple[Expr, Expr]) -> Derivation:
    """The claim that a lemma shows at other values of its symbols."""
    return chain(of * hidden_from_balls, (value * hidden_from_balls, replace(by, at=at, of=of)))


def joint(unit: Unit, integrand: Expr) -> Expr:
    return unit.mean(integrand, S.One)


FALSE |= {
    "a normal variable that is positive": chain(
        of_positive,
        (
            GaussMean(root_of_square.xreplace({positive: x}), x, 1) * square,
            Factorisation(of_positive, (root_of_square, x_2**2)),
        ),
    ),
    "a factor that x is put into": chain(
        squares, (GaussMean(x**3, x, 1) * GaussMean(x, x, 1), Factorisation(squares, (x * x_1**2, x_2**2 / x)))
    ),
    "nothing times infinity": chain(
        unbounded,
        (GaussMean(x, x, 1) * GaussMean(exp(x**4), x, 1), Factorisation(unbounded, (x_1, exp(x_2**4)))),
        (S.Zero, Symmetry(GaussMean(x, x, 1))),
    ),
    "symmetry of a uniform variable": chain(over_uniform, (S.Zero, Symmetry(over_uniform))),
    "symmetry of a free variable": chain(over_free, (S.Zero, Symmetry(over_free))),
    "complex ends of a uniform variable": chain(
        over_complex,
        (
            GaussMean(anything * x**2 / 2, x, 1),
            MeanOfParameter(over_complex, a**2 * x**2 / 2, (), GaussMean(anything * x**2 / 2, x, 1)),
        ),
    ),
    "sign of an integral that runs backwards": chain(
        backwards, (less(backwards, S.Zero), NegativeIntegrand(backwards, (x**2,)))
    ),
    "a jump that the derivative does not show": chain(
        GaussMean(-jumping, x, 1),
        (less(GaussMean(-jumping, x, 1), S.Zero), NegativeIntegrand(GaussMean(-jumping, x, 1), (jumping,))),
    ),
    "derivative by the place of a jump": chain(Derivative(rising, a), (S.Zero, Differentiation(Derivative(rising, a)))),
    "derivative that is not dominated": chain(
        Derivative(wild, a), (GaussMean(wild.integrand.diff(a), x, 1), Differentiation(Derivative(wild, a)))
    ),
    "derivative by the scale of a jump": chain(by_scale, (GaussMean(0, x, q) / q, MeanByScale(by_scale))),
    "a lemma at the variable of its mean": with_at(
        square, S.Zero, lemma(line_mean, (S.Zero, Symmetry(line_mean))), (a, x)
    ),
    "a lemma at a value of what it abbreviates": chain(
        moment, (S(5), replace(lemma(moment, (s, Abbreviation(s, moment))), at=((s, S(5)),)))
    ),
    "a lemma's abbreviation that means something else": chain(
        s * moment, (s**2, lemma(moment, (s, Abbreviation(s, moment))))
    ),
    "a lemma's function at another parameter": with_at(
        GaussMean(slope_a.phi, x, 1),
        GaussMean(9 * x, x, 1),
        lemma(GaussMean(slope_a.phi, x, 1), (GaussMean(a * x, x, 1), Definition(slope_a))),
        (a, S(9)),
    ),
    "a lemma's constant at another value": replace(
        with_at(
            square,
            GaussMean(5 * x**2, x, 1),
            Lemma(
                chain(
                    GaussMean(a * x**2, x, 1),
                    (GaussMean(5 * x**2, x, 1), NamedConstants(constant_a)),
                    constants=((a, S(5)),),
                )
            ),
            (a, S.One),
        ),
        constants=((a, S(5)),),
    ),
    "a lemma at a value of an expression": with_at(
        GaussMean(Rational(5, 3) * x**2, x, 1),
        GaussMean(cosh(a) * x**2, x, 1),
        lemma(
            even_exponentials,
            (
                GaussMean(cosh(a) * x**2, x, 1),
                Linearity(even_exponentials, ((S.One, GaussMean(cosh(a) * x**2, x, 1)),)),
            ),
        ),
        (exp(a), S(3)),
    ),
    "equal derivatives, and equal at a complex number": by_equal_derivatives(
        a * x**2, a, 2 * I, a + 1 + sqrt(a**4 + 2 * a**2 + 1) / (1 + a**2)
    ),
    "equal derivatives, and equal at the mean's variable": by_equal_derivatives(a * x, a, x, S.One),
    "equal derivatives on both sides of a jump": by_equal_derivatives(
        nonzero * x**2,
        nonzero,
        S.One,
        nonzero + 1 - nonzero * sqrt(1 + nonzero**2) / sqrt(nonzero**2 + nonzero**4),
    ),
    "equal derivatives of two functions of one name": chain(
        GaussMean(a * cos(identity_.phi), x, 1),
        (
            a - 1 + exp(-S.Half),
            EqualDerivatives(
                GaussMean(a * cos(identity_.phi), x, 1),
                a,
                S.One,
                a - 1 + exp(-S.Half),
                *(
                    chain(
                        GaussMean(cos(identity_.phi), x, 1),
                        (GaussMean(cos(of.expression), x, 1), Definition(of)),
                        *((step.becomes, step.by) for step in exact.close(GaussMean(cos(of.expression), x, 1))),
                    )
                    for of in (other, identity_)
                ),
            ),
        ),
    ),
    "a negative name for a positive number": chain(
        3 * GaussMean(identity_.phi, x, 1), (negative * GaussMean(identity_.phi, x, 1), Abbreviation(negative, S(3)))
    ),
    "a real name for an imaginary number": chain(I * square, (s * square, Abbreviation(s, I))),
    "a positive constant with a negative value": chain(
        t * moment, (-3 * moment, NamedConstants(constant_t)), constants=((t, S(-3)),)
    ),
    "a derivative at a point beside its pieces": chain(
        bent.phi_prime.subs(x, 0) * square, (17 * square, Definition(bent, slope_17))
    ),
    "another function with the derivative's name": chain(
        GaussMean(identity_.phi**2 + identity_.phi_prime**2, x, 1),
        (GaussMean(identity_.phi**2 + 25 * x**2, x, 1), Definition(primed)),
        (GaussMean(26 * x**2, x, 1), Definition(identity_)),
    ),
    "the other branches called by a symbol's name": chain(
        joint(largest, largest.slope(0, x_1) ** 2),
        (
            joint(largest, Heaviside(x_1 - parameter("m")) ** 2),
            UnitDefinition(largest, (Partial(0, x_1, Heaviside(x_1 - parameter("m"))),)),
        ),
    ),
    "a branch called x": chain(
        joint(product, product.slope(0, x_1)),
        (joint(product, 2 * x * x_2), UnitDefinition(product, (Partial(0, x_1, 2 * x * x_2),))),
    ),
    "another unit with the derivative's name": chain(
        joint(product, product.slope(0, x_1) + product.heads[0]),
        (
            joint(product, 5 * x_1 * x_2 + product.heads[0]),
            UnitDefinition(primed_unit),
        ),
        (joint(product, 5 * x_1 * x_2 + x_1**2 * x_2), UnitDefinition(product)),
    ),
    "a unit's derivative at the origin beside its pieces": chain(
        bent_unit.slope(0, x).subs(x, 0) * square,
        (17 * square, UnitDefinition(bent_unit, (Partial(0, x, slope_17),))),
    ),
    "a jump inside of the box beside a zero": split(
        GaussIntegral(Abs(falling), x, 1, 0, 16),
        GaussIntegral(-falling, x, 1, 0, 4),
        GaussIntegral(-falling, x, 1, 4, 16),
    ),
    "a jump of a function with a parameter": split(
        GaussIntegral(Abs(acot(x - theta)), x, 1, theta - 1, theta + 2),
        GaussIntegral(-acot(x - theta), x, 1, theta - 1, theta + 1),
        GaussIntegral(acot(x - theta), x, 1, theta + 1, theta + 2),
    ),
    "a float that is nearly a tenth": chain(
        hidden_from_balls * GaussMean(Abs(x - tenth), x, 1),
        (
            hidden_from_balls * (beside_tenth[0] + beside_tenth[1]),
            SplitAtKinks(GaussMean(Abs(x - tenth), x, 1), beside_tenth),
        ),
    ),
    "something divided by nothing": chain(
        GaussMean(x, x, 1) + square,
        (Mul(GaussMean(x, x, 1), undivided, evaluate=False), Arithmetic()),
        (nan, Symmetry(GaussMean(x, x, 1))),
    ),
}


@pytest.mark.parametrize("derivation", FALSE.values(), ids=FALSE)
def test_it_is_refused(derivation: Derivation) -> None:
    with pytest.raises(gd.StepRefused):
        derivation.check()


def test_conjugates_that_vanish_do_not_make_a_zero() -> None:
    first, second = sqrt(a**2 + 2 * a + 1), sqrt(b**2 + 2 * b + 1)
    difference = (a + 1 - first) * (second + b + 1)
    assert not algebra.is_zero(difference / (first + a + 1 + difference))
    assert algebra.canonical(1 / (first + a + 1)).subs(a, 2) == Rational(1, 6)


def test_zero_is_not_positive() -> None:
    assert not algebra.is_positive_everywhere(S.Zero)
    assert not algebra.is_positive_everywhere(1 - tanh(x) ** 2 - cosh(x) ** -2)


def test_an_oriented_integral_is_not_called_nonnegative() -> None:
    assert GaussIntegral(1, x, 1, 0, 1).is_nonnegative
    assert GaussIntegral(1, x, 1, 2, 1).is_nonnegative is None
    assert GaussIntegral(1, x, 1, a, b).is_nonnegative is None


def test_the_ends_of_an_integral_count_in_its_derivative() -> None:
    assert algebra.equal(GaussIntegral(x**2, x, 1, 0, s).diff(s), s**2 * density(s, 1))
    assert isinstance(moving.diff(s), Derivative)


def test_true_steps_of_the_same_kinds_still_pass() -> None:
    even = GaussMean(x * sinh(x), x, 1)
    half = GaussIntegral(x * sinh(x), x, 1, 0, oo)
    assert chain(even, (2 * half, Symmetry(even))).check() == "proved"
    assert chain(equation(a + 2 * s, S.One), (equation(s, (1 - a) / 2), Solving(s))).check() == "proved"
    assert chain(Derivative(tanh(x), x), (1 - tanh(x) ** 2, Differentiation(Derivative(tanh(x), x)))).check()


def test_a_reason_of_the_wrong_shape_is_refused_and_does_not_crash() -> None:
    node = GaussIntegral(1 / x, x, 1, 1, oo)
    with pytest.raises(gd.StepRefused):
        chain(node, (nan, Antiderivative(node, 1 / x))).check()
    with pytest.raises(gd.StepRefused):
        chain(Eq(s, a, evaluate=False), (equation(s, pi), Differentiation(Derivative(s**2, s)))).check()


@pytest.mark.parametrize(
    ("value", "near"),
    [
        (binormal(-5, -5, -Rational(9, 10)), Rational(1, 10**20)),
        (erf_im(20, 3), -Rational(1, 10**100)),
        (erf_re(Rational(1, 10**30), 3), Rational("9.2e-27")),
    ],
)
def test_digits_lost_to_cancellation_are_not_taken_for_a_sign(value: Expr, near: Rational) -> None:
    with working_precision(1024):
        ball = evaluate(value, {})
        assert ball > 0
        assert abs(arb(str(value.evalf(20))) / ball - 1) < 1e-18
    assert (value - near).is_positive is bool(near < 0)
