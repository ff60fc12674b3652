"""The facade: one gain, all five gains, those of many activations, and their moments and derivations."""

from gainderive.facade._derive import Entry, assumptions, derive, solution, unfold
from gainderive.facade._find import gain, gains
from gainderive.facade._gain import Gain, Gains, settings
from gainderive.facade._moments import Moment, length_map, moments
from gainderive.facade._remarks import beside_jumps
from gainderive.facade._resolve import Understood, resolve, resolve_elementwise, understand
from gainderive.facade._roots import unreachable
from gainderive.facade._saturation import Saturation, saturation
from gainderive.facade._survey import MARKS, Survey, brief, legend, marked, survey, verified_gains
from gainderive.facade._unit import in_gaussian_means, joint_solution

__all__ = [
    "MARKS",
    "Entry",
    "Gain",
    "Gains",
    "Moment",
    "Saturation",
    "Survey",
    "Understood",
    "assumptions",
    "beside_jumps",
    "brief",
    "derive",
    "gain",
    "gains",
    "in_gaussian_means",
    "joint_solution",
    "legend",
    "length_map",
    "marked",
    "moments",
    "resolve",
    "resolve_elementwise",
    "saturation",
    "settings",
    "solution",
    "survey",
    "understand",
    "unfold",
    "unreachable",
    "verified_gains",
]
