"""A report as text for a terminal."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence

from gainderive.pytorch.diagnosis._records import Finding, LayerReport
from gainderive.pytorch.diagnosis._report import Report, gradient_ratio
from gainderive.pytorch.diagnosis._switch import Switch

WIDTH = 100
ABSENT = "-"


def text(report: Report) -> str:
    """Return findings, the table of layers, and the switch test."""
    parts = [_headline(report)]
    parts += [_finding(number, finding) for number, finding in enumerate(report.findings, 1)]
    parts.append(table(HEAD, [row(layer) for layer in report.layers]))
    parts.append(
        f"gradient: first layer / last layer = {number(report.gradient_ratio)}"
        + "".join(f"\nremark: {remark}" for remark in report.remarks)
    )
    if report.switch is not None:
        parts.append(_switch(report, report.switch))
    return "\n\n".join(parts)


HEAD = (
    "layer",
    "fans",
    "follower",
    "gain",
    "looks like",
    "E u^2",
    "output, predicted",
    "measured",
    "saturated",
    "off",
    "dead",
    "E h^2",
    "|grad W|",
)


def row(layer: LayerReport) -> tuple[str, ...]:
    """Return a layer's line in the table."""
    return (
        layer.name or "(model)",
        f"{layer.fan_in:g}, {layer.fan_out:g}",
        layer.follower or ABSENT,
        number(layer.weights.gain),
        layer.weights.initializer,
        number(None if layer.u is None else layer.u.second_moment),
        number(layer.predicted_u),
        _measured(layer),
        share(layer.saturated),
        share(layer.off),
        f"{layer.dead}/{layer.units}" if layer.dead else ABSENT,
        number(None if layer.h is None else layer.h.second_moment),
        number(layer.gradient),
    )


def number(value: float | None) -> str:
    """Return three digits of a number.

    >>> number(None), number(0.12345), number(1e-9)
    ('-', '0.123', '1e-09')
    """
    return ABSENT if value is None else f"{value:.3g}"


def share(value: float | None) -> str:
    """Return a share in per cent."""
    return ABSENT if value is None else f"{100 * value:.1f} %"


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return lines whose columns are aligned."""
    lines = [tuple(head), *map(tuple, rows)]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    return "\n".join("  ".join(map(str.ljust, line, widths)).rstrip() for line in lines)


def compared(before: Sequence[LayerReport], switch: Switch) -> list[tuple[str, ...]]:
    """Return for each layer what was and what is after the switch."""
    after = {layer.name: layer for layer in switch.layers}
    return [
        (
            layer.name,
            *_pair(share(layer.saturated), share(after[layer.name].saturated)),
            *_pair(_second(layer.u), _second(after[layer.name].u)),
            *_pair(_second(layer.h), _second(after[layer.name].h)),
            *_pair(number(layer.gradient), number(after[layer.name].gradient)),
        )
        for layer in before
        if layer.name in after
    ]


COMPARED = ("layer", "saturated", "then", "E u^2", "then", "E h^2", "then", "|grad W|", "then")


def _pair(one: str, other: str) -> tuple[str, str]:
    return one, other


def _second(signal: object) -> str:
    return number(getattr(signal, "second_moment", None))


def _measured(layer: LayerReport) -> str:
    """Return the output's second moment, before any normalisation, with its error."""
    shown = number(layer.output)
    return shown if layer.output is None or layer.output_error is None else f"{shown} ± {layer.output_error:.1g}"


def _headline(report: Report) -> str:
    count = len(report.findings)
    if not count:
        return f"{report.model}: nothing is wrong with its initialization."
    return f"{report.model}: {count} finding{'s' if count > 1 else ''}, the worst first."


def _finding(index: int, finding: Finding) -> str:
    also = f" Also: {', '.join(finding.others)}." if finding.others else ""
    lines = [f"{index}. {finding.cause} in {finding.layer!r} ({finding.result_id})"]
    for said in (finding.evidence + also, finding.advice):
        lines += textwrap.wrap(said, WIDTH, initial_indent="   ", subsequent_indent="   ", break_long_words=False)
    return "\n".join(lines)


def _switch(report: Report, switch: Switch) -> str:
    if switch.skipped:
        return f"Switch test not made: {switch.skipped}."
    return "\n".join(
        (
            f"Switch test: {switch.what}.",
            table(COMPARED, compared(report.layers, switch)),
            f"gradient ratio {number(report.gradient_ratio)}, then {number(gradient_ratio(switch.layers))}",
        )
    )
