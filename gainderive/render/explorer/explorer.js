// The page: what is chosen, the controls that choose it, and what they show.
"use strict";
{
  const { Activation, fixedPoints, gains, histogram, layers, lengthMap } = gainderive.numerics;
  const { TooManyPieces } = gainderive.tree;
  const { digits, drawDepth, drawLayers, drawMap, drawPhi } = gainderive.draw;
  const { parse, catalogue } = gainderive;
  const $ = (id) => document.getElementById(`explorer-${id}`);

  const NETWORK = [
    {
      name: "sigma_w",
      symbol: "σ_w",
      title: "weight scale",
      low: 0,
      high: 4,
      step: 0.01,
      initial: 1.6,
      check: (v) => v >= 0 && v <= 1e3,
    },
    {
      name: "sigma_b",
      symbol: "σ_b",
      title: "bias scale",
      low: 0,
      high: 2,
      step: 0.01,
      initial: 0,
      check: (v) => v >= 0 && v <= 1e3,
    },
    {
      name: "q",
      symbol: "q_1",
      title: "second moment in layer 1",
      low: -2,
      high: 2,
      step: 0.02,
      isLog: true,
      initial: 4,
      check: (v) => v >= 1e-6 && v <= 1e6,
    },
    {
      name: "depth",
      symbol: "L",
      title: "depth",
      low: 1,
      high: 50,
      step: 1,
      initial: 10,
      check: (v) => Number.isInteger(v) && v >= 1 && v <= 200,
    },
  ];
  const FIRST = "tanh";
  const OWN = "";
  const REMEMBERED = 40;

  const initialNetwork = () => Object.fromEntries(NETWORK.map(({ name, initial }) => [name, initial]));

  /** What is chosen: a catalogue entry's name, or OWN and an expression; never changed, only replaced. */
  let state = Object.freeze({ name: FIRST, expression: "", values: {}, network: initialNetwork() });
  const computed = new Map();
  let isPending = false;
  let writing = 0;
  let fillTable = () => {};

  function change(part) {
    state = Object.freeze({ ...state, ...part });
    if (isPending) return;
    isPending = true;
    requestAnimationFrame(() => {
      isPending = false;
      show();
    });
  }

  // ---------------------------------------------------------------------------------------------------- controls

  function make(name, { text, html, ...attributes } = {}, ...children) {
    const made = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    if (text !== undefined) made.textContent = text;
    // Only formulas that KaTeX rendered when the page was built come as HTML.
    if (html !== undefined) made.innerHTML = html;
    made.append(...children);
    return made;
  }

  /** “σ_w” with its index below. */
  function subscripted(symbol) {
    const [base, index] = symbol.split("_");
    return index ? [make("i", { text: base }), make("sub", { text: index })] : [make("i", { text: base })];
  }

  /** A slider and a number field for one quantity; `set` writes both, `choose` hears of either. */
  function control({ name, title, low, high, step, isLog = false, mayBeAbsent = false }, label, choose) {
    const id = `explorer-${name}`;
    const slider = make("input", { type: "range", id, min: low, max: high, step });
    const field = make("input", { type: "number", step: "any", "aria-label": `${title}, as a number` });
    if (mayBeAbsent) field.placeholder = "∞";
    const set = (value) => {
      slider.value = isLog ? Math.log10(value) : value;
      slider.setAttribute("aria-valuetext", Number.isFinite(value) ? String(value) : "absent");
      if (document.activeElement !== field) field.value = Number.isFinite(value) ? Number(value.toPrecision(7)) : "";
    };
    slider.addEventListener("input", () => {
      const value = Number(slider.value);
      choose(isLog ? Number((10 ** value).toPrecision(3)) : value);
    });
    field.addEventListener("input", () =>
      choose(field.value.trim() === "" ? (mayBeAbsent ? Infinity : NaN) : Number(field.value)),
    );
    field.addEventListener("blur", () => show());
    const words = make("span", { text: title, class: "explorer-title" });
    const element = make(
      "div",
      { class: "explorer-control" },
      make("label", { for: id }, ...label, words),
      slider,
      field,
    );
    return { element, set, field };
  }

  const networkControls = new Map();
  let parameterControls = new Map();

  function makeControls() {
    const select = $("activation");
    const entries = Object.entries(catalogue.activations).sort(([, a], [, b]) => a.title.localeCompare(b.title, "en"));
    select.append(...entries.map(([name, { title }]) => make("option", { value: name, text: title })));
    select.append(make("option", { value: OWN, text: "your own expression" }));
    select.addEventListener("change", () => {
      if (select.value === OWN) {
        $("expression").focus();
        change({ name: OWN, expression: $("expression").value || "tanh(x) + x/5", values: {} });
      } else {
        pick(select.value);
      }
    });
    $("expression").addEventListener("input", () => typed($("expression").value));
    for (const setting of NETWORK) {
      const made = control(setting, subscripted(setting.symbol), (value) =>
        change({ network: { ...state.network, [setting.name]: value } }),
      );
      networkControls.set(setting.name, made);
      $("network").append(made.element);
    }
    $("table").addEventListener("toggle", () => fillTable());
    $("controls").addEventListener("submit", (event) => event.preventDefault());
  }

  function pick(name) {
    $("expression").value = "";
    change({ name, expression: "", values: defaults(name) });
  }

  /** Take text for a catalogue entry's name where it is one, else for an expression. */
  function typed(text) {
    const word = text.trim();
    const named = Object.entries(catalogue.activations).find(
      ([name, { aliases }]) => name === word || aliases.includes(word),
    );
    if (named && word !== "x") change({ name: named[0], expression: "", values: defaults(named[0]) });
    else change({ name: OWN, expression: text, values: {} });
  }

  const defaults = (name) =>
    Object.fromEntries(catalogue.activations[name].parameters.map((p) => [p.name, p.default ?? Infinity]));

  function makeParameterControls(name) {
    const parameters = name === OWN ? [] : catalogue.activations[name].parameters;
    parameterControls = new Map();
    const legend = $("parameters").querySelector("legend");
    const made = parameters.map((parameter) => {
      const span = Math.max(1, 4 * Math.abs(parameter.default ?? 1.5));
      const setting = {
        name: `parameter-${parameter.name}`,
        title: parameter.name,
        low: parameter.isPositive ? 0.01 : -span,
        high: span,
        step: 0.01,
        mayBeAbsent: parameter.default === null,
      };
      const choose = (value) => change({ values: { ...state.values, [parameter.name]: value } });
      const built = control(setting, [make("span", { html: parameter.symbol })], choose);
      parameterControls.set(parameter.name, built);
      return built.element;
    });
    $("parameters").replaceChildren(legend, ...made);
    $("parameters").hidden = made.length === 0;
    $("parameters").dataset.of = name;
  }

  // ------------------------------------------------------------------------------------- from the state to numbers

  /** Something that is chosen and cannot be computed with; `part` of the text is to blame, if there is one. */
  class Refused extends Error {
    constructor(message, part = null) {
      super(message);
      this.part = part;
    }
  }

  function chosenTree() {
    if (state.name !== OWN) return catalogue.activations[state.name].tree;
    try {
      return parse(state.expression);
    } catch (error) {
      if (!(error instanceof parse.BadExpression)) throw error;
      throw new Refused(error.message, { text: state.expression, start: error.start, end: error.end });
    }
  }

  function refuseBadNumbers() {
    for (const { name, symbol, check } of NETWORK) {
      const isGood = check(state.network[name]);
      networkControls.get(name).field.setAttribute("aria-invalid", String(!isGood));
      if (!isGood) throw new Refused(`${symbol} cannot be ${String(state.network[name])}.`);
    }
    if (state.name === OWN) return;
    const { parameters, relations } = catalogue.activations[state.name];
    for (const parameter of parameters) {
      const value = state.values[parameter.name];
      const isGood =
        (Number.isFinite(value) && !(parameter.isPositive && value <= 0)) ||
        (parameter.default === null && value === Infinity);
      parameterControls.get(parameter.name)?.field.setAttribute("aria-invalid", String(!isGood));
      if (!isGood) throw new Refused(`${parameter.name} must be a ${parameter.isPositive ? "positive " : ""}number.`);
    }
    for (const { tree, text } of relations) {
      const [low, high] = tree.slice(1).map((side) => state.values[side] ?? side);
      if (low >= high) throw new Refused(`It needs ${text}.`);
    }
  }

  /** Return the activation and its gains, which do not depend on the network. */
  function activationNow() {
    const key = JSON.stringify([
      state.name,
      state.expression,
      Object.entries(state.values).map(([k, v]) => [k, String(v)]),
    ]);
    if (!computed.has(key)) {
      const tree = chosenTree();
      if (computed.size >= REMEMBERED) computed.delete(computed.keys().next().value);
      try {
        const activation = new Activation(tree, state.values);
        computed.set(key, { activation, gains: gains(activation) });
      } catch (error) {
        if (!(error instanceof TooManyPieces)) throw error;
        throw new Refused(
          "It changes its formula at very many places, perhaps at infinitely many; the explorer integrates between " +
            'such places and does not handle it. The library may: gainderive gain "…".',
        );
      }
    }
    return computed.get(key);
  }

  // ------------------------------------------------------------------------------------------ from numbers to the page

  function show() {
    showChoice();
    try {
      refuseBadNumbers();
      const now = activationNow();
      say("");
      $("results").hidden = false;
      showNumbers(now);
      $("results").classList.remove("is-stale");
      write();
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      say(error.message, error.part);
      $("results").classList.add("is-stale");
    }
  }

  function showChoice() {
    if ($("parameters").dataset.of !== state.name) makeParameterControls(state.name);
    if ($("activation").value !== state.name) $("activation").value = state.name;
    if (state.name === OWN && document.activeElement !== $("expression")) $("expression").value = state.expression;
    for (const [name, { set }] of networkControls) set(state.network[name]);
    for (const [name, { set }] of parameterControls) set(state.values[name]);
    const formula = $("formula");
    const key = state.name || `= ${state.expression}`;
    if (formula.dataset.of === key) return;
    formula.dataset.of = key;
    if (state.name === OWN) {
      formula.replaceChildren(make("div", {}, "φ(x) = ", make("code", { text: state.expression })));
    } else {
      const link = make("a", {
        href: `activations/${state.name}.html`,
        text: `All about ${catalogue.activations[state.name].title}`,
      });
      formula.replaceChildren(
        make("div", { class: "explorer-wide", html: catalogue.activations[state.name].formula }),
        link,
      );
    }
  }

  /** Write a message in place, with the part of the text that it is about. */
  function say(message, part = null) {
    const key = message + (part?.text ?? "");
    if ($("message").dataset.of === key) return;
    $("message").dataset.of = key;
    $("expression").setAttribute("aria-invalid", String(part !== null));
    $("message").replaceChildren(...(message === "" ? [] : [make("p", { text: message })]));
    if (part === null || part.end <= part.start) return;
    const { text, start, end } = part;
    const marked = make(
      "code",
      {},
      text.slice(0, start),
      make("mark", { text: text.slice(start, end) }),
      text.slice(end),
    );
    $("message").append(marked);
  }

  function showNumbers({ activation, gains: found }) {
    const { sigma_w: sigmaW, sigma_b: sigmaB, q, depth } = state.network;
    const scales = { sigmaW, sigmaB };
    const fixed = fixedPoints(activation, scales);
    const rows = layers(activation, scales, q, depth);
    showGains(found);
    if (rows.length === 0) {
      for (const picture of document.querySelectorAll("#explorer svg")) picture.replaceChildren();
      throw new Refused(
        "Its second moment could not be computed in double precision: φ grows too fast, or the moment is infinite.",
      );
    }
    drawPhi($("picture-phi"), activation, q, rows.at(-1).q);
    drawMap(
      $("picture-map"),
      lengthMap(activation, scales),
      fixed,
      rows.map((row) => row.q),
    );
    drawDepth($("picture-depth"), activation, rows, histogram);
    drawLayers($("picture-layers"), rows);
    $("phi-last").textContent = rows.at(-1).layer;
    describe(activation, fixed, rows);
    fillTable = () => showRows(activation, rows);
    if ($("table").open) fillTable();
  }

  function showGains(found) {
    if ($("gains").children.length === 0) $("gains").append(...Object.keys(found).map(emptyGain));
    for (const row of $("gains").children) {
      const { criterion } = row.dataset;
      const { gains: values, every, remark } = found[criterion];
      const key = JSON.stringify(found[criterion]);
      if (row.dataset.of === key) continue;
      row.dataset.of = key;
      const numbers = values.map((gain) => {
        const label = `Set the weight scale to the ${criterion} gain ${digits(gain, 5)}`;
        const button = make("button", { type: "button", text: "use", "aria-label": label });
        button.addEventListener("click", () => change({ network: { ...state.network, sigma_w: gain.value } }));
        return make("div", { class: "explorer-gain" }, make("data", { value: gain.value, text: digits(gain) }), button);
      });
      const word = make("div", { class: "explorer-none", text: every ? "every g" : "none" });
      const remarks = remark === "" ? [] : [make("small", { text: remark })];
      row.lastChild.replaceChildren(...(values.length > 0 ? numbers : [word]), ...remarks);
    }
  }

  function emptyGain(criterion) {
    const { condition, meaning } = catalogue.criteria[criterion];
    const name = make("div", { title: meaning }, make("strong", { text: criterion }), make("div", { html: condition }));
    return make("li", { "data-criterion": criterion }, name, make("div"));
  }

  function describe(activation, fixed, rows) {
    const last = rows.at(-1);
    const kinks = activation.breaks.filter((point) => point.isKink).map((point) => Number(point.at.toPrecision(4)));
    const jumps = activation.jumps.map((point) => Number(point.at.toPrecision(4)));
    const breaks = [
      ...(kinks.length ? [`kinks at ${kinks.join(", ")}`] : []),
      ...(jumps.length ? [`jumps at ${jumps.join(", ")}`] : []),
    ];
    $("phi-text").textContent =
      `φ with ${breaks.join(" and ") || "no kinks or jumps"}; preactivations are normal with second moment ` +
      `${digits({ value: rows[0].q }, 4)} in layer 1 and ${digits({ value: last.q }, 4)} in layer ${last.layer}.`;
    $("map-text").replaceChildren(...fixedPointWords(fixed));
    $("depth-text").textContent =
      `Root mean square ${digits({ value: Math.sqrt(rows[0].secondMoment.value) }, 4)} in layer 1, ` +
      `${digits({ value: Math.sqrt(last.secondMoment.value) }, 4)} in layer ${last.layer}. ` +
      "Each row has its own scale; spikes are cut.";
    const factor = rows.slice(0, -1).reduce((product, row) => product * row.chi.value, 1);
    const stopped =
      last.layer < state.network.depth ? ` Beyond layer ${last.layer} it is 0 or not computable in doubles.` : "";
    const jumpy = activation.jumps.length > 0 ? " φ jumps, so χ₁ leaves out what the jumps add." : "";
    $("layers-text").textContent =
      `From layer ${last.layer} back to layer 1 the gradient’s second moment is multiplied by ` +
      `${digits({ value: factor }, 4)}.${jumpy}${stopped}`;
  }

  function fixedPointWords({ points, every, chi, grows }) {
    if (every) return [`Every q is a fixed point; χ₁ = `, number(chi), "."];
    if (points.length === 0)
      return [grows ? "No fixed point: the second moment grows without bound." : "No fixed point was seen."];
    return points.flatMap((point, i) => [
      ...(i > 0 ? [make("br")] : []),
      make("i", { text: "q" }),
      "* = ",
      number(point),
      point.isMarginal ? " is neutral" : point.isStable ? " attracts" : " repels",
      ", χ₁ = ",
      number(point.chi),
    ]);
  }

  const number = (estimate) => {
    const value = estimate.value ?? estimate.q;
    return make("data", { value, text: digits({ value, error: estimate.error }) });
  };

  function showRows(activation, rows) {
    $("rows").replaceChildren(
      ...rows.map(({ layer, q, secondMoment, chi }) => {
        const cells = [{ value: q, error: 1e-13 * q }, activation.mean(q), secondMoment, chi].map(({ value, error }) =>
          make("td", {}, make("data", { value, text: Math.abs(value) <= error ? "0" : digits({ value, error }, 8) })),
        );
        return make("tr", {}, make("th", { scope: "row", text: layer }), ...cells);
      }),
    );
  }

  // -------------------------------------------------------------------------------------------------- the address

  /** Write what is chosen into the address, so that it can be shared, a little after the last change. */
  function write() {
    clearTimeout(writing);
    writing = setTimeout(() => {
      const chosen = new URLSearchParams(state.name === OWN ? { f: state.expression } : { phi: state.name });
      const given = state.name === OWN ? {} : defaults(state.name);
      for (const [name, value] of Object.entries(state.values)) if (value !== given[name]) chosen.set(name, value);
      for (const { name } of NETWORK) chosen.set(name, state.network[name]);
      history.replaceState(null, "", `#${chosen}`);
    }, 250);
  }

  /** Return the state that an address holds; what is not understood in it is left out. */
  function read(hash) {
    const given = new URLSearchParams(hash.replace(/^#/, ""));
    const network = initialNetwork();
    for (const { name, check } of NETWORK) {
      const value = Number(given.get(name));
      if (given.has(name) && check(value)) network[name] = value;
    }
    if (given.has("f"))
      return { name: OWN, expression: given.get("f").slice(0, catalogue.language.limits.length), values: {}, network };
    const name = Object.hasOwn(catalogue.activations, given.get("phi") ?? "") ? given.get("phi") : FIRST;
    const values = defaults(name);
    for (const key of Object.keys(values))
      if (given.has(key) && !Number.isNaN(Number(given.get(key)))) values[key] = Number(given.get(key));
    return { name, expression: "", values, network };
  }

  function start() {
    makeControls();
    $("controls").hidden = false;
    change(read(location.hash));
    window.addEventListener("hashchange", () => change(read(location.hash)));
    let width = 0;
    new ResizeObserver(() => {
      if ($("results").clientWidth === width) return;
      width = $("results").clientWidth;
      change({});
    }).observe($("results"));
  }

  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
  else start();
}
