"""How the claims' files are found, loaded and looked up."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import overload

from gainderive import display, files
from gainderive.catalog import module_at
from gainderive.errors import BadClaim, UnknownClaim
from gainderive.ledger._claim import Claim
from gainderive.ledger._verdict import Verdict


class Claims(Sequence[Claim]):
    """Claims in the order of their IDs; one is found by position, by ID or, as an ID's digits, by number.

    >>> claims()["d24"].id, claims()["24"].id
    ('D24', 'D24')
    """

    def __init__(self, held: Iterable[Claim]) -> None:
        self._held = tuple(held)

    @overload
    def __getitem__(self, key: int | str) -> Claim: ...
    @overload
    def __getitem__(self, key: slice) -> Claims: ...
    def __getitem__(self, key: int | str | slice) -> Claim | Claims:
        if isinstance(key, slice):
            return Claims(self._held[key])
        if isinstance(key, str):
            return self._named(key)
        return self._held[key]

    def _named(self, key: str) -> Claim:
        wanted = key.strip().upper()
        for claim in self._held:
            if wanted in (claim.id, str(claim.number)):
                return claim
        raise UnknownClaim(key, [claim.id for claim in self._held])

    def __len__(self) -> int:
        return len(self._held)

    def __iter__(self) -> Iterator[Claim]:
        return iter(self._held)

    @property
    def ids(self) -> tuple[str, ...]:
        """The IDs, in order."""
        return tuple(claim.id for claim in self._held)

    def with_verdict(self, verdict: str) -> Claims:
        """Return those with a verdict, which is computed for all."""
        return Claims(claim for claim in self._held if claim.verdict == Verdict(verdict))

    def __repr__(self) -> str:
        return f"Claims({len(self)}: {', '.join(self.ids)})"

    def __str__(self) -> str:
        return "\n".join(f"{claim.id:<5} {claim.verdict:<9}  {claim.says}" for claim in self._held)

    def _repr_html_(self) -> str:
        rows = ((claim.id, str(claim.verdict), claim.says, claim.corrected) for claim in self._held)
        return display.table("", rows, ("claim", "verdict", "what is said", "what is right"))


@cache
def claims() -> Claims:
    """Return everything that is said about initialization and was checked, in the order of the IDs.

    A verdict is computed when it is first asked for.

    Raises
    ------
    BadClaim
        For a file that does not follow the form, or a number that two files carry.

    Examples
    --------
    >>> claims()["A1"].verdict
    <Verdict.TRUE: 'true'>
    """
    return Claims(load_file(path) for path in files.claims().values())


def load_file(path: Path) -> Claim:
    """Return the claim that the file at `path` holds.

    Raises
    ------
    BadClaim
        When the file's name carries no ID, or the file holds no ``CLAIM``.
    """
    carried = files.claim_id(path)
    held = getattr(module_at(path, "gainderive.ledger.entries"), "CLAIM", None)
    if not isinstance(held, Claim):
        raise BadClaim(f"{path.name}: the file holds no CLAIM = Claim(...)")
    return held.under(carried)
