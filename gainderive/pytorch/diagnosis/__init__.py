"""The diagnosis of a PyTorch model at initialization: statistics of every layer, findings, and the switch test.

The model is run apart (`_apart`) and measured in passing (`_measure`); what is wrong is judged from local facts
(`causes`); the report is a value that prints itself (`_report`).
"""

from gainderive.pytorch.diagnosis._diagnose import diagnose

__all__ = ["diagnose"]
