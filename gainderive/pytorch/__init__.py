"""The bridge to PyTorch: its table of gains, and the diagnosis and initialization of whole models."""

from gainderive.pytorch._drop_in import calculate_gain

__all__ = ["calculate_gain"]
