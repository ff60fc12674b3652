"""The structure of a PyTorch model: its layers, the activations that follow and feed them, its residual sums.

A model runs once on example inputs while hooks and a function mode write down what it does; without inputs ``torch.fx``
executes it with symbols. Either way a small flow of operations comes about, in which elementwise operations that belong
together are recognised as one activation, and from which a :class:`Structure` is read.
"""

from gainderive.pytorch.graph._find import structure
from gainderive.pytorch.graph._flow import Flow, Node, Op
from gainderive.pytorch.graph._nonlinearity import Nonlinearity
from gainderive.pytorch.graph._structure import Layer, Residual, Structure

__all__ = ["Flow", "Layer", "Node", "Nonlinearity", "Op", "Residual", "Structure", "structure"]
