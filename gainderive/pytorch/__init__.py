"""The bridge to PyTorch: its table of gains, and the diagnosis and initialization of whole models."""

from gainderive.pytorch._drop_in import calculate_gain
from gainderive.pytorch.diagnosis import Finding, Report, diagnose
from gainderive.pytorch.graph import Structure, structure
from gainderive.pytorch.initialization import Plan, initialize_

__all__ = ["Finding", "Plan", "Report", "Structure", "calculate_gain", "diagnose", "initialize_", "structure"]
