"""The drop-in says what torch says, to the last bit and the last word, and more where torch says nothing."""

import math
import struct
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from unittest import mock

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sympy import Rational, tanh
from sympy.abc import x as another_x

import gainderive as gd
from gainderive import activations, catalog, units
from gainderive.catalog import Agrees, Differs
from gainderive.criteria import Criterion
from gainderive.pytorch import calculate_gain
from gainderive.symbols import x

torch = pytest.importorskip("torch")
init = torch.nn.init
torchs: Callable[..., float] = init.calculate_gain

ROOT = Path(__file__).parent.parent


def knows(name: str) -> bool:
    """Tell whether the installed torch's table has a gain for `name`."""
    try:
        torchs(name)
    except ValueError:
        return False
    return True


CATALOGUE = [*activations.names(), *units.names()]
ALIASES = [alias for name in activations.names() for alias in activations.load(name).aliases]
NAMES = [name for name in (*CATALOGUE, *ALIASES) if knows(name)]
"""What torch's table has, found by asking it."""


def bits(value: float) -> bytes:
    return struct.pack("<d", value)


@pytest.fixture
def patched() -> Iterator[None]:
    """Let torch's initializers ask the drop-in."""
    with mock.patch.object(init, "calculate_gain", calculate_gain):
        yield


# -- what torch says -------------------------------------------------------------------------


@pytest.mark.parametrize("param", [None, 0, 0.0, 3, -0.25, True, "anything"])
@pytest.mark.parametrize("name", [name for name in NAMES if name != "leaky_relu"])
def test_every_name_of_torchs_table_has_torchs_value_whatever_the_param(name: str, param: Any) -> None:
    found = calculate_gain(name, param)
    assert type(found) is float
    assert bits(found) == bits(torchs(name, param))


@given(st.one_of(st.none(), st.integers(), st.floats(-1e150, 1e150), st.just(math.inf), st.just(-math.inf)))
def test_every_slope_gives_torchs_bits(slope: float | None) -> None:
    assert bits(calculate_gain("leaky_relu", slope)) == bits(torchs("leaky_relu", slope))


def test_slopes_that_are_numbers_to_torch_alone_are_what_they_are_to_torch() -> None:
    assert math.isnan(calculate_gain("leaky_relu", math.nan))
    assert bits(calculate_gain("leaky_relu", np.float64(0.3))) == bits(torchs("leaky_relu", np.float64(0.3)))


def refusal(of: Callable[..., float], *arguments: Any) -> tuple[list[str], str]:
    """Return the base classes that matter, and the message, of the error that a call raises."""
    with pytest.raises(Exception) as refused:  # noqa: PT011 (which error it is, is what is asked)
        of(*arguments)
    return [kind.__name__ for kind in type(refused.value).__mro__ if kind in (ValueError, OverflowError)], str(
        refused.value
    )


@pytest.mark.parametrize(
    "arguments",
    [
        *[("leaky_relu", bad) for bad in (True, False, "0.2", [1], {"a": "b"}, 1j, np.float32(0.2), np.int64(1))],
        ("leaky_relu", torch.tensor(0.2)),
        ("leaky_relu", 1e200),
        ("leaky_relu", 10**400),
        *[(bad,) for bad in ("", "ReLU", "leaky relu", "zz", "conv4d", None, 3, [], ["relu"], torch.nn.Linear)],
        (torch.nn.Linear(2, 3),),
        (torch.nn.Softmax(0), 0.5),
    ],
    ids=lambda arguments: repr(arguments)[:50],
)
def test_what_torch_refuses_is_refused_in_torchs_words(arguments: tuple[Any, ...]) -> None:
    assert refusal(calculate_gain, *arguments) == refusal(torchs, *arguments)


def test_a_refusal_is_ours_too_and_advises() -> None:
    with pytest.raises(gd.GainderiveError) as refused:
        calculate_gain("gleu")
    assert type(refused.value) is gd.BadNonlinearity
    assert "Did you mean" in "".join(refused.value.__notes__)
    with pytest.raises(gd.BadNonlinearity) as refused:
        calculate_gain("leaky_relu", True)
    assert refused.value.__notes__ == ["give a float or an int, such as 0.01"]


@pytest.mark.parametrize(
    "initialize",
    [
        lambda w: init.kaiming_normal_(w, nonlinearity="relu"),
        lambda w: init.kaiming_normal_(w, 0.3, mode="fan_out"),
        lambda w: init.kaiming_uniform_(w, a=math.sqrt(5)),
        lambda w: init.kaiming_uniform_(w, nonlinearity="selu"),
        lambda w: init.kaiming_normal_(w, nonlinearity="sigmoid"),
        lambda w: init.xavier_normal_(w, init.calculate_gain("tanh")),
        lambda w: init.xavier_uniform_(w, init.calculate_gain("leaky_relu", 0.2)),
        lambda w: init.orthogonal_(w, init.calculate_gain("conv2d")),
    ],
)
def test_the_weights_of_torchs_initializers_are_the_same_bits(initialize: Callable[[Any], Any]) -> None:
    def weights() -> Any:
        with torch.random.fork_rng():
            torch.manual_seed(5)
            return initialize(torch.empty(7, 3, 2, 2))

    before = weights()
    with mock.patch.object(init, "calculate_gain", calculate_gain):
        after = weights()
    assert torch.equal(before, after)


def test_layers_that_torch_builds_are_the_same_bits(patched: None) -> None:
    # nn.Linear and nn.Conv2d initialise themselves by kaiming_uniform_.
    with torch.random.fork_rng():
        torch.manual_seed(1)
        layer = torch.nn.Linear(5, 3)
        torch.manual_seed(1)
        expected = (torch.rand(3, 5) * 2 - 1) / math.sqrt(5)
    assert torch.allclose(layer.weight, expected, rtol=1e-6)


# -- what torch does not say -----------------------------------------------------------------


@pytest.mark.parametrize("name", [name for name in CATALOGUE if not knows(name) and name != "identity"])
def test_every_other_entry_has_its_derived_forward_gain(name: str) -> None:
    try:
        expected = float(gd.gain(name))
    except gd.GainderiveError as error:
        with pytest.raises(type(error)):
            calculate_gain(name)
    else:
        assert calculate_gain(name) == expected


@pytest.mark.parametrize("criterion", list(Criterion))
@pytest.mark.parametrize("name", ["relu", "leaky_relu", "tanh", "sigmoid", "selu", "linear", "gelu", "elu"])
def test_a_criterion_asks_for_the_derived_gain(name: str, criterion: Criterion) -> None:
    answer = gd.gains(name)[criterion]
    if isinstance(answer, gd.GainderiveError):
        with pytest.raises(type(answer)):
            calculate_gain(name, criterion=str(criterion))
    else:
        assert calculate_gain(name, criterion=str(criterion)) == float(answer)


def test_what_torch_deviates_in_is_derived_when_asked_for() -> None:
    differing = {name: calculate_gain(name, criterion="forward") for name in NAMES}
    differing = {name: derived for name, derived in differing.items() if abs(derived / torchs(name) - 1) > 1e-15}
    assert set(differing) == {"tanh", "sigmoid", "selu"}
    assert differing["selu"] == 1


@pytest.mark.parametrize(
    ("what", "expected"),
    [
        (torch.nn.Tanh(), 5 / 3),
        (torch.tanh, 5 / 3),
        (tanh(x), None),
        (activations.load("tanh"), 5 / 3),
        (torch.nn.LeakyReLU(0.3), math.sqrt(2 / 1.09)),
        (torch.nn.PReLU(), None),
        (torch.nn.GELU(approximate="tanh"), None),
        (torch.nn.Softplus(beta=2), None),
        ("tanh(x) + x/5", None),
        (lambda t: max(t, t / 10), None),
        (another_x**2, None),
    ],
)
def test_modules_functions_and_formulas_are_understood(what: Any, expected: float | None) -> None:
    assert calculate_gain(what) == (float(gd.gain(what)) if expected is None else expected)


def test_parameters_are_given_by_name_or_in_torchs_place() -> None:
    assert calculate_gain("elu", 0.5) == calculate_gain("elu", alpha=0.5) == float(gd.gain("elu", alpha=0.5))
    assert calculate_gain("gelu", approximate="tanh") == float(gd.gain("gelu_tanh"))
    assert calculate_gain("leaky_relu", negative_slope=0.2) == torchs("leaky_relu", 0.2)
    assert calculate_gain(torch.nn.LeakyReLU(0.3), 0.2) == torchs("leaky_relu", 0.2)
    assert calculate_gain("leaky_relu", 0.2, criterion="backward") == float(
        gd.gain("leaky_relu", "backward", negative_slope=0.2)
    )


@pytest.mark.parametrize("name", ["silu", "elu", "gelu", "hardtanh", "softplus"])
def test_the_slope_that_torchs_initializers_pass_unasked_says_nothing(name: str, patched: None) -> None:
    weight = init.kaiming_normal_(torch.empty(400, 400), nonlinearity=name)
    measured = float(weight.square().mean()) * 400
    # The relative standard deviation of the mean of 160,000 squares is sqrt(2)/400.
    assert abs(measured / float(gd.gain(name)) ** 2 - 1) < 6 * math.sqrt(2) / 400


@pytest.mark.parametrize(
    ("arguments", "named", "error"),
    [
        (("elu", True), {}, gd.BadParameter),
        (("elu", "a"), {}, gd.BadParameter),
        (("hardtanh", 2), {}, gd.BadParameter),
        (("elu", 2), {"alpha": 2}, gd.BadParameter),
        (("tanh",), {"beta": 2}, gd.BadParameter),
        (("relu",), {"beta": 2}, gd.BadParameter),
        (("leaky_relu",), {"slope": 2}, gd.BadParameter),
        (("relu",), {"criterion": "sideways"}, gd.UnknownCriterion),
        (("tanh",), {"criterion": "activation"}, gd.NoSuchGain),
        (("exp(x**2)",), {}, gd.MomentDiverges),
    ],
)
def test_what_is_wrong_beyond_torch_is_refused_in_our_words(
    arguments: tuple[Any, ...], named: dict[str, Any], error: type[Exception]
) -> None:
    with pytest.raises(error):
        calculate_gain(*arguments, **named)


def test_an_activation_of_ones_own_called_like_torchs_is_not_torchs() -> None:
    own = gd.Activation(name="tanh", title="My tanh", expression=2 * tanh(x))
    assert calculate_gain(own) == float(gd.gain(own)) != calculate_gain("tanh")


# -- where the numbers come from -------------------------------------------------------------


@pytest.mark.parametrize("result", [r for r in catalog.results() if isinstance(r.torch, Differs)], ids=lambda r: r.id)
def test_a_published_difference_holds_torchs_number(result: gd.Result) -> None:
    assert isinstance(result.torch, Differs)
    assert result.torch.value is not None
    for name in filter(knows, result.names):
        assert float(result.torch.value) == torchs(name)


@pytest.mark.parametrize("relation", [Differs("no", Rational(8, 5)), Agrees()])
def test_the_number_follows_the_published_relation(relation: catalog.TorchRelation) -> None:
    from gainderive.pytorch import _drop_in

    with mock.patch.object(_drop_in, "_published", return_value=relation):
        assert calculate_gain("gelu") == pytest.approx(1.6 if isinstance(relation, Differs) else float(gd.gain("gelu")))


def test_without_torch_the_numbers_are_the_same() -> None:
    code = (
        "import sys; sys.modules['torch'] = None\n"
        "from gainderive.pytorch import calculate_gain\n"
        f"print(*[calculate_gain(name).hex() for name in {NAMES}], calculate_gain('leaky_relu', 0.2).hex())"
    )
    run = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True, cwd=ROOT)
    expected = [*[float(torchs(name)).hex() for name in NAMES], torchs("leaky_relu", 0.2).hex()]
    assert run.stdout.split() == expected


def test_the_bridge_loads_no_framework() -> None:
    code = (
        "import sys, gainderive.pytorch, gainderive.examples\n"
        "print(*[m for m in ('torch', 'jax', 'keras', 'hypothesis', 'pytest', 'matplotlib') if m in sys.modules])"
    )
    run = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True, cwd=ROOT)
    assert run.stdout.split() == []
