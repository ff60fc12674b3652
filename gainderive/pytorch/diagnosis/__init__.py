"""The diagnosis of a PyTorch model at initialization: statistics of every layer, findings, and the switch test.

The model is run apart (`_apart`) and measured in passing (`_measure`); what is wrong is judged from local facts
(`causes`); the report is a value that prints itself (`_report`).
"""

from gainderive.pytorch.diagnosis._diagnose import diagnose
from gainderive.pytorch.diagnosis._records import Cause, Finding, LayerReport
from gainderive.pytorch.diagnosis._report import Report

__all__ = ["Cause", "Finding", "LayerReport", "Report", "diagnose"]
