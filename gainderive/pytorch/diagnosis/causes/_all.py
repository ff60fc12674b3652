"""All findings, ranked."""

from __future__ import annotations

from gainderive.pytorch.diagnosis._measure import Measurement
from gainderive.pytorch.diagnosis._records import Finding
from gainderive.pytorch.diagnosis.causes import bias, dead, inputs, scale


def findings(measured: Measurement) -> tuple[Finding, ...]:
    """Return what is wrong, the worst first."""
    found = [finding for kind in (inputs, scale, dead, bias) for finding in kind.findings(measured)]
    return tuple(sorted(found, key=lambda finding: -finding.severity))
