"""What a gain does not mean although its name suggests it."""

from __future__ import annotations

DIRAC = (
    "the activation jumps at {at}: D = E φ'² with the almost-everywhere derivative leaves out what the jump adds, "
    "so this is not the factor by which gradients grow"
)
