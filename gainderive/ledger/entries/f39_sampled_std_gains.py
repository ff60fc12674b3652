"""F39: gains read off 100,000 samples."""

from sympy import Rational

from gainderive.ledger import Claim, Printed, PrintedTable, Source, gain_of

PRINTED = {
    "identity": "1.0",
    "sigmoid": "4.809119701385498",
    "tanh": "1.5975916385650635",
    "relu": "1.7068026065826416",
    "leaky_relu": "1.5421059131622314",
    "selu": "1.0002975463867188",
    "elu": "1.2694571018218994",
}
_SET = {"leaky_relu": {"negative_slope": Rational(1, 5)}}
"""The slope of Leaky ReLU that the comment uses."""

GAINS = {name: gain_of(name, "centered", **_SET.get(name, {})) for name in PRINTED}

CLAIM = Claim(
    says="Empirically the gain std(x)/std(φ(x)) is 4.809 for the sigmoid, 1.598 for tanh, 1.707 for ReLU, 1.542 for "
    "Leaky ReLU of slope 0.2, 1.0003 for SELU and 1.269 for ELU.",
    who=(Source("A comment in PyTorch issue 24991", "https://github.com/pytorch/pytorch/issues/24991"),),
    check=PrintedTable({name: Printed(text, GAINS[name]) for name, text in PRINTED.items()}),
    correct="Exactly: {sigmoid} for the sigmoid, {tanh} for tanh, {relu} for ReLU, {leaky_relu} for Leaky ReLU of "
    "slope 0.2, 1 for SELU and {elu} for ELU.",
    remark="It is a different question from PyTorch's table: a ratio of standard deviations is the centered gain, and "
    "for ReLU that is not √2, which restores the second moment.",
    numbers={name: (gain, 10) for name, gain in GAINS.items()},
    results=("GD-0010",),
)
