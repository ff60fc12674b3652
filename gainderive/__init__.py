"""gainderive: derive, prove, enclose and verify the initialization gains of neural networks.

A *gain* ``g`` sets ``Var W = g**2 / fan``. ``gain`` answers which number that is for an activation,
``derive`` shows why, ``verify`` gathers the evidence from independent routes, ``cite`` says how to cite a published
result, and ``figure`` draws what a lecture needs.

>>> import gainderive as gd
>>> gd.gain("relu")
Gain(sqrt(2) = 1.4142135623730951, proved, GD-0005)

Everything is loaded when it is first used: ``import gainderive`` itself imports nothing heavy.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

__version__ = "0.1.0"
__released__ = "2026-11-24"
"""The day of this version's release, which a citation names; nothing else says it to the code."""

_HOME = {
    "activations": ("Activation", "Parameter"),
    "assumptions": ("Assumption",),
    "catalog": ("Agrees", "Absent", "Differs", "Result", "Withdrawn", "cite", "results"),
    "criteria": ("Criterion",),
    "derivation": ("Derivation", "Reason", "Source", "Step", "Verdict"),
    "enclosure": ("Enclosure", "enclose"),
    "errors": (
        "BadCallable",
        "BadClaim",
        "BadDigits",
        "BadExpression",
        "BadFolder",
        "BadModel",
        "BadNonlinearity",
        "BadNotebook",
        "BadPage",
        "BadParameter",
        "BadResult",
        "BadWorkers",
        "GainderiveError",
        "MissingExtra",
        "MomentDiverges",
        "NoClosedForm",
        "NoSuchEdge",
        "NoSuchGain",
        "SeveralEdges",
        "SeveralGains",
        "StepRefused",
        "Undecided",
        "UnknownActivation",
        "UnknownClaim",
        "UnknownCriterion",
        "UnknownFigure",
        "UnknownFormat",
        "UnknownResult",
        "WithdrawnResult",
        "WorkFailed",
    ),
    "facade": (
        "Gain",
        "Gains",
        "Moment",
        "Saturation",
        "Survey",
        "derive",
        "gain",
        "gains",
        "length_map",
        "moments",
        "saturation",
        "survey",
    ),
    "gaussian": ("GaussIntegral", "GaussMean"),
    "meanfield": ("Edge", "EdgeCurve", "Fate", "FixedPoint", "FixedPoints", "edge_of_chaos", "fixed_points"),
    "render.figures": ("Figure", "figure"),
    "ledger": ("Claim", "Claims", "claims"),
    "status": ("Status",),
    "verification": ("Evidence", "Verification", "verify"),
}
_ROOM_OF = {name: room for room, names in _HOME.items() for name in names}
_ROOMS = ("pytorch", "testing")
"""Rooms that are used by their own names: ``gd.pytorch.diagnose``, ``gd.testing.check_initializer``."""

__all__ = sorted([*_ROOM_OF, *_ROOMS])  # pyright: ignore[reportUnsupportedDunderAll]


def load_engine() -> None:
    """Load the closed-form engine, which registers itself with :mod:`gainderive.gaussian`."""
    import_module("gainderive.exact")


def __getattr__(name: str) -> Any:
    if name in _ROOMS:
        return import_module(f"gainderive.{name}")
    room = _ROOM_OF.get(name)
    if room is None:
        raise AttributeError(f"module 'gainderive' has no attribute {name!r}")
    return getattr(import_module(f"gainderive.{room}"), name)


def __dir__() -> list[str]:
    return [*globals(), *__all__]


def public_objects() -> dict[str, dict[str, Any]]:
    """Return everything public by room and by its name below ``gainderive``, loaded; the reference is made from it."""
    rooms = {room: import_module(f"gainderive.{room}") for room in _ROOMS}
    return {room: {name: __getattr__(name) for name in names} for room, names in _HOME.items()} | {
        room: {f"{room}.{name}": getattr(module, name) for name in module.__all__} for room, module in rooms.items()
    }
