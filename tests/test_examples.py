"""The examples are the same every time, leave the caller's random numbers alone, and are what they say."""

import math
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import gainderive as gd
from gainderive import examples

torch = pytest.importorskip("torch")
nn = torch.nn

ROOT = Path(__file__).parent.parent
MODELS = [name for name in examples.__all__ if name != "characters"]


def made(name: str, **settings: Any) -> tuple[Any, Any]:
    model, batch = getattr(examples, name)(**settings)
    assert isinstance(model, nn.Module)
    return model, batch


def equal(one: Any, other: Any) -> bool:
    """Tell whether two models have the same weights."""
    mine, yours = one.state_dict(), other.state_dict()
    return mine.keys() == yours.keys() and all(torch.equal(mine[key], yours[key]) for key in mine)


@pytest.mark.parametrize("name", MODELS)
def test_a_factory_needs_no_arguments_and_its_model_takes_its_batch(name: str) -> None:
    model, batch = made(name)
    answer = model(batch)
    assert len(answer) == len(batch)
    assert torch.isfinite(answer).all()
    answer.square().mean().backward()
    assert all(p.grad is not None for p in model.parameters())


@pytest.mark.parametrize("name", MODELS)
def test_equal_seeds_make_equal_models_and_others_make_others(name: str) -> None:
    (first, batch), (again, same), (other, _) = made(name), made(name), made(name, seed=1)
    assert equal(first, again)
    assert torch.equal(batch, same)
    assert not equal(first, other)


@pytest.mark.parametrize("name", examples.__all__)
def test_the_callers_random_numbers_go_on_as_if_nothing_had_been_drawn(name: str) -> None:
    before = torch.random.get_rng_state()
    getattr(examples, name)()
    assert torch.equal(torch.random.get_rng_state(), before)


@pytest.mark.parametrize("name", ["relu", "tanh", "gelu", "silu", "elu", "selu", "sigmoid", "softplus", "sin", "erf"])
def test_a_plain_network_has_any_activation_that_torch_has(name: str) -> None:
    model, _ = examples.mlp(name, depth=1, width=4)
    assert float(gd.gain(model[1])) == pytest.approx(float(gd.gain(name)), rel=1e-12)


@pytest.mark.parametrize("activation", [nn.PReLU(), torch.tanh, lambda x: x.clamp(min=0) ** 2])
def test_a_plain_network_has_modules_and_functions_too(activation: Any) -> None:
    model, batch = examples.mlp(activation, depth=2, width=4)
    assert model[1] is not model[3]
    assert model(batch).shape == (256, 10)


def test_what_torch_does_not_have_is_refused_with_advice() -> None:
    with pytest.raises(gd.BadParameter, match="give one of tensors"):
        examples.mlp("star_relu")
    with pytest.raises(gd.UnknownActivation, match="Did you mean"):
        examples.mlp("gleu")


@pytest.mark.parametrize("gain", [0.5, 2.0])
def test_a_plain_network_has_the_gain_that_was_asked_for(gain: float) -> None:
    model, _ = examples.mlp("relu", depth=1, width=400, gain=gain)
    # The relative standard deviation of the mean of 160,000 squares is sqrt(2)/400.
    measured = model[0].weight.square().mean().item() * 400 / gain**2
    assert abs(measured - 1) < 6 * math.sqrt(2) / 400
    assert not model[0].bias.any()


def test_a_sirens_second_moments_follow_its_length_map_from_1() -> None:
    model, batch = examples.siren(width=512)
    seen = [(30 * model[:end](batch)).square().mean().item() for end in (3, 5, 7)]
    first, second = 1 - math.exp(-2), 1 - math.exp(-2 * (1 - math.exp(-2)))
    assert seen == pytest.approx([1, first, second], abs=0.04)


def test_the_names_are_words_of_the_alphabet_and_many() -> None:
    from gainderive.examples._characters import ALPHABET, names

    made = names(2000)
    assert set("".join(made)) <= set(ALPHABET[1:])
    assert len(set(made)) > 1500
    contexts, targets = examples.characters(50, block=4)
    assert contexts.shape == (len(targets), 4) == (sum(map(len, names(50))) + 50, 4)
    assert int((targets == 0).sum()) == 50


def test_without_torch_an_example_says_what_to_install() -> None:
    code = (
        "import sys; sys.modules['torch'] = None\n"
        "from gainderive import errors, examples\n"
        "try:\n    examples.mlp\n"
        "except errors.MissingExtra as error:\n    print(error)"
    )
    run = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True, cwd=ROOT)
    assert run.stdout == "the example mlp needs torch, which is not installed: pip install 'gainderive[torch]'\n"


def test_another_name_is_no_example() -> None:
    with pytest.raises(AttributeError, match="no attribute 'lstm'"):
        _ = examples.lstm
