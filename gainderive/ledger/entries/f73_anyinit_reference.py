"""F73: the reference table of AnyInit."""

from collections.abc import Iterator
from functools import partial

from gainderive.enclosure import Enclosure
from gainderive.facade import resolve_elementwise
from gainderive.gaussian import GaussMean
from gainderive.ledger import Claim, Number, Printed, PrintedTable, Source, gain_of, moment_of
from gainderive.ledger._intervals import evaluated
from gainderive.symbols import g, x

COLUMNS = ("mean", "second moment", "gain", "χ", "σ*")
PRINTED = {
    "relu": ("0.3989423", "0.5000000", "1.4142136", "1.000", "1.4142"),
    "relu_squared": ("0.5000000", "1.5000000", "0.8164966", "2.000", "0.9036"),
    "max(x, 0)**3": ("0.7978846", "7.5000000", "0.3651484", "3.000", "0.7148"),
    "gelu": ("0.2820948", "0.4252215", "1.5335304", "1.084", "1.4680"),
    "silu": ("0.2066210", "0.3557755", "1.6765325", "1.147", "1.5588"),
    "elu": ("0.1605206", "0.6449454", "1.2451983", "0.898", "1.2780"),
    "selu": ("0.0000000", "1.0000000", "1.0000000", "0.783", "1.0000"),
    "mish": ("0.2404039", "0.4523422", "1.4868476", "1.052", "1.4515"),
    "softplus": ("0.8060592", "0.9212459", "1.0418668", "0.535", "1.0831"),
    "tanh": ("0.0000000", "0.3942945", "1.5925374"),
    "sigmoid": ("0.5000000", "0.2933790", "1.8462285"),
}
"""The rows, but for what stands there for tanh and the sigmoid, which have no σ*; relu² is our relu_squared."""


def _slope(name: str) -> Enclosure:
    """Return χ = d log E φ² / d log σ² at σ*, which is E[x φ φ'] / E φ² there."""
    phi = resolve_elementwise(name).at().numeric
    ratio = GaussMean(x * phi * phi.diff(x), x, g**2) / GaussMean(phi**2, x, g**2)
    return evaluated(ratio, {g: gain_of(name, "activation")}, 12)


def _columns(name: str) -> tuple[Number, ...]:
    """Return what the columns mean for a function."""
    return (
        moment_of(name, "mean"),
        moment_of(name, "second moment"),
        gain_of(name),
        partial(_slope, name),
        gain_of(name, "activation"),
    )


def _entries() -> Iterator[tuple[str, Printed]]:
    for name, row in PRINTED.items():
        for column, text, value in zip(COLUMNS, row, _columns(name), strict=False):
            yield f"{name}, {column}", Printed(text, value)


CLAIM = Claim(
    says="Exact moments for x ~ N(0, 1), the gain 1/√E f², the scale σ* at which E f² = 1, and the slope χ of the "
    "depth map there: for GELU 0.2820948, 0.4252215, 1.5335304, 1.4680 and 1.084, and so on for eleven functions.",
    who=(
        Source(
            "AnyInit, docs/reference.md (commit 391259d)",
            "https://github.com/jmiravet/AnyInit/blob/391259d4bf3aadd004f9152241e3917e0c826610/docs/reference.md",
        ),
    ),
    check=PrintedTable(dict(_entries())),
    remark="Gauss quadrature gives every digit. Its library's gain() is σ*, the activation criterion; the table's "
    "column is the forward criterion, {forward} against {activation} for GELU.",
    numbers={
        "forward": gain_of("gelu"),
        "activation": gain_of("gelu", "activation"),
    },
    results=("GD-0005", "GD-0013", "GD-0021", "GD-0022", "GD-0031"),
)
