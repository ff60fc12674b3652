"""What an initialization does, as a value that prints as a table."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from gainderive import display


@dataclass(frozen=True)
class Setting:
    """What one parameter gets.

    Attributes
    ----------
    layer : str
        Name of the layer.
    parameter : str
        Name of the parameter, as in ``model.named_parameters()``.
    kind : str
        Kind of the layer.
    role : str
        Its place in the model.
    fan_in, fan_out : float or None
        Its fans; none for biases and normalisations.
    follower : str
        The activation that its output meets first; empty where none does.
    gain : float or None
        The gain, all factors included.
    ids : tuple of str
        The published results from which it follows, that of the activation's gain first.
    rule : str
        Name of the rule.
    law : str
        Law of the new values: ``"normal"``, ``"uniform"``, ``"truncated_normal"``, ``"orthogonal"`` or ``"constant"``.
    before : float
        Standard deviation of the values that it has; the value itself, where the law is constant.
    after : float or None
        The same of the new values; ``None`` where it is left as it is.
    why : str
        The reason, in words.
    """

    layer: str
    parameter: str
    kind: str
    role: str
    fan_in: float | None
    fan_out: float | None
    follower: str
    gain: float | None
    ids: tuple[str, ...]
    rule: str
    law: str
    before: float
    after: float | None
    why: str

    @property
    def id(self) -> str | None:
        """The first of the results."""
        return self.ids[0] if self.ids else None


@dataclass(frozen=True)
class Plan:
    """What :func:`initialize_` has done, or would do.

    Attributes
    ----------
    model : str
        Class of the model.
    how : str
        How its structure was found: ``"run"``, ``"fx"`` or ``"order"``.
    applied : bool
        Whether the model has been changed.
    criterion, mode, convention : str
        What was asked for.
    settings : tuple of Setting
        One for each weight, in the order of execution, and one for each parameter of a normalisation.
    biases : tuple of str
        The parameters that are set to 0.
    statistics : tuple of str
        Normalisations whose running statistics are forgotten, because they were those of other weights.
    left : tuple of str
        The parameters that are left as they are, each with the reason.
    remarks : tuple of str
        What could not be found out of the model's structure.

    Examples
    --------
    >>> from torch import nn
    >>> import gainderive as gd
    >>> net = nn.Sequential(nn.Linear(100, 50), nn.ReLU(), nn.Linear(50, 10))
    >>> plan = gd.pytorch.initialize_(net, dry_run=True)
    >>> [(setting.parameter, round(setting.gain, 4), setting.id) for setting in plan.settings]
    [('0.weight', 1.4142, 'GD-0005'), ('2.weight', 1.0, 'GD-0004')]
    """

    model: str
    how: str
    applied: bool
    criterion: str
    mode: str
    convention: str
    settings: tuple[Setting, ...]
    biases: tuple[str, ...]
    statistics: tuple[str, ...]
    left: tuple[str, ...]
    remarks: tuple[str, ...]

    def __iter__(self) -> Iterator[Setting]:
        return iter(self.settings)

    def __getitem__(self, name: str) -> Setting:
        """Return what the layer or parameter called `name` gets.

        Raises
        ------
        KeyError
            When there is none.
        """
        for setting in self.settings:
            if name in (setting.parameter, setting.layer):
                return setting
        raise KeyError(name)

    def to_dict(self) -> dict[str, Any]:
        """Return plain data for JSON."""
        return {**vars(self), "settings": [vars(setting) for setting in self.settings]}

    def to_json(self) -> str:
        """Return the plan as JSON."""
        return json.dumps(self.to_dict(), indent=2)

    def __str__(self) -> str:
        done = "is initialised" if self.applied else "would be initialised (nothing has been changed)"
        lines = [f"{self.model} {done}; its structure {_HOW[self.how]}"]
        if self.settings:
            lines += ["", *_columns([_HEAD, *map(self._row, self.settings)]), "", "Why", *self._reasons()]
        if self.biases:
            lines += ["", f"0: {', '.join(self.biases)}"]
        if self.statistics:
            lines += ["", f"Running statistics afresh: {', '.join(self.statistics)}"]
        for title, entries in (("Left as they are", self.left), ("Not found out", self.remarks)):
            if entries:
                lines += ["", title, *(f"  {entry}" for entry in entries)]
        return "\n".join(lines)

    def __repr__(self) -> str:
        return str(self)

    def _numbers(self) -> dict[str, int]:
        """Return the reasons, each once, with their numbers."""
        reasons = dict.fromkeys(setting.why for setting in self.settings)
        return {why: number for number, why in enumerate(reasons, start=1)}

    def _reasons(self) -> list[str]:
        return [f"  {number}. {why}" for why, number in self._numbers().items()]

    def _row(self, setting: Setting) -> tuple[str, ...]:
        return (
            setting.parameter,
            setting.kind,
            "" if setting.fan_in is None else f"{setting.fan_in:g} → {setting.fan_out:g}",
            setting.follower,
            "" if setting.gain is None else f"{setting.gain:.4f}",
            ", ".join(setting.ids),
            setting.law if setting.after is not None else "",
            f"{setting.before:.4f} → {'same' if setting.after is None else f'{setting.after:.4f}'}",
            f"{setting.rule} [{self._numbers()[setting.why]}]",
        )

    def _repr_html_(self) -> str:
        done = "Initialization of" if self.applied else "Planned initialization of"
        rows = ((*self._row(setting)[:-1], setting.rule, setting.why) for setting in self.settings)
        return display.table(f"{done} {self.model}", rows, (*_HEAD[:-1], "rule", "why"))


_HOW = {
    "run": "was seen while it ran",
    "fx": "was traced by torch.fx",
    "order": "is guessed from the order of its modules",
}
_HEAD = ("weight", "kind", "fan in → out", "follower", "gain", "result", "law", "std before → after", "rule")


def _columns(rows: Sequence[Sequence[str]]) -> list[str]:
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]
