"""The facade: one gain, all five gains, and their derivations."""

from gainderive.facade._derive import derive
from gainderive.facade._find import gain, gains
from gainderive.facade._gain import Gain, Gains, describe

__all__ = ["Gain", "Gains", "derive", "describe", "gain", "gains"]
