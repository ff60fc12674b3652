"""The bridge to PyTorch: its table of gains, and the diagnosis and initialization of whole models."""

from gainderive.pytorch.diagnosis import diagnose

__all__ = ["diagnose"]
