// Real functions that JavaScript's Math lacks, in double precision; NaN where they are not real.
"use strict";
{
  const ROUNDOFF = 2 ** -53;
  const EULER = 0.5772156649015329;

  /** Sum `next(n)` for n = 0, 1, ... until the terms no longer count. */
  function series(next) {
    let sum = 0;
    for (let n = 0; n < 4000; n++) {
      const term = next(n);
      sum += term;
      if (Math.abs(term) <= (ROUNDOFF * Math.abs(sum)) / 4 && n > 1) break;
    }
    return sum;
  }

  // e^(x^2) erfc(x) = (x/pi) times the integral of e^(-t^2)/(t^2 + x^2): the trapezoid sum with nodes (k + 1/2) STEP is
  // exact to e^(-(pi/STEP)^2) once the residues at the poles +-ix are added where these are nearer than pi/STEP.
  const STEP = 0.5;
  const NODES = Array.from({ length: 13 }, (_, k) => ((k + 0.5) * STEP) ** 2);
  const WEIGHTS = NODES.map((square) => ((2 * STEP) / Math.PI) * Math.exp(-square));

  function erfcRight(x) {
    if (x > 28) return 0;
    let sum = 0;
    for (let k = 0; k < NODES.length; k++) sum += WEIGHTS[k] / (NODES[k] + x * x);
    const residues = x * STEP < Math.PI ? 2 / (Math.exp((2 * Math.PI * x) / STEP) + 1) : 0;
    return x * sum * Math.exp(-x * x) + residues;
  }

  function erfNearZero(x) {
    let term = (2 / Math.sqrt(Math.PI)) * x * Math.exp(-x * x);
    return series((n) => (n === 0 ? term : (term *= (2 * x * x) / (2 * n + 1))));
  }

  const erfc = (x) => (x > 0.5 ? erfcRight(x) : x < -0.5 ? 2 - erfcRight(-x) : 1 - erfNearZero(x));
  const erf = (x) => (x > 0.5 ? 1 - erfcRight(x) : x < -0.5 ? erfcRight(-x) - 1 : erfNearZero(x));

  function erfi(x) {
    let power = (2 / Math.sqrt(Math.PI)) * x;
    return Math.abs(x) > 27 ? x * Infinity : series((n) => (n === 0 ? power : (power *= (x * x) / n) / (2 * n + 1)));
  }

  /** The exponential integral E1(a + bi) by its continued fraction (Lentz), as [real, imaginary] without e^(-a-bi). */
  function expintFraction(a, b) {
    const divide = (p, [c, d]) => [(p * c) / (c * c + d * d), (-p * d) / (c * c + d * d)];
    const times = ([p, q], [c, d]) => [p * c - q * d, p * d + q * c];
    let c = [1e300, 0];
    let d = divide(1, [a + 1, b]);
    let result = d;
    for (let n = 1; n < 400; n++) {
      const shifted = [a + 2 * n + 1, b];
      const [re, im] = d.map((part) => -n * n * part);
      d = divide(1, [shifted[0] + re, shifted[1] + im]);
      const [cre, cim] = divide(-n * n, c);
      c = [shifted[0] + cre, shifted[1] + cim];
      const factor = times(c, d);
      result = times(result, factor);
      if (Math.abs(factor[0] - 1) + Math.abs(factor[1]) < 2 * ROUNDOFF) break;
    }
    return result;
  }

  function Ei(x) {
    if (x === 0) return -Infinity;
    if (x < -1.5) return -Math.exp(x) * expintFraction(-x, 0)[0];
    if (x > 716) return Infinity;
    let power = 1;
    return EULER + Math.log(Math.abs(x)) + series((n) => (power *= x / (n + 1)) / (n + 1));
  }

  function Si(x) {
    if (Math.abs(x) <= 3) {
      let power = x;
      return series((n) => (n === 0 ? power : (power *= -(x * x) / (2 * n * (2 * n + 1))) / (2 * n + 1)));
    }
    // Si(x) = pi/2 + Im E1(ix) for x > 0.
    const [re, im] = expintFraction(0, Math.abs(x));
    const imaginary = im * Math.cos(x) - re * Math.sin(Math.abs(x));
    return Math.sign(x) * (Math.PI / 2 + imaginary);
  }

  function Shi(x) {
    if (Math.abs(x) > 716) return x * Infinity;
    let power = x;
    return series((n) => (n === 0 ? power : (power *= (x * x) / (2 * n * (2 * n + 1))) / (2 * n + 1)));
  }

  /** The Fresnel integrals [S, C] of sin(pi t^2/2) and cos(pi t^2/2) from 0 to x. */
  function fresnel(x) {
    const size = Math.abs(x);
    if (size > 1e7) return [Math.sign(x) / 2, Math.sign(x) / 2];
    const angle = (Math.PI / 2) * size * size;
    if (size < 1.8) {
      let sinPower = size * angle;
      let cosPower = size;
      const square = -angle * angle;
      const s = series((n) => (n === 0 ? sinPower : (sinPower *= square / (2 * n * (2 * n + 1)))) / (4 * n + 3));
      const c = series((n) => (n === 0 ? cosPower : (cosPower *= square / (2 * n * (2 * n - 1)))) / (4 * n + 1));
      return [Math.sign(x) * s, Math.sign(x) * c];
    }
    // C = 1/2 + f sin - g cos and S = 1/2 - f cos - g sin of the angle, with f the integral of
    // sqrt(2)/pi e^(-angle u^2)/(1 + u^4) over u > 0 and g that with a factor u^2, by their midpoint sums.
    let f = 0;
    let g = 0;
    const h = Math.min(0.35 / size, 0.11);
    for (let k = 0; k < 400; k++) {
      const t = ((k + 0.5) * h) ** 2;
      const weight = Math.exp(-angle * t) / (1 + t * t);
      f += weight;
      g += weight * t;
      if (angle * t > 45) break;
    }
    f *= (2 * h) / (Math.PI * Math.SQRT2);
    g *= (2 * h) / (Math.PI * Math.SQRT2);
    const [sin, cos] = [Math.sin(angle), Math.cos(angle)];
    return [Math.sign(x) * (0.5 - f * cos - g * sin), Math.sign(x) * (0.5 + f * sin - g * cos)];
  }

  /** The principal branch of the inverse of w e^w. */
  function LambertW(x) {
    const above = x + Math.exp(-1);
    if (above < -1e-16) return NaN;
    const root = Math.sqrt(2 * Math.E * Math.max(above, 0));
    let w = x < 1 ? -1 + root - (root * root) / 3 : Math.log(x) - Math.log(Math.log(x) + 1) + 0.3;
    for (let n = 0; n < 60; n++) {
      const power = Math.exp(w);
      const excess = w * power - x;
      const step = excess / (power * (w + 1) - ((w + 2) * excess) / (2 * w + 2));
      if (!Number.isFinite(step)) break;
      w -= step;
      if (Math.abs(step) <= 2 * ROUNDOFF * (1 + Math.abs(w))) break;
    }
    return w;
  }

  const sigmoid = (x) => (x > 0 ? 1 / (1 + Math.exp(-x)) : Math.exp(x) / (1 + Math.exp(x)));
  const softplus = (x) => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));

  globalThis.gainderive ??= {};
  gainderive.special = {
    Ei,
    LambertW,
    Shi,
    Si,
    erf,
    erfc,
    erfi,
    sigmoid,
    softplus,
    fresnelc: (x) => fresnel(x)[1],
    fresnels: (x) => fresnel(x)[0],
  };
}
