"""What torch says, by the installed torch or, where there is none, by its documentation."""

from __future__ import annotations

from dataclasses import dataclass

from sympy import Expr

from gainderive.ledger._evidence import Decision, Row
from gainderive.ledger._numbers import Number, decimal, made
from gainderive.status import Status
from gainderive.verification import torch_gain, torch_version

DOCUMENTED = "torch 2.13"
"""The version whose documentation stands in where torch is not installed."""
_ULP = 2**-50
"""Relative error of a double that was computed from an exact number in a few operations."""


@dataclass(frozen=True)
class TorchGain:
    """``torch.nn.init.calculate_gain`` returns this number, up to the rounding of a double.

    Parameters
    ----------
    name : str
        What torch calls the activation.
    documented : Expr
        The exact number that its documentation gives, which is compared with what an installed torch returns.
    """

    name: str
    documented: Number

    def decide(self) -> Decision:
        """Ask the installed torch; believe the documentation where there is none."""
        version = torch_version()
        wanted = made(self.documented)
        assert isinstance(wanted, Expr)
        what = f'torch.nn.init.calculate_gain("{self.name}")'
        if version is None:
            how = f"as {DOCUMENTED} documents it; not installed here"
            return Decision(True, (Row(what, decimal(wanted, 10), Status.ESTIMATED, True, how),))
        said = torch_gain(self.name)
        holds = said is not None and abs(said - float(wanted)) <= _ULP * abs(said)
        shown = "no entry" if said is None else decimal(wanted, 10) if holds else repr(said)
        how = f"said to be {wanted}"
        return Decision(holds, (Row(what, shown, Status.ESTIMATED, holds, how),))
