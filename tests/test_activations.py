"""Every activation's file: its formula is that of every library which has it, and its gains are consistent."""

from __future__ import annotations

import importlib
import inspect
import os
import re
import sys
from collections import Counter
from collections.abc import Callable, Mapping
from contextlib import nullcontext
from decimal import Decimal
from importlib.util import find_spec
from typing import Any

import mpmath
import numpy as np
import pytest
import sympy
from sympy import Expr, Piecewise, Poly, Rational, exp, lambdify, oo

import gainderive as gd
from gainderive import quadrature
from gainderive.activations import Activation, load, names
from gainderive.errors import BadParameter, MomentDiverges, Undecided
from gainderive.facade import solution
from gainderive.pieces import breakpoints, pieces
from gainderive.symbols import parameter, x

# Keras reads its backend when it is first imported; without TensorFlow its own default is none.
os.environ.setdefault("KERAS_BACKEND", "torch" if find_spec("torch") else "jax")

ACTIVATIONS = [load(name) for name in names()]
PARAMETERS = [(a, p) for a in ACTIVATIONS for p in a.parameters]


def ids(value: object) -> str:
    return value if isinstance(value, str) else str(getattr(value, "name", value))


# -- what every file holds -------------------------------------------------------------------


@pytest.mark.parametrize("activation", ACTIVATIONS, ids=ids)
def test_the_file_is_complete(activation: Activation) -> None:
    documented = sys.modules[f"gainderive.activations.{activation.name}"].__doc__
    assert documented
    assert documented.strip().endswith(".")
    assert activation.title
    assert activation.source
    assert activation.at().is_closed
    assert set(activation.expression.free_symbols) == {
        x,
        *(p.symbol for p in activation.parameters),
        *(c.symbol for c in activation.constants),
    }
    for p in activation.parameters:
        assert p.default is oo or p.default.is_Rational


@pytest.mark.parametrize("name", names())
def test_the_file_is_called_as_its_activation(name: str) -> None:
    assert load(name).name == name
    assert name.isidentifier()


def test_no_name_is_claimed_twice() -> None:
    claimed = Counter(name for a in ACTIVATIONS for name in (a.name, *a.aliases))
    dotted = Counter(name for a in ACTIVATIONS for name in (*a.elsewhere, *a.other_defaults))
    assert [name for name, times in (claimed + dotted).items() if times > 1] == []
    for activation in ACTIVATIONS:
        keywords = Counter(k for p in activation.parameters for k in (p.name, *p.aliases))
        assert max(keywords.values(), default=1) == 1
        for name in activation.aliases:
            assert load(name).name == activation.name


# -- the formula is the library's ------------------------------------------------------------


def resolved(dotted: str) -> Any:
    """Return what a dotted name denotes, an attribute of the longest importable module."""
    if find_spec(dotted.partition(".")[0]) is None:
        pytest.skip(f"{dotted.partition('.')[0]} is not installed")
    module, _, rest = dotted.rpartition(".")
    while module:
        try:
            found = importlib.import_module(module)
        except ModuleNotFoundError:
            module, _, head = module.rpartition(".")
            rest = f"{head}.{rest}"
            continue
        for part in rest.split("."):
            found = getattr(found, part)
        return found
    raise AssertionError(f"{dotted} is not there")


def takes(function: Any, keyword: str) -> bool:
    """Tell whether a function or class has the parameter; torch's builtins say so in their docstring's first line."""
    try:
        return keyword in inspect.signature(function).parameters
    except ValueError:
        return re.search(rf"\b{keyword}\b", (function.__doc__ or "").strip().partition("\n")[0]) is not None


def values(dotted: str, points: np.ndarray, settings: Mapping[str, float]) -> np.ndarray:
    """Return what the library's function, or an object of its class, gives at `points`, in the precision it has."""
    function = resolved(dotted)
    package = dotted.partition(".")[0]
    if package == "torch":
        import torch

        arguments: Any = torch.tensor(points)
        if dotted == "torch.nn.PReLU":
            settings = dict(settings) | {"dtype": torch.float64}
        call = function(**settings) if isinstance(function, type) else lambda value: function(value, **settings)
        with torch.no_grad():
            return np.asarray(call(arguments).numpy())
    if package == "jax":
        import jax

        with jax.enable_x64(True):
            return np.asarray(function(jax.numpy.asarray(points), **settings))
    if package == "keras":
        import keras

        in_double = nullcontext()
        if keras.backend.backend() == "jax":
            import jax

            in_double = jax.enable_x64(True)
        with in_double:
            if isinstance(function, type):
                function, settings = function(**settings, dtype="float64"), {}
            found = function(keras.ops.convert_to_tensor(points[None, :], dtype="float64"), **settings)[0]
        return np.asarray(found.detach().numpy() if hasattr(found, "detach") else found)
    return np.asarray(function(points, **settings))


def points(closed: Activation) -> np.ndarray:
    """Return points that a float32 holds: a fine grid, far ones, and every kink with its neighbours."""
    kinks = np.array([float(point.at) for point in breakpoints(closed.numeric)], dtype=np.float32)
    beside = [np.nextafter(kinks, np.float32(side)) for side in (-np.inf, np.inf)]
    exact = [k for k, point in zip(kinks, breakpoints(closed.numeric), strict=True) if Rational(float(k)) == point.at]
    found = np.concatenate([np.linspace(-8, 8, 257), [-60.0, -30.5, -20.25, 20.25, 30.5, 60.0], *beside, exact])
    # 0 is in the grid, and the subnormal numbers beside it are flushed to 0 by some libraries.
    return np.unique(found[(found == 0) | (np.abs(found) > 1e-30)]).astype(np.float64)


def exactly(closed: Activation, at: np.ndarray) -> np.ndarray:
    formula = lambdify(x, closed.numeric, "mpmath")
    with mpmath.workdps(60):
        return np.array([float(formula(mpmath.mpf(float(p)))) for p in at])


def rounding(at: np.ndarray, expected: np.ndarray, found: np.ndarray) -> np.ndarray:
    """Return what a few operations, each rounded in the precision of `found`, on numbers of this size may lose."""
    size = np.maximum(np.maximum(np.abs(expected), np.abs(at)), 1)
    return np.asarray(32 * np.finfo(found.dtype).eps * size)


def assert_same(dotted: str, closed: Activation, settings: Mapping[str, float]) -> None:
    at = points(closed)
    expected = exactly(closed, at)
    found = values(dotted, at, settings)
    assert found.shape == expected.shape
    slack = rounding(at, expected, found) + torch_softplus_cuts_off(dotted, closed, at)
    wrong = np.abs(found - expected) > slack
    assert not wrong.any(), list(zip(at[wrong], found[wrong], expected[wrong], strict=True))[:5]


def computed_by_torch(dotted: str) -> bool:
    if dotted.startswith("keras."):
        import keras

        return bool(keras.backend.backend() == "torch")
    return dotted.startswith("torch.")


def torch_softplus_cuts_off(dotted: str, closed: Activation, at: np.ndarray) -> np.ndarray:
    """Return log(1 + exp(-u))/beta where u = beta x > 20: what torch leaves out there, and nowhere else."""
    if closed.name != "softplus" or not computed_by_torch(dotted):
        return np.zeros_like(at)
    beta = float(next(iter(closed.set_to.values())))
    return np.where(beta * at > 20, np.log1p(np.exp(-np.minimum(beta * at, 700))) / beta, 0)


def test_torchs_softplus_is_the_identity_beyond_its_threshold_and_the_formula_is_not() -> None:
    torch = pytest.importorskip("torch")
    at = np.array([20.25])
    assert values("torch.nn.functional.softplus", at, {}) == at
    assert exactly(load("softplus").at(), at) - at > 1e-9
    assert torch.nn.functional.softplus(torch.tensor(at), threshold=40).numpy() == exactly(load("softplus").at(), at)


ELSEWHERE = [(a, dotted, {}) for a in ACTIVATIONS for dotted in a.elsewhere]
OTHER_DEFAULTS = [(a, dotted, defaults) for a in ACTIVATIONS for dotted, defaults in a.other_defaults.items()]


def _required(activation: Activation, dotted: str) -> dict[str, float]:
    """Return our defaults for parameters that the library's function has no default for."""
    try:
        signature = inspect.signature(resolved(dotted)).parameters
    except ValueError:
        signature = {}
    return {
        keyword: float(p.default)
        for p in activation.parameters
        for keyword in (p.name, *p.aliases)
        if (activation.name == "threshold" and takes(resolved(dotted), keyword))
        or (keyword in signature and signature[keyword].default is inspect.Parameter.empty)
    }


@pytest.mark.parametrize(("activation", "dotted", "defaults"), ELSEWHERE + OTHER_DEFAULTS, ids=ids)
def test_the_formula_is_the_librarys_at_its_defaults(
    activation: Activation, dotted: str, defaults: Mapping[str, Expr]
) -> None:
    assert_same(dotted, activation.at(**defaults), _required(activation, dotted))


def other_values(activation: Activation) -> dict[str, Rational]:
    """Return a value for each parameter that is no default, an eighth, and keeps the parameters in their order."""
    return {
        p.name: Rational(21, 8) if p.default is oo else Rational(round(p.default * 8) + 5, 8)
        for p in activation.parameters
    }


SETTABLE = [(a, d) for a in ACTIVATIONS if a.parameters for d in (*a.elsewhere, *a.other_defaults)]


def understood(activation: Activation, dotted: str) -> dict[str, str]:
    """Return the library's keyword for each parameter that it lets one set."""
    function = resolved(dotted)
    return {p.name: k for p in activation.parameters for k in (*p.aliases, p.name) if takes(function, k)}


@pytest.mark.parametrize(("activation", "dotted"), SETTABLE, ids=ids)
def test_the_formula_is_the_librarys_at_other_values(activation: Activation, dotted: str) -> None:
    keywords = understood(activation, dotted)
    if not keywords:
        pytest.skip(f"{dotted} has no parameters")
    chosen = {name: value for name, value in other_values(activation).items() if name in keywords}
    assert_same(dotted, activation.at(**chosen), {keywords[name]: float(value) for name, value in chosen.items()})


def test_the_libraries_let_one_set_all_parameters_but_three() -> None:
    pytest.importorskip("torch")
    pytest.importorskip("jax")
    pytest.importorskip("keras")
    unheard = {
        (activation.name, p.name)
        for activation in {a.name: a for a, _ in SETTABLE}.values()
        for p in activation.parameters
        if not any(p.name in understood(activation, d) for d in (*activation.elsewhere, *activation.other_defaults))
    }
    assert unheard == {("silu", "beta"), ("sin", "omega"), ("cos", "omega")}


@pytest.mark.parametrize("activation", [a for a in ACTIVATIONS if a.parameters and a.elsewhere], ids=ids)
def test_parameters_are_called_as_in_torch(activation: Activation) -> None:
    """A parameter that a library lets one set has that library's keyword, so that it can be read from its objects."""
    modules = [
        d for d in activation.elsewhere if d.startswith(("torch.nn.", "keras.layers.")) and "functional" not in d
    ]
    for dotted in modules:
        known = {k for p in activation.parameters for k in (p.name, *p.aliases)}
        settable = set(inspect.signature(resolved(dotted)).parameters)
        settable -= {"inplace", "kwargs", "num_parameters", "device", "dtype"}
        # torch's softplus has a threshold that is no part of the function.
        assert settable <= known | {"threshold"}


@pytest.mark.parametrize("word", ["none", "tanh"])
@pytest.mark.parametrize("dotted", ["torch.nn.GELU", "torch.nn.functional.gelu"])
def test_words_choose_the_formula_that_they_choose_in_torch(dotted: str, word: str) -> None:
    pytest.importorskip("torch")
    assert_same(dotted, load("gelu").at(approximate=word), {"approximate": word})  # type: ignore[dict-item]


@pytest.mark.parametrize("flag", [False, True])
@pytest.mark.parametrize("dotted", ["jax.nn.gelu", "keras.activations.gelu", "keras.ops.gelu"])
def test_truth_values_choose_the_formula_that_they_choose_in_jax_and_keras(dotted: str, flag: bool) -> None:
    assert_same(dotted, load("gelu").at(approximate=flag), {"approximate": flag})


@pytest.mark.parametrize("spoil", [lambda e: e * Rational(101, 100), lambda e: -e, lambda e: e.subs(x, x + exp(-30))])
def test_a_spoiled_formula_is_refused(spoil: Callable[[Expr], Expr]) -> None:
    pytest.importorskip("torch")
    spoiled = Activation(name="gelu", title="spoiled", expression=spoil(load("gelu").expression))
    with pytest.raises(AssertionError):
        assert_same("torch.nn.functional.gelu", spoiled, {})


ELEMENTWISE_NOT = {
    # torch: a gate halves its input, a softmax and attention mix units, and an RReLU is random.
    "GLU", "MultiheadAttention", "RReLU", "Softmax", "Softmax2d", "Softmin", "LogSoftmax",
    # jax and Keras: the same; reductions, encodings and normalisations; and one function of positive numbers.
    "glu", "softmax", "log_softmax", "sparsemax", "dot_product_attention", "get_scaled_dot_general_config",
    "logmeanexp", "logsumexp", "one_hot", "scaled_dot_general", "scaled_matmul", "standardize", "log1mexp",
    "deserialize", "get", "serialize",
}  # fmt: skip
"""What stands beside the elementwise functions in the three libraries' modules of activations."""


@pytest.mark.parametrize("module", ["torch.nn.modules.activation", "jax.nn", "keras.activations"])
def test_every_elementwise_function_of_the_library_is_in_the_catalogue(module: str) -> None:
    home = resolved(module)
    public = getattr(home, "__all__", [n for n in dir(home) if not n.startswith("_") and callable(getattr(home, n))])
    prefix = "torch.nn" if module.startswith("torch") else module
    known = {dotted for a in ACTIVATIONS for dotted in (*a.elsewhere, *a.other_defaults)}
    assert [n for n in public if n not in ELEMENTWISE_NOT and f"{prefix}.{n}" not in known] == []


# -- parameters ------------------------------------------------------------------------------


@pytest.mark.parametrize(("activation", "p"), PARAMETERS, ids=ids)
def test_every_parameter_is_used(activation: Activation, p: Any) -> None:
    changed = activation.at(**{p.name: other_values(activation)[p.name]})
    assert not np.allclose(exactly(changed, np.linspace(-3, 3, 61)), exactly(activation.at(), np.linspace(-3, 3, 61)))


@pytest.mark.parametrize(("activation", "p"), PARAMETERS, ids=ids)
def test_values_that_a_parameter_cannot_take_are_refused(activation: Activation, p: Any) -> None:
    for value in (float("nan"), float("-inf"), True, "one", sympy.I, [1]):
        with pytest.raises(BadParameter, match=p.name):
            activation.at(**{p.name: value})
    sign = "positive" if p.symbol.is_positive else "nonnegative" if p.symbol.is_nonnegative else None
    if sign is not None:
        with pytest.raises(BadParameter, match=f"{p.name} of {activation.name} must be {sign}"):
            activation.at(**{p.name: 0 if sign == "positive" else -1})


@pytest.mark.parametrize("activation", [a for a in ACTIVATIONS if a.relations], ids=ids)
def test_values_out_of_order_are_refused(activation: Activation) -> None:
    for relation in activation.relations:
        low, high = (next(p.name for p in activation.parameters if p.symbol == s) for s in (relation.lts, relation.gts))
        with pytest.raises(BadParameter, match=f"{activation.name} needs {low} < {high}, and {low} = 2, {high} = 1"):
            gd.gain(activation, **{low: 2, high: 1})
    assert activation.at(**{p.name: parameter(f"any_{p.name}") for p in activation.parameters}).set_to


def test_hardtanh_is_refused_where_torch_refuses_it() -> None:
    torch = pytest.importorskip("torch")
    for low, high in ((2, 1), (1, 1)):
        with pytest.raises(AssertionError):
            torch.nn.Hardtanh(low, high)
        with pytest.raises(BadParameter, match="min_val < max_val"):
            gd.gain("hardtanh", min_val=low, max_val=high)
    with pytest.raises(BadParameter, match="max_val = 1"):
        gd.gain("hardtanh", min_val=2)


def test_words_choose_another_formula() -> None:
    assert gd.gain("gelu", approximate="tanh").value == gd.gain("gelu_tanh").value != gd.gain("gelu").value
    assert gd.gain("gelu", approximate="none").value == gd.gain("gelu").value
    assert gd.gains("gelu", approximate="tanh").activation.title == "GELU (tanh form)"
    assert gd.derive("gelu", "backward", approximate="tanh").claim == gd.derive("gelu_tanh", "backward").claim
    with pytest.raises(BadParameter, match="must be 'none' or 'tanh', not 'erf'"):
        gd.gain("gelu", approximate="erf")
    with pytest.raises(BadParameter, match="Did you mean 'approximate'"):
        gd.gain("gelu", aproximate="tanh")
    with pytest.raises(BadParameter, match="none at all"):
        gd.gain("gelu_tanh", approximate="tanh")


@pytest.mark.parametrize("absent", [{}, {"max_value": None}, {"max_value": float("inf")}, {"max_value": oo}])
def test_an_absent_bound_is_no_kink(absent: dict[str, Any]) -> None:
    closed = load("keras_relu").at(**absent)
    assert closed.expression == Piecewise((0, x <= 0), (x, True))
    assert gd.gain("keras_relu", **absent).exact == sympy.sqrt(2)
    assert len(breakpoints(load("keras_relu").at(max_value=2).expression)) == 2


def test_keywords_of_other_libraries_are_understood() -> None:
    assert gd.gain("softshrink", threshold=1).value == gd.gain("softshrink", lambd=1).value
    with pytest.raises(BadParameter, match="given twice, as lambd and as threshold"):
        gd.gain("softshrink", lambd=1, threshold=1)


# -- gains -----------------------------------------------------------------------------------


@pytest.mark.parametrize("name", names())
def test_steps_enclosure_and_quadrature_agree(name: str) -> None:
    gain = gd.gain(name, digits=20)
    assert gain.enclosure is not None
    assert gain.enclosure.rad <= abs(gain.enclosure.mid) * Decimal(10) ** -20
    mean = solution(gain.activation, gain.criterion) ** -2
    node = next(iter(mean.atoms(gd.GaussMean)))
    estimate = quadrature.mean(node.integrand)
    assert abs(estimate.value - float(gain.enclosure) ** -2) <= estimate.error + 4e-16 * estimate.value
    if gain.status is gd.Status.PROVED:
        assert gain.enclosure.contains(gain.exact)
        assert gain.derivation.check() is gd.Status.PROVED


@pytest.mark.parametrize("name", names())
def test_all_five_criteria_have_an_answer(name: str) -> None:
    for answer in gd.gains(name).values():
        assert isinstance(answer, (gd.Gain, gd.NoSuchGain, gd.SeveralGains))
        assert not isinstance(answer, (Undecided, MomentDiverges))


def is_elementary(expr: Expr) -> bool:
    """Tell whether `expr` is a sum of x^n exp(polynomial of degree at most 2), the engine's oldest class."""
    exponentials = [e for e in expr.atoms(exp) if x in e.free_symbols]
    if any(not e.args[0].is_polynomial(x) or Poly(e.args[0], x).degree() > 2 for e in exponentials):
        return False
    stand_ins = {e: parameter(f"e{i}") for i, e in enumerate(exponentials)}
    return bool(expr.xreplace(stand_ins).is_polynomial(x, *stand_ins.values()))


ELEMENTARY = [a.name for a in ACTIVATIONS if all(is_elementary(p.expr.expand()) for p in pieces(a.at().numeric))]


def test_the_class_with_closed_forms_is_told_from_the_rest() -> None:
    assert {"relu", "elu", "selu", "hardswish", "gaussian", "exponential", "xielu", "sqnl"} <= set(ELEMENTARY)
    assert not {"gelu", "tanh", "silu", "softsign", "sin", "softplus", "loglog"} & set(ELEMENTARY)


@pytest.mark.parametrize("name", ELEMENTARY)
@pytest.mark.parametrize("criterion", ["forward", "centered", "backward"])
def test_polynomials_times_exponentials_have_closed_forms(name: str, criterion: str) -> None:
    if criterion == "backward" and load(name).at().derivative == 0:
        with pytest.raises(gd.NoSuchGain, match="derivative is 0"):
            gd.gain(name, criterion)
        return
    assert gd.gain(name, criterion).status is gd.Status.PROVED


def test_a_kink_that_special_values_do_not_have_is_none() -> None:
    assert gd.gain("elu", "linearized").exact == gd.derive("elu", "linearized").claim.rhs == 1
    assert gd.gain("softsign", "linearized").exact == 1
    with pytest.raises(gd.NoSuchGain, match="slope 2 to the left and 1 to the right"):
        gd.gain("elu", "linearized", alpha=2)
    with pytest.raises(gd.NoSuchGain, match="its slope at 0 is 0"):
        gd.gain("relu_squared", "linearized")
