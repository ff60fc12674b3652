"""Strategies and assertions for other people's test suites, with stated false-alarm rates and powers."""

from __future__ import annotations

from gainderive.testing._conformance import Conformance
from gainderive.testing._initializer import check_initializer

__all__ = ["Conformance", "check_initializer"]
