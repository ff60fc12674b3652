"""The concatenated rectified linear unit: both the positive and the negative part of a preactivation."""

from gainderive.activations import load
from gainderive.assumptions import Assumption
from gainderive.symbols import x
from gainderive.units._unit import Unit

relu = load("relu").expression

UNIT = Unit(
    name="crelu",
    title="CReLU",
    outputs=(relu, relu.subs(x, -x)),
    elsewhere=("tensorflow.nn.crelu",),
    source="Shang, Sohn, Almeida & Lee 2016, definition 2.1",
    remark=Assumption(
        "CReLU gives two outputs for each preactivation, and the next layer's fan_in counts both.",
        otherwise="With preactivations counted instead, fan_in is half as large and the forward gain 1 (GD-0043).",
    ),
)
