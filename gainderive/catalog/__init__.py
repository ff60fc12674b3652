"""Published results: what a file in ``derivations/`` holds, how the files are found, and how a result is cited.

A result is one file ``derivations/gdNNNN_slug.py`` with one ``RESULT = Result(...)``. Its ID is in the
file's name, permanent and meaningless; the slug may change. Nothing else has to be edited. A result that turns out
to be wrong keeps its file, in which ``RESULT = Withdrawn(...)`` says why.

>>> result("GD-0005").title
'The gain of ReLU is √2'
>>> [r.id for r in results()][:2]
['GD-0001', 'GD-0002']
"""

from gainderive.catalog._cite import AUTHORS, cite
from gainderive.catalog._find import find, load_file, module_at, published, result, results, settling, vanished
from gainderive.catalog._result import (
    Absent,
    Agrees,
    Differs,
    Experiment,
    Illustration,
    Published,
    Result,
    Settles,
    Topic,
    TorchRelation,
    Withdrawn,
)

__all__ = [
    "AUTHORS",
    "Absent",
    "Agrees",
    "Differs",
    "Experiment",
    "Illustration",
    "Published",
    "Result",
    "Settles",
    "Topic",
    "TorchRelation",
    "Withdrawn",
    "cite",
    "find",
    "load_file",
    "module_at",
    "published",
    "result",
    "results",
    "settling",
    "vanished",
]
