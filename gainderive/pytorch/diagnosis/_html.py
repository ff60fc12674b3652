"""A report as one HTML page: findings, how the signal runs through the layers, and what each layer's numbers look like.

Nothing is loaded from elsewhere, no script runs, and colours follow the reader's light or dark preference. Names and
sentences are escaped, since a module may be called anything.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

from gainderive.display import Html, element, joined
from gainderive.pytorch.diagnosis._histogram import Histogram
from gainderive.pytorch.diagnosis._records import Finding, LayerReport
from gainderive.pytorch.diagnosis._report import Report, gradient_ratio
from gainderive.pytorch.diagnosis._switch import Switch
from gainderive.pytorch.diagnosis._text import COMPARED, HEAD, compared, number, row, share

_STYLE = """
.gd-report{--ink:#1d2733;--soft:#5b6775;--line:#d7dde4;--paper:#ffffff;--card:#f5f7f9;--one:#2166ac;--two:#b35806;
--bad:#b2182b;--good:#1b7837;color:var(--ink);background:var(--paper);font:16px/1.5 system-ui,sans-serif}
@media(prefers-color-scheme:dark){.gd-report{--ink:#e4e8ec;--soft:#a3adb8;--line:#3a434d;--paper:#15191e;--card:#1f252c;
--one:#6baed6;--two:#fdae61;--bad:#f4796b;--good:#7fbf7b}}
.gd-report h1{font-size:1.6rem;margin:0 0 .3rem}.gd-report h2{font-size:1.2rem;margin:2rem 0 .6rem}
.gd-report h3{font-size:1rem;margin:0 0 .3rem}.gd-report p{margin:.3rem 0}
.gd-report .gd-soft{color:var(--soft)}.gd-report .gd-good{color:var(--good)}
.gd-report .gd-card{background:var(--card);border-left:4px solid var(--bad);border-radius:4px;padding:.7rem 1rem;
margin:.7rem 0}
.gd-report .gd-scroll{overflow-x:auto}.gd-report table{border-collapse:collapse;font-size:.85rem}
.gd-report th,.gd-report td{border-bottom:1px solid var(--line);padding:.25rem .6rem;text-align:left;white-space:nowrap}
.gd-report .gd-grid{display:grid;grid-template-columns:repeat(auto-fill,minmax(17rem,1fr));gap:1rem}
.gd-report figure{margin:0;background:var(--card);border-radius:4px;padding:.6rem}
.gd-report figcaption{font-size:.8rem;color:var(--soft)}.gd-report svg{display:block;width:100%;height:auto}
.gd-report svg text{fill:var(--soft);font-size:11px;font-family:inherit}
"""
_BODY = (
    "body{margin:0}.gd-report{max-width:70rem;margin:auto;padding:2rem 1.2rem;min-height:100vh;box-sizing:border-box}\
html{background:#fff}@media(prefers-color-scheme:dark){html{background:#15191e}}"
)


def page(report: Report) -> str:
    """Return the report as a page of its own."""
    head = joined(
        Html('<meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">'),
        element("title", f"Diagnosis of {report.model}"),
        Html(f"<style>{_BODY}</style>"),
    )
    return f'<!doctype html>\n<html lang="en"><head>{head}</head><body>{embedded(report)}</body></html>\n'


def embedded(report: Report) -> Html:
    """Return the report as a part of a page, such as a notebook."""
    return element(
        "div",
        Html(f"<style>{_STYLE}</style>"),
        element("h1", f"Diagnosis of {report.model}"),
        _findings(report.findings),
        _through_depth(report),
        _switch(report),
        element("h2", "Preactivations and activations"),
        element("div", *map(_layer, report.layers), **{"class": "gd-grid"}),
        element("h2", "All numbers"),
        _table(HEAD, map(row, report.layers)),
        *(element("p", remark, **{"class": "gd-soft"}) for remark in report.remarks),
        **{"class": "gd-report"},
    )


def _findings(findings: Sequence[Finding]) -> Html:
    if not findings:
        return element("p", "Nothing is wrong with its initialization.", **{"class": "gd-good"})
    return joined(*(_finding(place, finding) for place, finding in enumerate(findings, 1)))


def _finding(place: int, finding: Finding) -> Html:
    also = [element("p", f"Also: {', '.join(finding.others)}.", **{"class": "gd-soft"})] if finding.others else []
    cause = str(finding.cause).replace("_", " ")
    return element(
        "div",
        element("h3", f"{place}. {cause} in ", element("code", finding.layer or "the model")),
        element("p", finding.evidence),
        *also,
        element("p", element("strong", "What to do: "), finding.advice),
        element("p", f"Rests on {finding.result_id}.", **{"class": "gd-soft"}),
        **{"class": "gd-card"},
    )


# Through depth --------------------------------------------------------------------------------------------------------


def _through_depth(report: Report) -> Html:
    before, after = report.layers, () if report.switch is None else report.switch.layers
    ratio = number(report.gradient_ratio)
    return joined(
        element("h2", "Through the layers"),
        element(
            "div",
            _line("Second moment of the preactivations", "It should stay near 1.", before, after, _second),
            _line(
                "Norm of the gradient by the weights",
                f"First layer over last layer: {ratio}.",
                before,
                after,
                lambda layer: layer.gradient,
            ),
            **{"class": "gd-grid"},
        ),
        _legend() if after else Html(""),
    )


def _legend() -> Html:
    marks = (("--one", "as it is"), ("--two", "switched"))
    spans = (
        element("span", "● ", style=f"color:var({colour})") + element("span", f"{name}  ") for colour, name in marks
    )
    return element("p", *map(Html, spans), **{"class": "gd-soft"})


def _second(layer: LayerReport) -> float | None:
    return None if layer.u is None else layer.u.second_moment


def _line(
    title: str,
    caption: str,
    before: Sequence[LayerReport],
    after: Sequence[LayerReport],
    value: Callable[[LayerReport], float | None],
) -> Html:
    """Return a plot of a positive number of each layer, on a logarithmic axis."""
    runs = [(colour, [value(layer) for layer in run]) for colour, run in (("--one", before), ("--two", after)) if run]
    logs = [math.log10(v) for _, run in runs for v in run if v and math.isfinite(v)]
    low, high = math.floor(min(logs, default=0.0)), math.ceil(max(logs, default=1.0))
    high = max(high, low + 1)
    width, height, left, floor = 360, 200, 44, 170
    drawn = []
    for tick in range(low, high + 1, max(1, (high - low) // 4)):
        y = _scaled(tick, low, high, floor, 14)
        drawn.append(f'<line x1="{left}" x2="{width}" y1="{y:.1f}" y2="{y:.1f}" stroke="var(--line)"/>')
        drawn.append(f'<text x="{left - 4}" y="{y + 4:.1f}" text-anchor="end">{_power(tick)}</text>')
    for colour, run in runs:
        points = [
            (_scaled(i, 0, max(len(run) - 1, 1), left + 8, width - 8), _scaled(math.log10(v), low, high, floor, 14))
            for i, v in enumerate(run)
            if v and math.isfinite(v)
        ]
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
        drawn.append(f'<polyline points="{path}" fill="none" stroke="var({colour})" stroke-width="2"/>')
        drawn += [f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="var({colour})"/>' for x, y in points]
    drawn.append(f'<text x="{left}" y="{height - 8}">first layer</text>')
    drawn.append(f'<text x="{width}" y="{height - 8}" text-anchor="end">last layer</text>')
    return element("figure", element("h3", title), _svg(width, height, title, drawn), element("figcaption", caption))


def _power(tick: int) -> str:
    return f"{10.0**tick:g}"


def _scaled(value: float, low: float, high: float, start: float, end: float) -> float:
    return start + (value - low) / (high - low) * (end - start)


# One layer ------------------------------------------------------------------------------------------------------------


def _layer(layer: LayerReport) -> Html:
    said = [
        f"gain in use {number(layer.weights.gain)} ({layer.weights.initializer})",
        *_told("E u²", None if layer.u is None else layer.u.second_moment),
        *_told("E h²", None if layer.h is None else layer.h.second_moment),
        *([f"{share(layer.saturated)} saturated"] if layer.saturated is not None else []),
        *([f"{share(layer.off)} off"] if layer.off is not None else []),
        *([f"{layer.dead} of {layer.units} units dead"] if layer.dead else []),
    ]
    pictures = []
    if layer.u is not None and layer.u.histogram is not None:
        pictures.append(_histogram("u", layer.u.histogram, layer.saturates_at, "--one"))
    if layer.h is not None and layer.h.histogram is not None:
        pictures.append(_histogram("h", layer.h.histogram, layer.band, "--two"))
    name = element("h3", element("code", layer.name or "the model"), f" {layer.follower or layer.kind}")
    return element("figure", name, *pictures, element("figcaption", "; ".join(said) + "."))


def _told(name: str, value: float | None) -> list[str]:
    return [] if value is None else [f"{name} = {number(value)}"]


def _histogram(name: str, counted: Histogram, marks: Sequence[float | None], colour: str) -> Html:
    """Return bars over the range that was met, with lines where saturation begins."""
    filled = [index for index, count in enumerate(counted.counts) if count]
    if not filled:
        return Html("")
    outermost = max(abs(2 * index + 1 - len(counted.counts)) for index in filled)
    first = (len(counted.counts) - outermost - 1) // 2
    counts = counted.counts[first : len(counted.counts) - first]
    reach = counted.reach * len(counts) / len(counted.counts)
    width, height, floor = 300, 110, 88
    tallest, bar = max(counts), width / len(counts)
    drawn = [
        f'<rect x="{bar * i:.2f}" y="{floor - 80 * count / tallest:.2f}" width="{bar:.2f}" '
        f'height="{80 * count / tallest:.2f}" fill="var({colour})"/>'
        for i, count in enumerate(counts)
        if count
    ]
    for mark in marks:
        if mark is not None and abs(mark) < reach:
            x = _scaled(mark, -reach, reach, 0, width)
            drawn.append(
                f'<line x1="{x:.1f}" x2="{x:.1f}" y1="4" y2="{floor}" stroke="var(--bad)" stroke-dasharray="3"/>'
            )
    drawn.append(f'<line x1="0" x2="{width}" y1="{floor}" y2="{floor}" stroke="var(--soft)"/>')
    for place, anchor, label in ((0, "start", -reach), (width / 2, "middle", 0.0), (width, "end", reach)):
        drawn.append(f'<text x="{place}" y="{floor + 14}" text-anchor="{anchor}">{label:.3g}</text>')
    drawn.append(f'<text x="4" y="14">{name}</text>')
    return _svg(width, height, f"Histogram of {name}", drawn)


def _svg(width: int, height: int, title: str, drawn: Sequence[str]) -> Html:
    head = f'<svg viewBox="0 0 {width} {height}" role="img" aria-label="{title}">'
    return Html(head + "".join(drawn) + "</svg>")


# Before and after -----------------------------------------------------------------------------------------------------


def _switch(report: Report) -> Html:
    switch: Switch | None = report.switch
    if switch is None:
        return Html("")
    heading = element("h2", "The switch test")
    if switch.skipped:
        return joined(heading, element("p", f"Not made: {switch.skipped}."))
    ratios = f"Gradient of the first over the last layer: {number(report.gradient_ratio)}, then \
{number(gradient_ratio(switch.layers))}."
    return joined(
        heading,
        element("p", f"The same model, {switch.what}; before and after."),
        _table(COMPARED, compared(report.layers, switch)),
        element("p", ratios),
    )


def _table(head: Sequence[str], rows: object) -> Html:
    first = element("tr", *(element("th", cell, scope="col") for cell in head))
    body = (
        element("tr", element("th", line[0], scope="row"), *(element("td", cell) for cell in line[1:]))
        for line in rows  # type: ignore[attr-defined]
    )
    return element("div", element("table", first, *body), **{"class": "gd-scroll"})
