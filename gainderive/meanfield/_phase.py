r"""Phase diagrams: where a deep network's signal and gradients go, on a grid of weight and bias scales."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Callable, Iterable
from dataclasses import dataclass, fields
from enum import StrEnum
from functools import cached_property, partial
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gainderive import __version__, files, numbers
from gainderive.activations import Activation
from gainderive.batch import Workers, mapped
from gainderive.errors import BadParameter
from gainderive.meanfield._scales import about_jumps, closed, slope_square
from gainderive.meanfield._solve import Rows, reaching, solve
from gainderive.meanfield._table import Array

ROWS = 16
"""Weight scales in one piece of work; the same for any number of workers, so that they compute the same."""
_PARTS = tuple(field.name for field in fields(Rows))


class Phase(StrEnum):
    """What happens to deep signals."""

    ORDERED = "ordered"
    r""":math:`\chi_1 < 1`: inputs that differ become alike, gradients vanish."""
    CHAOTIC = "chaotic"
    r""":math:`\chi_1 > 1`: inputs that are almost alike are driven apart, gradients explode."""
    CRITICAL = "critical"
    r""":math:`\chi_1 = 1`, as far as doubles tell."""
    DIVERGES = "diverges"
    """The second moment has no fixed point to stop at, and grows beyond all bounds that are looked at."""
    COLLAPSES = "collapses"
    """The second moment goes to 0."""


@dataclass(frozen=True, eq=False)
class PhaseDiagram:
    r"""The fixed points that a network comes to from one start, on a grid; all arrays have a row for each weight scale.

    Attributes
    ----------
    activation : Activation
        With its parameters set.
    sigma_w, sigma_b : Array
        The grid's scales, in one dimension each.
    start : float
        Second moment of the first preactivations.
    q : Array
        :math:`q^*`; infinite where it diverges, 0 where it collapses.
    chi_1, slope : Array
        Factor of the gradient's second moment per layer, and the length map's derivative, at :math:`q^*`; where the
        second moment leaves, in the limit, as far as the tables reach.
    q_error, chi_1_error : Array
        Estimates of the absolute errors.
    remark : str
        What `chi_1` does not mean, where the activation jumps.

    Examples
    --------
    >>> diagram = phase("tanh", sigma_w=[0.5, 1.5, 3.0], sigma_b=[0.0, 0.3])
    >>> print(diagram.label)
    [['collapses' 'ordered']
     ['chaotic' 'chaotic']
     ['chaotic' 'chaotic']]
    >>> round(float(diagram.q[1, 1]), 12), bool(diagram.q_error[1, 1] < 1e-13)
    (0.96084427974, True)
    """

    activation: Activation
    sigma_w: Array
    sigma_b: Array
    start: float
    q: Array
    chi_1: Array
    slope: Array
    q_error: Array
    chi_1_error: Array
    remark: str = ""

    @cached_property
    def label(self) -> NDArray[np.str_]:
        """The :class:`Phase` of each point, as text."""
        labels = np.where(self.chi_1 < 1, Phase.ORDERED.value, Phase.CHAOTIC.value).astype("<U9")
        labels[np.abs(self.chi_1 - 1) <= self.chi_1_error] = Phase.CRITICAL.value
        labels[np.isinf(self.q)] = Phase.DIVERGES.value
        labels[self.q == 0] = Phase.COLLAPSES.value
        return labels

    @property
    def xi_q(self) -> Array:
        r"""Depth scale :math:`-1/\log|\lambda|` of the second moment's return; infinite where the slope is 1."""
        return _depth_scale(np.abs(self.slope))

    @property
    def xi_c(self) -> Array:
        r"""Depth scale :math:`-1/\log\chi_1` of gradients and of small distances; negative where they grow."""
        return _depth_scale(self.chi_1)

    def to_dict(self) -> dict[str, Any]:
        """Return plain data; infinite numbers are the text ``"inf"``."""
        arrays = {name: getattr(self, name) for name in (*_PARTS, "xi_q", "xi_c")}
        return {
            "activation": self.activation.title,
            "start": self.start,
            "sigma_w": self.sigma_w.tolist(),
            "sigma_b": self.sigma_b.tolist(),
            **{name: _plain(array) for name, array in arrays.items()},
            "label": self.label.tolist(),
            "remark": self.remark,
        }

    def save(self, path: str | Path) -> None:
        """Write all arrays as a NumPy archive, as a whole or not at all."""
        names = ("sigma_w", "sigma_b", *_PARTS, "xi_q", "xi_c", "label")
        arrays = {name: getattr(self, name) for name in names}
        files.write(Path(path), _archive(activation=np.array(self.activation.title), **arrays))

    def __str__(self) -> str:
        kinds, counts = np.unique(self.label, return_counts=True)
        shape = " x ".join(map(str, self.q.shape))
        shares = ", ".join(f"{kind} {count}" for kind, count in zip(kinds, counts, strict=True))
        return f"{self.activation.title}: {shape} points from q = {self.start:g}: {shares}"

    __repr__ = __str__


def phase(
    what: Any,
    sigma_w: Any,
    sigma_b: Any = (0.0,),
    *,
    start: Any = 1,
    workers: Workers | Any = 1,
    checkpoint: str | Path | None = None,
    progress: bool = False,
    **parameters: Any,
) -> PhaseDiagram:
    r"""Return the fixed points and phases of deep networks on a grid of weight and bias scales.

    The second moment that is reported is the one that the length map comes to from `start`: it goes up to the next
    fixed point where the map is above the diagonal, else down.

    Parameters
    ----------
    what : str, Expr, Activation or callable
        As for :func:`gainderive.fixed_points`.
    sigma_w, sigma_b : array_like
        Standard deviations, in one dimension each; numbers count as arrays of one.
    start : float
        Second moment of the first preactivations.
    workers : int, callable or dask.distributed.Client
        Number of processes, a function that is called like ``map``, or a client; the numbers are the same for all.
    checkpoint : path, optional
        Where finished rows are kept, written as a whole after each; a sweep that finds its own goes on from there.
    progress : bool
        Show a bar on stderr, if that is a terminal.
    **parameters
        The activation's.

    Raises
    ------
    BadParameter
        For scales that are negative, not finite, or none at all, and for a checkpoint of another sweep.
    BadWorkers, WorkFailed
        When the work cannot be handed out, or a worker dies.
    MomentDiverges, Undecided
        When a mean that is needed has no finite double.

    Examples
    --------
    >>> print(phase("relu", sigma_w=[1.0, 1.5], sigma_b=[0.5]))
    ReLU: 2 x 1 points from q = 1: diverges 1, ordered 1
    """
    activation = closed(what, parameters)
    weights, biases = (_scales(given, name) for given, name in ((sigma_w, "sigma_w"), (sigma_b, "sigma_b")))
    first = float(numbers.exact(start, "start"))
    if not first > 0:
        raise BadParameter(f"start is a second moment and must be positive, not {start!r}")
    chunks = [(at, weights[at : at + ROWS]) for at in range(0, weights.size, ROWS)]
    kept = _Kept.of(checkpoint, activation, weights, biases, first)
    todo = [chunk for chunk in chunks if chunk[0] not in kept.done]
    work = partial(_rows, activation, biases, first)
    found = mapped(work, todo, _like_map(workers), progress=progress, what="phase", unit="rows")
    for (at, _), rows in zip(todo, found, strict=True):
        kept.add(at, rows)
    whole = {part: np.concatenate([getattr(kept.done[at], part) for at, _ in chunks]) for part in _PARTS}
    return PhaseDiagram(activation, weights, biases, first, **whole, remark=about_jumps(activation))


def _rows(activation: Activation, biases: Array, start: float, chunk: tuple[int, Array]) -> Rows:
    weights = chunk[1] ** 2
    moment = reaching(activation.numeric**2, weights, biases**2, start)
    return solve(moment, slope_square(activation), weights, biases**2, start)


def _like_map(workers: Any) -> Workers:
    """Return `workers`, or the ``map`` of a cluster's client."""
    if not callable(workers) and callable(getattr(workers, "map", None)):
        mapping: Callable[..., Iterable[Any]] = workers.map
        return mapping
    chosen: Workers = workers
    return chosen


def _scales(given: Any, name: str) -> Array:
    try:
        array = np.atleast_1d(np.asarray(given, dtype=float))
    except (TypeError, ValueError) as error:
        raise BadParameter(f"{name} must be an array of numbers, not {given!r}") from error
    if array.ndim != 1 or array.size == 0:
        raise BadParameter(f"{name} must have one dimension and at least one number, not the shape {array.shape}")
    if not (np.all(np.isfinite(array)) and np.all(array >= 0)):
        raise BadParameter(f"{name} holds standard deviations: every number must be finite and not negative")
    return array


@dataclass
class _Kept:
    """The rows that are finished, and the file that remembers them."""

    path: Path | None
    key: str
    done: dict[int, Rows]

    @classmethod
    def of(cls, path: str | Path | None, activation: Activation, weights: Array, biases: Array, start: float) -> _Kept:
        said = repr((__version__, str(activation.numeric), start, ROWS)).encode()
        key = hashlib.sha256(said + weights.tobytes() + b"|" + biases.tobytes()).hexdigest()
        kept = cls(None if path is None else Path(path), key, {})
        if kept.path is not None and kept.path.exists():
            kept._read(kept.path)
        return kept

    def add(self, at: int, rows: Rows) -> None:
        self.done[at] = rows
        if self.path is not None:
            arrays = {f"{part}_{n}": getattr(done, part) for n, done in self.done.items() for part in _PARTS}
            files.write(self.path, _archive(key=np.array(self.key), **arrays))

    def _read(self, path: Path) -> None:
        try:
            with np.load(path) as archive:
                stored = {name: archive[name] for name in archive.files}
            key = str(stored.pop("key"))
        except (OSError, ValueError, KeyError) as error:
            raise BadParameter(f"{path} is no checkpoint of a sweep ({error}); give another path") from error
        if key != self.key:
            raise BadParameter(f"{path} is the checkpoint of another sweep; give another path, or delete it")
        numbers = sorted({int(name.rpartition("_")[2]) for name in stored})
        self.done.update({n: Rows(*(stored[f"{part}_{n}"] for part in _PARTS)) for n in numbers})


def _archive(**arrays: Any) -> bytes:
    written = io.BytesIO()
    np.savez(written, **arrays)
    return written.getvalue()


def _depth_scale(factor: Array) -> Array:
    with np.errstate(divide="ignore"):
        scale: Array = np.where(factor == 0, 0.0, -1 / np.log(factor))
    return np.where(factor == 1, np.inf, scale)


def _plain(array: Array) -> list[Any]:
    return [[value if np.isfinite(value) else str(value) for value in row] for row in array.tolist()]
