"""The facade: one gain, all five gains, and their derivations."""

from gainderive.gains._derive import derive
from gainderive.gains._find import gain, gains
from gainderive.gains._gain import Gain, Gains, describe

__all__ = ["Gain", "Gains", "derive", "describe", "gain", "gains"]
