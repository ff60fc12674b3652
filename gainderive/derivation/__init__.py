"""Derivations that check themselves.

A :class:`Derivation` is a chain of :class:`Step`, each with a :class:`Reason` that checks it and never
calls the code that produced it. The rigorous core is this package and :mod:`gainderive.algebra`; the
engine that finds derivations may be as clever as it likes, because it is not trusted.
"""

from gainderive.derivation._derivation import Derivation, Source, Step, ending
from gainderive.derivation._fingerprint import written
from gainderive.derivation._numeric import assignments
from gainderive.derivation._one_sign import sign_between
from gainderive.derivation._reason import Judgement, Reason, Verdict
from gainderive.derivation._state import equation, items, rewrite

__all__ = [
    "Derivation",
    "Judgement",
    "Reason",
    "Source",
    "Step",
    "Verdict",
    "assignments",
    "ending",
    "equation",
    "items",
    "rewrite",
    "sign_between",
    "written",
]
