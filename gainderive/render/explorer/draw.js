// Pictures as SVG elements; colours are the style sheet's, so that they follow the page's scheme.
"use strict";
{
  const NAMESPACE = "http://www.w3.org/2000/svg";
  const MARGIN = { top: 10, right: 12, bottom: 34, left: 42 };
  const BINS = 90;
  const MOST_ROWS = 10;
  const ROW_HEIGHT = 25;
  let clips = 0;

  function element(name, attributes = {}, text = "") {
    const made = document.createElementNS(NAMESPACE, name);
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    if (text !== "") made.textContent = text;
    return made;
  }

  /** An empty picture with axes; its methods draw in the coordinates of the data. */
  class Chart {
    constructor(svg, { x, y, height, labels, isLog = false, ticksY = null }) {
      this.width = Math.max(220, svg.parentElement.clientWidth || 340);
      this.height = height;
      this.x = x;
      this.y = isLog ? y.map(Math.log10) : y;
      this.isLog = isLog;
      svg.setAttribute("viewBox", `0 0 ${this.width} ${height}`);
      svg.setAttribute("height", height);
      const id = `explorer-clip-${clips++ % 64}`;
      const clip = element("clipPath", { id });
      clip.append(
        element("rect", {
          x: MARGIN.left,
          y: 0,
          width: this.width - MARGIN.left - MARGIN.right + 6,
          height: height - MARGIN.bottom + 5,
        }),
      );
      this.behind = element("g", { class: "explorer-axes" });
      this.inside = element("g", { "clip-path": `url(#${id})` });
      this.above = element("g");
      svg.replaceChildren(clip, this.behind, this.inside, this.above);
      this.#axes(labels, ticksY);
    }

    px(x) {
      const share = bounded((x - this.x[0]) / (this.x[1] - this.x[0]));
      return MARGIN.left + share * (this.width - MARGIN.left - MARGIN.right);
    }

    py(y) {
      const at = this.isLog ? Math.log10(y) : y;
      const share = bounded((at - this.y[0]) / (this.y[1] - this.y[0]));
      return this.height - MARGIN.bottom - share * (this.height - MARGIN.top - MARGIN.bottom);
    }

    get bottom() {
      return this.height - MARGIN.bottom;
    }

    #axes(labels, ticksY) {
      const [left, right] = [MARGIN.left, this.width - MARGIN.right];
      for (const value of ticks(...this.x, Math.max(3, this.width / (labels.isWhole ? 36 : 80)), labels.isWhole)) {
        const at = this.px(value);
        this.behind.append(element("line", { x1: at, x2: at, y1: this.bottom, y2: this.bottom + 4 }));
        this.behind.append(element("text", { x: at, y: this.bottom + 16, "text-anchor": "middle" }, shown(value)));
      }
      const marks =
        ticksY ??
        (this.isLog
          ? decades(...this.y, this.height / 40)
          : ticks(...this.y, this.height / 50).map((v) => [v, shown(v)]));
      for (const [value, text] of marks) {
        const at = this.py(value);
        this.behind.append(element("line", { class: "explorer-grid", x1: left, x2: right, y1: at, y2: at }));
        this.behind.append(element("text", { x: left - 6, y: at + 4, "text-anchor": "end" }, text));
      }
      this.behind.append(element("line", { x1: left, x2: right, y1: this.bottom, y2: this.bottom }));
      this.behind.append(
        element(
          "text",
          { class: "explorer-label", x: (left + right) / 2, y: this.height - 3, "text-anchor": "middle" },
          labels.x,
        ),
      );
    }

    line(points, name) {
      this.inside.append(element("path", { class: `explorer-line ${name}`, d: path(this.#placed(points)) }));
    }

    /** Fill between a line and a height in pixels. */
    area(points, name, base = this.bottom) {
      const placed = this.#placed(points);
      if (placed.length === 0) return;
      const closed = [[placed[0][0], base], ...placed, [placed.at(-1)[0], base]];
      this.inside.append(element("path", { class: `explorer-area ${name}`, d: `${path(closed)}Z` }));
    }

    dot([x, y], name, radius = 4) {
      this.inside.append(
        element("circle", { class: `explorer-dot ${name}`, cx: this.px(x), cy: this.py(y), r: radius }),
      );
    }

    /** Write beside a point; (dx, dy) in pixels. */
    text([x, y], text, { dx = 0, dy = 0, anchor = "start", name = "" } = {}) {
      this.above.append(
        element("text", { class: name, x: this.px(x) + dx, y: this.py(y) + dy, "text-anchor": anchor }, text),
      );
    }

    #placed(points) {
      return points
        .filter(([x, y]) => Number.isFinite(x) && Number.isFinite(y))
        .map(([x, y]) => [this.px(x), this.py(y)]);
    }
  }

  /** A share of a picture's side, kept near enough for a renderer's numbers. */
  const bounded = (share) => Math.min(Math.max(share, -9), 9);

  function path(points) {
    return points.map(([x, y], i) => `${i === 0 ? "M" : "L"}${x.toFixed(2)} ${y.toFixed(2)}`).join("");
  }

  function ticks(low, high, count, isWhole = false) {
    const rough = (high - low) / count;
    const unit = 10 ** Math.floor(Math.log10(rough));
    const step = Math.max([1, 2, 5, 10].find((n) => n * unit >= rough) * unit, isWhole ? 1 : 0);
    const first = Math.ceil(low / step - 1e-9);
    const found = [];
    for (let i = first; i * step <= high + 1e-9 * step; i++) found.push(i * step);
    return found;
  }

  function decades(low, high, count) {
    const step = Math.max(1, Math.ceil((high - low) / count));
    const found = [];
    for (let power = Math.ceil(low / step) * step; power <= high + 1e-9; power += step)
      found.push([10 ** power, shown(10 ** power)]);
    return found;
  }

  /** A round number in few characters. */
  function shown(value) {
    const size = Math.abs(value);
    if (size !== 0 && (size >= 1e5 || size < 1e-3)) return scientific(value.toExponential(0));
    return String(Number(value.toPrecision(6))).replace("-", "−");
  }

  /** “1.5e-7” as 1.5·10⁻⁷. */
  function scientific(text) {
    const [mantissa, exponent] = text.split("e");
    const raised = exponent.replace("+", "").replace(/[-\d]/g, (c) => "⁰¹²³⁴⁵⁶⁷⁸⁹⁻"["0123456789-".indexOf(c)]);
    return `${mantissa === "1" ? "" : `${mantissa}·`}10${raised}`.replace(/^-/, "−");
  }

  /** A number with as many digits as its error leaves, `most` at most. */
  function digits({ value, error = 0 }, most = 10) {
    if (value === 0) return "0";
    if (!Number.isFinite(value)) return "—";
    const certain = Math.floor(-Math.log10(Math.max(error / Math.abs(value), 1e-16)));
    const text = value.toPrecision(Math.min(Math.max(certain, 1), most));
    if (text.includes("e") || Math.abs(value) < 1e-4) return scientific(Number(text).toExponential());
    // A short number is written as one: 1.5, not 1.500000000; one that happens to end in 0 keeps its digits.
    const brief = String(Number(text));
    return (brief.length <= text.length / 2 ? brief : text).replace("-", "−");
  }

  /** The least of 1, 2, 5, 10, ... times a power of ten that is not below `value`. */
  function rounded(value) {
    const unit = 10 ** Math.floor(Math.log10(value));
    return [1, 1.5, 2, 3, 4, 5, 6, 8, 10].find((n) => n * unit >= value * (1 - 1e-12)) * unit;
  }

  /** phi and its slope, with the densities of the first and the last layer's preactivations. */
  function drawPhi(svg, activation, first, last) {
    const reach = Math.min(Math.max(rounded(4 * Math.sqrt(Math.max(first, last))), 3), 12);
    const curves = activation.pieces.map((piece) => {
      const [low, high] = [Math.max(piece.lower, -reach), Math.min(piece.upper, reach)];
      if (low >= high) return { values: [], slopes: [] };
      const count = Math.max(2, Math.round((320 * (high - low)) / (2 * reach)));
      const at = Array.from({ length: count + 1 }, (_, i) => low + ((high - low) * i) / count);
      return { values: at.map((x) => [x, piece.phi(x)]), slopes: at.map((x) => [x, piece.slope(x)]) };
    });
    const y = heights(curves, reach);
    const chart = new Chart(svg, { x: [-reach, reach], y, height: 250, labels: { x: "x" } });
    const density = (q) => {
      const peak = y[0] + 0.5 * (y[1] - y[0]);
      return Array.from({ length: 121 }, (_, i) => {
        const x = -reach + (2 * reach * i) / 120;
        return [x, y[0] + (peak - y[0]) * Math.exp((-x * x) / (2 * q))];
      });
    };
    if (last > 0) chart.area(density(last), "is-last");
    if (first > 0) chart.line(density(first), "is-first");
    chart.line(
      [
        [-reach, 0],
        [reach, 0],
      ],
      "is-axis",
    );
    chart.line(
      [
        [0, y[0]],
        [0, y[1]],
      ],
      "is-axis",
    );
    for (const { slopes } of curves) chart.line(slopes, "is-slope");
    for (const { values } of curves) chart.line(values, "is-phi");
    for (const { at, values, isJump, isKink } of activation.breaks) {
      if (isJump)
        chart.line(
          values.map((value) => [at, value]),
          "is-jump",
        );
      if (isJump || isKink)
        for (const value of new Set(values)) chart.dot([at, value], isJump ? "is-ring" : "is-phi", 3.5);
    }
  }

  function heights(curves, reach) {
    const seen = curves.flatMap(({ values, slopes }) => [
      ...values.filter(([x]) => Math.abs(x) <= 0.75 * reach),
      ...slopes.filter(([x]) => Math.abs(x) <= 2),
    ]);
    const finite = seen
      .map(([, y]) => y)
      .filter(Number.isFinite)
      .sort((a, b) => a - b);
    const [low, high] = [
      Math.min(0, finite[Math.floor(0.01 * finite.length)] ?? -1),
      Math.max(0, finite[Math.ceil(0.99 * finite.length) - 1] ?? 1),
    ];
    const room = 0.12 * (high - low || 1);
    return [low - room, high + room];
  }

  /** The length map with the diagonal, its fixed points, and the way from layer to layer. */
  function drawMap(svg, map, { points, every }, path) {
    const far = Math.max(...points.filter((point) => point.isStable).map((point) => point.q), path[0], 1e-6);
    const end = rounded(1.25 * Math.max(far, Math.min(Math.max(...path), 3 * far)));
    const curve = Array.from({ length: 81 }, (_, i) => {
      const q = end * (i / 80) ** 2;
      return [q, map(q)];
    });
    const chart = new Chart(svg, {
      x: [0, end],
      y: [0, end],
      height: 250,
      labels: { x: "q in a layer (across) and in the next (up)" },
    });
    chart.line(
      [
        [0, 0],
        [end, end],
      ],
      "is-diagonal",
    );
    chart.line(curve, "is-phi");
    const web = [[path[0], 0]];
    for (let i = 1; i < path.length; i++) web.push([path[i - 1], path[i]], [path[i], path[i]]);
    chart.line(web, "is-web");
    chart.dot([path[0], 0], "is-web", 3);
    if (every) return;
    for (const { q, isStable } of points) if (q <= end) chart.dot([q, q], isStable ? "is-stable" : "is-unstable", 5);
  }

  /** How the activations of some layers are distributed, one above the other. */
  function drawDepth(svg, activation, layers, histogram) {
    const rows = chosen(layers, MOST_ROWS);
    const [low, high] = span(activation, rows);
    const room = 0.06 * (high - low);
    const floor = (row) => rows.length - row - 1;
    const chart = new Chart(svg, {
      x: [low - room, high + room],
      y: [-0.1, rows.length + 0.45],
      height: MARGIN.top + MARGIN.bottom + ROW_HEIGHT * (rows.length + 0.55),
      labels: { x: "activation φ(x)" },
      ticksY: rows.map(({ layer }, row) => [floor(row), String(layer)]),
    });
    rows.forEach(({ q }, row) => {
      const { shares, atoms, outside } = histogram(activation, q, low, high, BINS);
      drawShares(chart, shares, [low, high], floor(row));
      if (outside > 0.005) {
        const place = { dy: -4, anchor: "end", name: "explorer-note" };
        chart.text([high + room, floor(row)], `${(100 * outside).toFixed(0)} % beyond`, place);
      }
      const isNamed = row === 0 || row === rows.length - 1;
      for (const [at, mass] of atoms) if (at >= low && at <= high) drawAtom(chart, at, mass, floor(row), isNamed);
    });
  }

  /** Bars on a scale of their own; spikes, as they stand where phi is nearly flat, are cut. */
  function drawShares(chart, shares, [low, high], floor) {
    const [tallest, next] = [0, 4].map((rank) => shares.toSorted((a, b) => b - a)[rank]);
    const scale = 1.25 / Math.max(next, tallest / 5, 1e-9);
    const edge = (bin) => low + ((high - low) * bin) / shares.length;
    const outline = [...shares].flatMap((share, bin) => {
      const top = floor + Math.min(scale * share, 1.5);
      return [
        [edge(bin), top],
        [edge(bin + 1), top],
      ];
    });
    for (const name of ["is-hidden", "is-histogram"]) chart.area(outline, name, chart.py(floor));
  }

  /** A pin at a value that phi takes with a probability of its own. */
  function drawAtom(chart, at, mass, floor, isNamed) {
    const head = [at, floor + 0.2 + 1.1 * mass];
    chart.line([[at, floor], head], "is-atom");
    chart.dot(head, "is-atom", 2.5);
    if (!isNamed) return;
    const isRight = at > (chart.x[0] + chart.x[1]) / 2;
    const place = { dx: isRight ? -6 : 6, dy: 4, anchor: isRight ? "end" : "start", name: "explorer-note" };
    chart.text(head, `${Number((100 * mass).toFixed(1))} % at ${shown(Number(at.toPrecision(3)))}`, place);
  }

  function chosen(layers, most) {
    if (layers.length <= most) return layers;
    return Array.from({ length: most }, (_, i) => layers[Math.round((i * (layers.length - 1)) / (most - 1))]);
  }

  /** The range of activations to show: that of the first layer, and of others up to three times as much. */
  function span(activation, rows) {
    const ranges = rows.map(({ q }) => {
      const values = [];
      for (const { lower, upper, phi } of activation.pieces) {
        for (let z = -3.5; z <= 3.5; z += 0.05) {
          const x = z * Math.sqrt(q);
          if (x > lower && x < upper && Number.isFinite(phi(x))) values.push(phi(x));
        }
      }
      return [Math.min(...values), Math.max(...values)];
    });
    const [first, ...others] = ranges;
    const width = first[1] - first[0] || Math.max(Math.abs(first[0]), 1);
    const low = Math.max(Math.min(first[0], ...others.map(([a]) => a)), first[0] - width);
    const high = Math.min(Math.max(first[1], ...others.map(([, b]) => b)), first[1] + width);
    return low < high ? [low, high] : [low - width / 2, high + width / 2];
  }

  /** Second moments and the gradient's factor in each layer, on a logarithmic scale. */
  function drawLayers(svg, layers) {
    const series = {
      "is-slope": (row) => row.chi.value,
      "is-web": (row) => row.secondMoment.value,
      "is-phi": (row) => row.q,
    };
    const seen = layers
      .flatMap((row) => Object.values(series).map((of) => of(row)))
      .filter((value) => value > 0 && Number.isFinite(value));
    const [low, high] = [Math.min(0.5, ...seen) / 1.5, Math.max(2, ...seen) * 1.5];
    const last = Math.max(2, layers.at(-1).layer);
    const room = 0.03 * (last - 1);
    const chart = new Chart(svg, {
      x: [1 - room, last + room],
      y: [low, high],
      height: 250,
      labels: { x: "layer", isWhole: true },
      isLog: true,
      ticksY:
        high / low < 300
          ? [0.01, 0.1, 0.2, 0.5, 1, 2, 5, 10, 100].filter((v) => v >= low && v <= high).map((v) => [v, shown(v)])
          : null,
    });
    chart.line(
      [
        [1 - room, 1],
        [last + room, 1],
      ],
      "is-diagonal",
    );
    for (const [name, of] of Object.entries(series)) {
      const points = layers.map((row) => [row.layer, of(row)]).filter(([, value]) => value > 0);
      chart.line(points, name);
      if (layers.length <= 30) for (const point of points) chart.dot(point, name, 3);
    }
  }

  gainderive.draw = { digits, drawDepth, drawLayers, drawMap, drawPhi };
}
