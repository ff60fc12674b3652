"""What people say about initialization, each sentence with a check from which its verdict is computed.

A claim is one file ``gainderive/ledger/entries/<letter><number>_<slug>.py`` with one ``CLAIM = Claim(...)``; its ID is
in the file's name, and nothing else has to be edited. A check is made of statements that checked derivations, algebra,
balls or samples decide, and no verdict is typed:

* :class:`Said`: statements; *true* when they hold, *imprecise* when they hold after a named amendment, else *false*;
* :class:`Printed`: a printed number against the exact one, in units of its last digit; :class:`PrintedTable`: many;
* :class:`Recommended`: a number said to be a gain, sought among those of all criteria; *folklore* when none gives it;
* :class:`Parts`: a sentence of several parts, as good as its worst one.

>>> claims()["A1"].verdict
<Verdict.TRUE: 'true'>
"""

from gainderive.derivation import Source
from gainderive.ledger._claim import DIGITS, GROUPS, Assessment, Claim
from gainderive.ledger._evidence import Check, Decision, Finding, Row, Statement
from gainderive.ledger._experiment import ALPHA, Experiment
from gainderive.ledger._find import Claims, claims, load_file
from gainderive.ledger._known import claimed_by, exact, gain_of, moment_of
from gainderive.ledger._numbers import Number, decimal
from gainderive.ledger._printed import NEAR, Printed, PrintedTable
from gainderive.ledger._recommended import Recommended
from gainderive.ledger._said import Amended, Parts, Said
from gainderive.ledger._statements import Compares, Derived, Identity, Refuted, Throughout
from gainderive.ledger._torch import TorchGain
from gainderive.ledger._verdict import Verdict

__all__ = [
    "ALPHA",
    "DIGITS",
    "GROUPS",
    "NEAR",
    "Amended",
    "Assessment",
    "Check",
    "Claim",
    "Claims",
    "Compares",
    "Decision",
    "Derived",
    "Experiment",
    "Finding",
    "Identity",
    "Number",
    "Parts",
    "Printed",
    "PrintedTable",
    "Recommended",
    "Refuted",
    "Row",
    "Said",
    "Source",
    "Statement",
    "Throughout",
    "TorchGain",
    "Verdict",
    "claimed_by",
    "claims",
    "decimal",
    "exact",
    "gain_of",
    "load_file",
    "moment_of",
]
