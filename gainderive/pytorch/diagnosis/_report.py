"""The report of a diagnosis."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from gainderive.pytorch.diagnosis._records import Finding, LayerReport
from gainderive.pytorch.diagnosis._switch import Switch


@dataclass(frozen=True)
class Report:
    """What :func:`diagnose` finds out about a model.

    Attributes
    ----------
    model : str
        Its class.
    findings : tuple of Finding
        What is wrong, the worst first; empty for a model that is in order.
    layers : tuple of LayerReport
        In the order of execution.
    switch : Switch or None
        The same model re-initialised as advised; ``None`` if not asked for.
    loss : float or None
        The loss, or the synthetic one.
    remarks : tuple of str
        What could not be found out.
    """

    model: str
    findings: tuple[Finding, ...]
    layers: tuple[LayerReport, ...]
    switch: Switch | None
    loss: float | None
    remarks: tuple[str, ...]

    @property
    def gradient_ratio(self) -> float | None:
        """Norm of the gradient by the first layer's weights over that by the last one's."""
        return gradient_ratio(self.layers)

    def to_dict(self) -> dict[str, Any]:
        """Return plain data for JSON; numbers that are infinite or not a number are strings."""
        found: dict[str, Any] = _plain(
            {
                "model": self.model,
                "findings": [asdict(finding) for finding in self.findings],
                "gradient_ratio": self.gradient_ratio,
                "loss": self.loss,
                "layers": [asdict(layer) for layer in self.layers],
                "switch": None
                if self.switch is None
                else asdict(self.switch) | {"gradient_ratio": gradient_ratio(self.switch.layers)},
                "remarks": self.remarks,
            }
        )
        return found

    def to_json(self) -> str:
        """Return the report as JSON."""
        return json.dumps(self.to_dict(), indent=2, ensure_ascii=False, allow_nan=False)

    def to_html(self) -> str:
        """Return the report as one HTML page that needs no other file."""
        from gainderive.pytorch.diagnosis._html import page

        return page(self)

    def __str__(self) -> str:
        from gainderive.pytorch.diagnosis._text import text

        return text(self)

    def __repr__(self) -> str:
        return str(self)

    def _repr_html_(self) -> str:
        from gainderive.pytorch.diagnosis._html import embedded

        return embedded(self)


def gradient_ratio(layers: Sequence[LayerReport]) -> float | None:
    """Return the first layer's gradient norm over the last one's, of those that have one."""
    norms = [layer.gradient for layer in layers if layer.gradient is not None]
    if len(norms) < 2:
        return None
    return norms[0] / norms[-1] if norms[-1] else (math.inf if norms[0] else math.nan)


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(part) for key, part in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(part) for part in value]
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    return value
