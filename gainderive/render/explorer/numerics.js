// Gaussian means in double precision with estimates of their errors, and what follows from them: the five gains, the
// length map with its fixed points, and the signal's way through the layers.
"use strict";
{
  const { pieces, prepare, substitute } = gainderive.tree;
  const ROUNDOFF = 2 ** -53;
  const ORDER = 20;
  const ACCURACY = 1e-13;
  const REACH = 38; // Beyond, the normal density is below the doubles.
  const MOST_PANELS = 260;
  const EDGES = [0, 1, 2, 3, 4, 5, 6, 7, 8, 10, 14, 20, 28, REACH];
  const SHIFT = Math.SQRT1_2 / 2;
  const UNUSABLE = 1e-5;
  const TINY = 1e-300;
  const SETTLED = 1e-13; // Relative change of q from layer to layer that counts as none.

  /** Gauss-Legendre nodes on (-1, 1), their weights, and rows that give the two highest Legendre coefficients. */
  const RULE = (() => {
    const [nodes, weights, rows] = [[], [], [[], []]];
    for (let i = 0; i < ORDER; i++) {
      let x = Math.cos((Math.PI * (i + 0.75)) / (ORDER + 0.5));
      let polynomials;
      for (let step = 0; step < 8; step++) {
        polynomials = legendre(x);
        const slope = (ORDER * (polynomials[ORDER - 1] - x * polynomials[ORDER])) / (1 - x * x);
        x -= polynomials[ORDER] / slope;
      }
      polynomials = legendre(x);
      const weight = (2 * (1 - x * x)) / (ORDER * polynomials[ORDER - 1]) ** 2;
      nodes.push(x);
      weights.push(weight);
      rows.forEach((row, j) => row.push((ORDER - 1 - j + 0.5) * weight * polynomials[ORDER - 1 - j]));
    }
    return {
      nodes: Float64Array.from(nodes),
      weights: Float64Array.from(weights),
      rows: rows.map((r) => Float64Array.from(r)),
    };
  })();

  function legendre(x) {
    const values = [1, x];
    for (let k = 2; k <= ORDER; k++) values.push(((2 * k - 1) * x * values[k - 1] - (k - 1) * values[k - 2]) / k);
    return values;
  }

  /** Integrate f(scale t) over a panel of t against the density; the highest coefficients tell the error. */
  function panel(f, scale, low, high) {
    const half = (high - low) / 2;
    const middle = (high + low) / 2;
    let [value, absolute, first, second] = [0, 0, 0, 0];
    for (let i = 0; i < ORDER; i++) {
      const t = middle + half * RULE.nodes[i];
      const weighted = f(scale * t) * Math.exp(-0.5 * t * t);
      value += RULE.weights[i] * weighted;
      absolute += RULE.weights[i] * Math.abs(weighted);
      first += RULE.rows[0][i] * weighted;
      second += RULE.rows[1][i] * weighted;
    }
    const factor = half / Math.sqrt(2 * Math.PI);
    const error = factor * (Math.abs(first) + Math.abs(second));
    return { f, low, high, value: value * factor, absolute: absolute * factor, error };
  }

  /** Cuts in t: fixed ones, and finer ones around each end of a piece and 0 where the scale is large. */
  function cuts(piece, scale, shift) {
    const [low, high] = [Math.max(piece.lower / scale, -REACH), Math.min(piece.upper / scale, REACH)];
    const found = [low, high];
    for (const at of EDGES) found.push(at + shift, shift - at);
    for (let width = 4 / scale; width < 1; width *= 3) {
      for (const centre of [0, piece.lower / scale, piece.upper / scale]) found.push(centre + width, centre - width);
    }
    const inside = found.filter((at) => at >= low && at <= high).sort((a, b) => a - b);
    return inside.filter((at, i) => i === 0 || at - inside[i - 1] > 1e-3 * Math.min(1, 1 / scale));
  }

  /** Return value and error of E f(x) over x ~ N(0, q), where `integrand` makes f of a piece; panels may be shifted. */
  function mean(parts, q, integrand, shift = 0) {
    const scale = Math.sqrt(q);
    let panels = [];
    for (const piece of parts) {
      const f = integrand(piece);
      const edges = cuts(piece, scale, shift);
      for (let i = 1; i < edges.length; i++) panels.push(panel(f, scale, edges[i - 1], edges[i]));
    }
    for (;;) {
      const absolute = total(panels, "absolute");
      const allowed = ACCURACY * absolute;
      if (!(total(panels, "error") > allowed) || panels.length > MOST_PANELS) return estimate(panels, absolute);
      const large = allowed / panels.length / 2;
      panels = panels.flatMap((p) => {
        const middle = (p.low + p.high) / 2;
        return p.error > large ? [panel(p.f, scale, p.low, middle), panel(p.f, scale, middle, p.high)] : [p];
      });
    }
  }

  function estimate(panels, absolute) {
    const tails = panels.filter((p) => Math.abs(p.low) === REACH || Math.abs(p.high) === REACH);
    const error = total(panels, "error") + 10 * total(tails, "absolute") + 16 * ROUNDOFF * absolute;
    const value = total(panels, "value");
    return Number.isFinite(value) && Number.isFinite(error)
      ? { value, error, absolute }
      : { value: NaN, error: Infinity, absolute };
  }

  /** The same, compared with what other panels say: a feature between the nodes, or noise, shows as a difference. */
  function compared(parts, q, integrand) {
    const [first, second] = [mean(parts, q, integrand), mean(parts, q, integrand, SHIFT)];
    return { ...first, error: Math.max(first.error, Math.abs(first.value - second.value)) };
  }

  function total(panels, what) {
    let sum = 0;
    for (const p of panels) sum += p[what];
    return sum;
  }

  const square = (u) => u * u;
  const INTEGRANDS = {
    mean: (piece) => piece.phi,
    secondMoment: (piece) => (x) => square(piece.phi(x)),
    slopeMoment: (piece) => (x) => square(piece.slope(x)),
  };

  /** An activation at given parameters: its pieces, and its Gaussian moments, remembered. */
  class Activation {
    #memory = new Map();
    #grid = null;

    constructor(tree, values = {}) {
      this.tree = prepare(substitute(tree, values));
      this.pieces = pieces(this.tree);
      this.breaks = this.pieces.slice(1).map((right, i) => breakAt(this.pieces[i], right));
    }

    get jumps() {
      return this.breaks.filter((point) => point.isJump);
    }

    moment(which, q) {
      const key = `${which} ${q}`;
      if (!this.#memory.has(key)) {
        if (this.#memory.size > 4000) this.#memory.clear();
        const take = q === 1 ? compared : mean;
        this.#memory.set(key, q > 0 ? take(this.pieces, q, INTEGRANDS[which]) : this.#atRest(which));
      }
      return this.#memory.get(key);
    }

    secondMoment(q) {
      return this.moment("secondMoment", q);
    }

    slopeMoment(q) {
      return this.moment("slopeMoment", q);
    }

    mean(q) {
      return this.moment("mean", q);
    }

    /** E (phi - E phi)^2, which does not cancel as a difference of moments does. */
    variance(q) {
      const centre = this.mean(q).value;
      const found = compared(this.pieces, q, (piece) => (x) => square(piece.phi(x) - centre));
      const isRounding = found.value <= square(64 * ROUNDOFF) * this.secondMoment(q).value;
      return isRounding ? { value: 0, error: 0, absolute: 0 } : found;
    }

    /** The limit of a moment as q falls to 0: the average over the two sides. */
    #atRest(which) {
      const sides = this.sidesOfZero().map((piece) => INTEGRANDS[which](piece)(0));
      return { value: (sides[0] + sides[1]) / 2, error: 4 * ROUNDOFF * Math.abs(sides[0]) };
    }

    /** The pieces to the left and to the right of 0. */
    sidesOfZero() {
      return [this.pieces.find((piece) => piece.upper >= 0), this.pieces.findLast((piece) => piece.lower <= 0)];
    }

    /** The second moment from q = 1 down and up in steps of 1/5 decade, as far as it can be computed. */
    grid() {
      if (this.#grid === null) {
        const known = ({ value, error }) => error <= UNUSABLE * Math.abs(value) || (value === 0 && error === 0);
        const walk = (direction) => {
          const found = [];
          for (let i = direction > 0 ? 0 : 1; i <= 40; i++) {
            const q = 10 ** ((direction * i) / 5);
            const moment = this.secondMoment(q);
            if (!known(moment)) break;
            found.push({ q, ...moment });
          }
          return found;
        };
        this.#grid = [...walk(-1).reverse(), ...walk(1)];
      }
      return this.#grid;
    }
  }

  function breakAt(left, right) {
    const at = right.lower;
    const values = [left.phi(at), right.phi(at)];
    const slopes = [left.slope(at), right.slope(at)];
    return { at, values, slopes, isJump: differ(values), isKink: !differ(values) && differ(slopes) };
  }

  const differ = ([a, b]) => Math.abs(a - b) > 1e-11 * (1 + Math.abs(a) + Math.abs(b));

  /** Return the zero in (low, high) of a function with opposite signs there (Illinois, every third step a halving). */
  function root(f, low, high) {
    let [atLow, atHigh, kept] = [f(low), f(high), 0];
    for (let i = 1; i <= 90 && high - low > 2 * ROUNDOFF * (Math.abs(low) + Math.abs(high)); i++) {
      const secant = (low * atHigh - high * atLow) / (atHigh - atLow);
      const middle = i % 3 > 0 && secant > low && secant < high ? secant : (low + high) / 2;
      const here = f(middle);
      if (here === 0 || Number.isNaN(here)) return middle;
      if (here < 0 === atLow < 0) {
        [low, atLow, atHigh, kept] = [middle, here, kept === 1 ? atHigh / 2 : atHigh, 1];
      } else {
        [high, atHigh, atLow, kept] = [middle, here, kept === -1 ? atLow / 2 : atLow, -1];
      }
    }
    return (low + high) / 2;
  }

  /** Return the zeros of `residual` between the points of a grid, given its values and what they may err by there. */
  function zeros(grid, residual) {
    const known = grid.filter((point) => Math.abs(point.residual) > point.doubt);
    const found = [];
    for (let i = 1; i < known.length; i++) {
      const [a, b] = [known[i - 1], known[i]];
      if (a.residual * b.residual < 0) {
        found.push(root(residual, a.q, b.q));
      } else if (i + 1 < known.length && turns(a, b, known[i + 1])) {
        // Between grid points the residual may cross 0 twice: its turning point towards 0 is looked into.
        const sign = Math.sign(b.residual);
        const lowest = turningPoint((q) => sign * residual(q), a.q, known[i + 1].q);
        if (sign * residual(lowest) < -b.doubt)
          found.push(root(residual, a.q, lowest), root(residual, lowest, known[i + 1].q));
      }
    }
    return { everywhere: known.length === 0, found };
  }

  function turns(a, b, c) {
    const [x, y, z] = [a, b, c].map((point) => Math.abs(point.residual));
    return a.residual * c.residual > 0 && b.residual * c.residual > 0 && y < x && y <= z && y <= 2 * (x + z - 2 * y);
  }

  /** Return about where `f` is least between two positive numbers (golden section in the logarithm). */
  function turningPoint(f, low, high) {
    const inner = (3 - Math.sqrt(5)) / 2;
    let [a, b] = [Math.log(low), Math.log(high)];
    while (b - a > 1e-8) {
      const [c, d] = [a + inner * (b - a), b - inner * (b - a)];
      if (f(Math.exp(c)) < f(Math.exp(d))) b = d;
      else a = c;
    }
    return Math.exp((a + b) / 2);
  }

  /** The answer "there is one", "there are several": values with errors. */
  const some = (...gains) => ({ gains, remark: "" });
  /** The answer "there is none", and why. */
  const none = (remark) => ({ gains: [], remark });

  function fromMoment({ value, error, absolute }, zeroMeans) {
    if (!(error < UNUSABLE * Math.abs(value))) {
      if (value === 0 || error <= 1e-10 * absolute || error < TINY) return none(zeroMeans);
      return none("a mean that could not be computed in double precision; it may be infinite");
    }
    const gain = 1 / Math.sqrt(value);
    return some({ value: gain, error: (gain * error) / (2 * value) + 2 * ROUNDOFF * gain });
  }

  /** Return the five gains: for each criterion its values, and a remark. */
  function gains(activation) {
    const backward = fromMoment(activation.slopeMoment(1), "its derivative is 0 almost everywhere");
    const isMisleading = backward.gains.length > 0 && activation.jumps.length > 0;
    return {
      forward: fromMoment(activation.secondMoment(1), "φ is 0"),
      centered: fromMoment(activation.variance(1), "φ is constant"),
      activation: activationGain(activation),
      backward: isMisleading ? { ...backward, remark: besideJumps(activation.jumps) } : backward,
      linearized: linearizedGain(activation),
    };
  }

  function besideJumps(jumps) {
    const places = jumps
      .slice(0, 3)
      .map((point) => String(Number(point.at.toPrecision(6))))
      .join(", ");
    return (
      `φ jumps at x = ${places}${jumps.length > 3 ? " and elsewhere" : ""}, and E φ′² of the almost-everywhere ` +
      "derivative leaves out what a jump adds: this is not the factor by which gradients grow"
    );
  }

  function activationGain(activation) {
    const grid = activation
      .grid()
      .filter(({ q }) => q >= 1e-6 && q <= 1e6)
      .map(({ q, value, error }) => ({ q, residual: value - 1, doubt: 4 * error + 1e-14 }));
    if (grid.length === 0)
      return none("the second moment could not be computed in double precision; it may be infinite");
    const searched = `for g between ${short(Math.sqrt(grid[0].q))} and ${short(Math.sqrt(grid.at(-1).q))}`;
    const { everywhere, found } = zeros(grid, (q) => activation.secondMoment(q).value - 1);
    if (everywhere) return { gains: [], every: true, remark: "E φ(g z)² = 1 whatever g" };
    if (found.length === 0) {
      const side = grid[0].residual < 0 ? "below" : "above";
      return none(`E φ(g z)² stays ${side} 1 ${searched}`);
    }
    const answer = some(...found.map((q) => gainAt(activation, q)));
    return found.length > 1 ? { ...answer, remark: `all that were seen ${searched}` } : answer;
  }

  function gainAt(activation, q) {
    const value = Math.sqrt(q);
    const step = 1e-4;
    const rise =
      (activation.secondMoment(q * (1 + step)).value - activation.secondMoment(q * (1 - step)).value) / (2 * step);
    const doubt = activation.secondMoment(q).error + 2 * ROUNDOFF;
    return { value, error: value * (Math.abs(doubt / (2 * rise)) + 2 * ROUNDOFF) };
  }

  function linearizedGain(activation) {
    const broken = activation.breaks.find((point) => Math.abs(point.at) < 1e-14 && (point.isJump || point.isKink));
    if (broken) return none(`φ has ${broken.isJump ? "a jump" : "a kink"} at 0, and no tangent there`);
    const [, side] = activation.sidesOfZero();
    const [value, slope] = [side.phi(0), side.slope(0)];
    if (!Number.isFinite(value) || !Number.isFinite(slope))
      return none("φ as it is written has no value or no tangent at 0");
    if (Math.abs(slope) <= 4 * ROUNDOFF) return none("the slope at 0 is 0 as far as doubles tell");
    const gain = 1 / (Math.abs(slope) * Math.sqrt(1 + value * value));
    return some({ value: gain, error: 16 * ROUNDOFF * gain });
  }

  /** The length map q -> sigma_w^2 E phi(sqrt(q) z)^2 + sigma_b^2. */
  const lengthMap =
    (activation, { sigmaW, sigmaB }) =>
    (q) =>
      square(sigmaW) * activation.secondMoment(q).value + square(sigmaB);

  /** Return the length map's fixed points, ascending, each with chi_1 and the map's slope; `every` when all q are. */
  function fixedPoints(activation, scales) {
    const map = lengthMap(activation, scales);
    const grid = activation.grid().map(({ q, value, error }) => ({
      q,
      residual: (map(q) - q) / q,
      doubt: (4 * square(scales.sigmaW) * error) / q + 1e-13 * (1 + (square(scales.sigmaW) * value) / q),
    }));
    const { everywhere, found } = zeros(grid, (q) => (map(q) - q) / q);
    if (everywhere && grid.length > 0) return { every: true, points: [], chi: chi(activation, scales, 1) };
    const points = found.map((q) => ({ q, ...described(activation, scales, map, q) }));
    const atRest = map(0);
    if (atRest === 0) points.unshift({ q: 0, ...described(activation, scales, map, 0) });
    return { every: false, points, grows: grid.length > 0 && grid.at(-1).residual > 0 };
  }

  function described(activation, scales, map, q) {
    const step = q > 0 ? 1e-4 * q : 1e-6;
    const slope = q > 0 ? (map(q + step) - map(q - step)) / (2 * step) : map(step) / step;
    const rise = Math.abs(1 - slope);
    const error = q > 0 ? (square(scales.sigmaW) * activation.secondMoment(q).error + 4 * ROUNDOFF * q) / rise : 0;
    return {
      error,
      slope,
      chi: chi(activation, scales, q),
      isStable: Math.abs(slope) < 1 - 1e-5,
      isMarginal: rise <= 1e-5,
    };
  }

  /** The factor by which a layer multiplies the gradient's second moment. */
  function chi(activation, { sigmaW }, q) {
    const { value, error } = activation.slopeMoment(q);
    return { value: square(sigmaW) * value, error: square(sigmaW) * error };
  }

  /** Return what the signal is in each layer, as far as doubles reach. */
  function layers(activation, scales, start, depth) {
    const map = lengthMap(activation, scales);
    const found = [];
    for (let [layer, q] = [1, start]; layer <= depth && q < 1e100 && q >= 1e-100; [layer, q] = [layer + 1, map(q)]) {
      const before = found.at(-1);
      if (before && Math.abs(q - before.q) <= SETTLED * q) {
        found.push({ ...before, layer });
        continue;
      }
      const second = activation.secondMoment(q);
      if (!(second.error <= UNUSABLE * second.value || second.value === 0)) break;
      found.push({ layer, q, secondMoment: second, chi: chi(activation, scales, q) });
    }
    return found;
  }

  const NARROW = 1e-6; // In bins.
  const NORMAL = (() => {
    const steps = 600;
    const z = Float64Array.from({ length: steps + 1 }, (_, i) => -6 + (12 * i) / steps);
    const mass = Float64Array.from({ length: steps }, (_, i) => normalMass(z[i], z[i + 1]));
    return { z, mass };
  })();

  function normalMass(low, high) {
    const { erfc } = gainderive.special;
    if (low > 0) return (erfc(low / Math.SQRT2) - erfc(high / Math.SQRT2)) / 2;
    return (erfc(-high / Math.SQRT2) - erfc(-low / Math.SQRT2)) / 2;
  }

  /**
   * Return how phi(sqrt(q) z) is distributed: the share in each of `bins` equal parts of [low, high], the share
   * outside, and the atoms, values on which phi is constant. No sampling: phi is followed along z, its mass spread
   * evenly between neighbours.
   */
  function histogram(activation, q, low, high, bins) {
    const scale = Math.sqrt(q);
    const shares = new Float64Array(bins);
    const atoms = new Map();
    let outside = 0;
    const put = (a, b, mass) => {
      const [from, to] = [Math.min(a, b), Math.max(a, b)].map((value) => ((value - low) / (high - low)) * bins);
      if (to - from < NARROW) {
        const bin = from === bins ? bins - 1 : Math.floor(from);
        if (bin >= 0 && bin < bins) shares[bin] += mass;
        else outside += mass;
      } else if (Number.isFinite(to - from)) {
        const density = mass / (to - from);
        outside += density * (Math.max(0, Math.min(to, 0) - from) + Math.max(0, to - Math.max(from, bins)));
        for (let bin = Math.max(0, Math.floor(from)); bin < Math.min(bins, to); bin++) {
          shares[bin] += density * (Math.min(bin + 1, to) - Math.max(bin, from));
        }
      } else {
        outside += mass;
      }
    };
    const { z, mass } = NORMAL;
    for (const { lower, upper, formula, phi } of activation.pieces) {
      if (typeof formula === "number") {
        atoms.set(formula, (atoms.get(formula) ?? 0) + normalMass(lower / scale, upper / scale));
        continue;
      }
      for (let i = 0; i < mass.length; i++) {
        const [from, to] = [Math.max(z[i], lower / scale), Math.min(z[i + 1], upper / scale)];
        if (from >= to) continue;
        const share = to - from === z[i + 1] - z[i] ? mass[i] : normalMass(from, to);
        put(phi(scale * from), phi(scale * to), share);
      }
    }
    return { shares, outside, atoms: [...atoms].filter(([, share]) => share > 1e-3) };
  }

  function short(value) {
    return String(Number(value.toPrecision(2)));
  }

  gainderive.numerics = { Activation, fixedPoints, gains, histogram, layers, lengthMap };
}
