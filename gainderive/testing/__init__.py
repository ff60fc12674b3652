"""Strategies and assertions for other people's test suites, with stated false-alarm rates and powers."""

from __future__ import annotations

from gainderive.testing import strategies
from gainderive.testing._assertions import assert_gain, assert_initializer, assert_preserves_second_moment
from gainderive.testing._check import Check
from gainderive.testing._conformance import Conformance
from gainderive.testing._frameworks import ConformanceRow, ConformanceTable, conformance_table
from gainderive.testing._initializer import check_initializer

__all__ = [
    "Check",
    "Conformance",
    "ConformanceRow",
    "ConformanceTable",
    "assert_gain",
    "assert_initializer",
    "assert_preserves_second_moment",
    "check_initializer",
    "conformance_table",
    "strategies",
]
