// Expressions as trees: their values, derivatives and pieces.
//
// A tree is a number, the variable "x", a parameter's name, or [operator, ...arguments]. Operators are "+", "*", "^",
// the functions below, and ["cases", value, condition, value, condition, ...]; a condition is true, ["<", a, b], or
// "and", "or", "not" of conditions. Catalogue entries and typed text become the same trees; none of them is ever
// JavaScript source.
"use strict";
{
  const special = gainderive.special;
  const { sigmoid, softplus } = special;
  const SWITCHES = ["Abs", "sign", "Heaviside", "Max", "Min", "cases"];
  const JUNCTIONS = ["cases", "<", "and", "or", "not"];
  const MOST_SWITCHING_POINTS = 60;

  const minus = (u) => ["*", -1, u];
  const power = (u, n) => ["^", u, n];
  const over = (a, b) => ["*", a, power(b, -1)];

  /** Each smooth function of one argument: its value, and the tree of its derivative. */
  const FUNCTIONS = {
    exp: [Math.exp, (u) => ["exp", u]],
    log: [Math.log, (u) => power(u, -1)],
    sin: [Math.sin, (u) => ["cos", u]],
    cos: [Math.cos, (u) => minus(["sin", u])],
    tan: [Math.tan, (u) => ["+", 1, power(["tan", u], 2)]],
    cot: [(u) => 1 / Math.tan(u), (u) => ["+", -1, minus(power(["cot", u], 2))]],
    sec: [(u) => 1 / Math.cos(u), (u) => ["*", ["sec", u], ["tan", u]]],
    csc: [(u) => 1 / Math.sin(u), (u) => ["*", -1, ["csc", u], ["cot", u]]],
    asin: [Math.asin, (u) => power(["+", 1, minus(power(u, 2))], -0.5)],
    acos: [Math.acos, (u) => minus(power(["+", 1, minus(power(u, 2))], -0.5))],
    atan: [Math.atan, (u) => power(["+", 1, power(u, 2)], -1)],
    sinh: [Math.sinh, (u) => ["cosh", u]],
    cosh: [Math.cosh, (u) => ["sinh", u]],
    tanh: [Math.tanh, (u) => ["*", ["+", 1, ["tanh", u]], ["+", 1, minus(["tanh", u])]]],
    coth: [(u) => 1 / Math.tanh(u), (u) => minus(power(["csch", u], 2))],
    sech: [(u) => 1 / Math.cosh(u), (u) => ["*", -1, ["sech", u], ["tanh", u]]],
    csch: [(u) => 1 / Math.sinh(u), (u) => ["*", -1, ["csch", u], ["coth", u]]],
    asinh: [Math.asinh, (u) => power(["+", 1, power(u, 2)], -0.5)],
    acosh: [Math.acosh, (u) => power(["+", power(u, 2), -1], -0.5)],
    atanh: [Math.atanh, (u) => power(["+", 1, minus(power(u, 2))], -1)],
    erf: [special.erf, (u) => ["*", 2 / Math.sqrt(Math.PI), ["exp", minus(power(u, 2))]]],
    erfc: [special.erfc, (u) => ["*", -2 / Math.sqrt(Math.PI), ["exp", minus(power(u, 2))]]],
    erfi: [special.erfi, (u) => ["*", 2 / Math.sqrt(Math.PI), ["exp", power(u, 2)]]],
    Ei: [special.Ei, (u) => over(["exp", u], u)],
    Si: [special.Si, (u) => over(["sin", u], u)],
    Shi: [special.Shi, (u) => over(["sinh", u], u)],
    fresnels: [special.fresnels, (u) => ["sin", ["*", Math.PI / 2, power(u, 2)]]],
    fresnelc: [special.fresnelc, (u) => ["cos", ["*", Math.PI / 2, power(u, 2)]]],
    LambertW: [special.LambertW, (u) => over(["exp", minus(["LambertW", u])], ["+", 1, ["LambertW", u]])],
    // Stable forms that prepare() finds.
    sigmoid: [sigmoid, (u) => ["*", ["sigmoid", u], ["sigmoid", minus(u)]]],
    softplus: [softplus, (u) => ["sigmoid", u]],
    expm1: [Math.expm1, (u) => ["exp", u]],
    log1p: [Math.log1p, (u) => power(["+", 1, u], -1)],
  };
  const SWITCH_VALUES = {
    Abs: Math.abs,
    sign: Math.sign,
    Heaviside: (u) => (u > 0 ? 1 : u < 0 ? 0 : 0.5),
    Max: Math.max,
    Min: Math.min,
  };

  const isLeaf = (tree) => !Array.isArray(tree);

  /** Whether the variable occurs. */
  const depends = (tree) => (isLeaf(tree) ? tree === "x" : tree.slice(1).some(depends));

  /** The tree with numbers in place of the names in `values`. */
  function substitute(tree, values) {
    if (typeof tree === "string") return Object.hasOwn(values, tree) ? values[tree] : tree;
    return isLeaf(tree) ? tree : [tree[0], ...tree.slice(1).map((part) => substitute(part, values))];
  }

  /** Return the tree with constants folded and with forms that neither overflow nor cancel. */
  function prepare(tree) {
    if (isLeaf(tree)) return tree;
    const [operator, ...args] = [tree[0], ...tree.slice(1).map(prepare)];
    if (JUNCTIONS.includes(operator)) return [operator, ...args];
    if (args.every((arg) => typeof arg === "number")) return compile([operator, ...args])(0);
    return stable([operator, ...args]);
  }

  function stable(tree) {
    const [operator, first] = tree;
    if (operator === "log") {
      const rest = lessOne(first);
      if (rest !== null) return rest[0] === "exp" ? ["softplus", rest[1]] : ["log1p", rest];
    }
    if (operator === "^" && tree[2] === -1) {
      const rest = lessOne(first);
      if (rest !== null && rest[0] === "exp") return ["sigmoid", minus(rest[1])];
    }
    if (operator === "+" && tree.length === 3) {
      const exponential = tree.find((part) => part[0] === "exp");
      if (exponential && tree.includes(-1)) return ["expm1", exponential[1]];
    }
    return tree;
  }

  /** Return u if the tree is 1 + u, else null. */
  function lessOne(tree) {
    if (tree[0] !== "+" || tree.length !== 3 || !tree.includes(1)) return null;
    return tree[1] === 1 ? tree[2] : tree[1];
  }

  /** Return the function of x that the tree stands for. */
  function compile(tree) {
    if (typeof tree === "number") return () => tree;
    if (tree === "x") return (x) => x;
    if (isLeaf(tree)) return () => NaN;
    const operator = tree[0];
    if (operator === "cases") return compileCases(tree.slice(1));
    if (operator === "^") return compilePower(compile(tree[1]), tree[2]);
    const args = tree.slice(1).map(compile);
    const [first, second] = args;
    if (operator === "+") return args.length === 2 ? (x) => first(x) + second(x) : (x) => sum(args, x);
    if (operator === "*") return args.length === 2 ? (x) => first(x) * second(x) : (x) => product(args, x);
    if (operator === "chain") return (x) => vanishing(first(x), second, x);
    if (Object.hasOwn(FUNCTIONS, operator)) {
      const value = FUNCTIONS[operator][0];
      return (x) => value(first(x));
    }
    const value = SWITCH_VALUES[operator];
    return args.length === 1 ? (x) => value(first(x)) : (x) => value(...args.map((arg) => arg(x)));
  }

  function sum(terms, x) {
    let total = 0;
    for (const term of terms) total += term(x);
    return total;
  }

  function product(factors, x) {
    let total = 1;
    for (const factor of factors) total *= factor(x);
    return total;
  }

  /** The outer derivative times the inner: one that has underflowed beats one that has overflowed. */
  function vanishing(outer, inner, x) {
    return outer === 0 ? 0 : outer * inner(x);
  }

  function compilePower(base, exponent) {
    if (exponent === 2) {
      return (x) => {
        const value = base(x);
        return value * value;
      };
    }
    if (exponent === -1) return (x) => 1 / base(x);
    if (exponent === 0.5) return (x) => Math.sqrt(base(x));
    if (exponent === -0.5) return (x) => 1 / Math.sqrt(base(x));
    if (typeof exponent === "number") return (x) => Math.pow(base(x), exponent);
    const power = compile(exponent);
    return (x) => Math.pow(base(x), power(x));
  }

  /** Return the pairs of value and condition in the arguments of "cases". */
  function paired(args) {
    return Array.from({ length: args.length / 2 }, (_, i) => [args[2 * i], args[2 * i + 1]]);
  }

  function compileCases(args) {
    const cases = paired(args).map(([value, condition]) => [compile(value), compileCondition(condition)]);
    return (x) => {
      for (const [value, holds] of cases) if (holds(x)) return value(x);
      return NaN;
    };
  }

  function compileCondition(condition) {
    if (condition === true) return () => true;
    const [operator, ...parts] = condition;
    if (operator === "<") {
      const [low, high] = parts.map(compile);
      return (x) => low(x) < high(x);
    }
    const conditions = parts.map(compileCondition);
    if (operator === "and") return (x) => conditions.every((holds) => holds(x));
    if (operator === "or") return (x) => conditions.some((holds) => holds(x));
    return (x) => !conditions[0](x);
  }

  /** Return the derivative of a tree without switches. */
  function derivative(tree) {
    if (tree === "x") return 1;
    if (!depends(tree)) return 0;
    const [operator, u, v] = tree;
    if (operator === "+") return plus(tree.slice(1).map(derivative));
    if (operator === "*") {
      const factors = tree.slice(1);
      return plus(factors.map((factor, i) => times([...factors.toSpliced(i, 1), derivative(factor)])));
    }
    if (operator === "^") {
      if (!depends(v))
        return chain(times([v, v === 2 ? u : power(u, typeof v === "number" ? v - 1 : ["+", v, -1])]), u);
      return times([tree, derivative(times([v, ["log", u]]))]);
    }
    return chain(FUNCTIONS[operator][1](u), u);
  }

  function chain(outer, inner) {
    const slope = derivative(inner);
    return typeof slope === "number" ? times([slope, outer]) : ["chain", outer, slope];
  }

  function plus(terms) {
    const counted = terms.filter((term) => term !== 0);
    return counted.length === 0 ? 0 : counted.length === 1 ? counted[0] : ["+", ...counted];
  }

  function times(factors) {
    if (factors.includes(0)) return 0;
    const counted = factors.filter((factor) => factor !== 1);
    return counted.length === 0 ? 1 : counted.length === 1 ? counted[0] : ["*", ...counted];
  }

  /** Yield the functions at whose changes of sign the tree changes its formula. */
  function* switching(tree) {
    if (isLeaf(tree)) return;
    const [operator, ...args] = tree;
    if (operator === "cases") {
      for (const [value, condition] of paired(args)) {
        yield* switching(value);
        yield* relations(condition);
      }
      return;
    }
    for (const arg of args) yield* switching(arg);
    if (operator === "Max" || operator === "Min") {
      for (let i = 0; i < args.length; i++) {
        for (let j = i + 1; j < args.length; j++) yield ["+", args[i], minus(args[j])];
      }
    } else if (SWITCHES.includes(operator)) {
      yield args[0];
    }
  }

  function* relations(condition) {
    if (condition === true) return;
    const [operator, ...parts] = condition;
    if (operator === "<") {
      for (const part of parts) yield* switching(part);
      yield ["+", parts[0], minus(parts[1])];
    } else {
      for (const part of parts) yield* relations(part);
    }
  }

  /** Return [offset, slope] of a tree that is a linear function by its form, else null. */
  function affine(tree) {
    if (tree === "x") return [0, 1];
    if (!depends(tree)) return [compile(tree)(0), 0];
    const parts = tree.slice(1).map(affine);
    if (parts.includes(null)) return null;
    if (tree[0] === "+") return parts.reduce(([a, b], [c, d]) => [a + c, b + d]);
    if (tree[0] !== "*" || parts.filter(([, slope]) => slope !== 0).length > 1) return null;
    return parts.reduce(([a, b], [c, d]) => [a * c, b * c + a * d]);
  }

  // Where a change of sign is looked for: every 1/16 up to 20, then 3 % further each time.
  const GRID = (() => {
    const right = Array.from({ length: 320 }, (_, i) => (i + 1) / 16);
    while (right.at(-1) < 1e5) right.push(right.at(-1) * 1.03);
    return Float64Array.from([...right.map((at) => -at).reverse(), 0, ...right]);
  })();

  function* signChanges(tree) {
    const line = affine(tree);
    if (line !== null) {
      const at = -line[0] / line[1];
      if (Number.isFinite(at)) yield at === 0 ? 0 : at;
      return;
    }
    const value = compile(tree);
    let [before, sign] = [NaN, 0];
    for (const at of GRID) {
      const here = Math.sign(value(at));
      if (here === 0 || Number.isNaN(here)) continue;
      if (here * sign < 0) yield bisected(value, before, at, sign);
      [before, sign] = [at, here];
    }
  }

  /** Return the place in (low, high) where the sign changes, to the last bit. */
  function bisected(value, low, high, sign) {
    for (;;) {
      const middle = (low + high) / 2;
      if (middle <= low || middle >= high) return high;
      const here = Math.sign(value(middle));
      if (here === 0) return middle;
      if (here === sign) low = middle;
      else high = middle;
    }
  }

  /** Return the tree without switches that agrees with `tree` near `at`, where nothing switches. */
  function resolve(tree, at) {
    if (isLeaf(tree)) return tree;
    const [operator, ...args] = tree;
    if (operator === "cases") {
      const chosen = paired(args).find(([, condition]) => compileCondition(condition)(at));
      return chosen ? resolve(chosen[0], at) : NaN;
    }
    if (operator === "Max" || operator === "Min") {
      const best = SWITCH_VALUES[operator](...args.map((arg) => compile(arg)(at)));
      return resolve(args.find((arg) => compile(arg)(at) === best) ?? NaN, at);
    }
    if (operator === "Abs") return resolve(compile(args[0])(at) < 0 ? minus(args[0]) : args[0], at);
    if (SWITCHES.includes(operator)) return compile(tree)(at);
    return [operator, ...args.map((arg) => resolve(arg, at))];
  }

  /** A tree with too many switching points to integrate between them. */
  class TooManyPieces extends Error {}

  /** Return the pieces of a function, each with its ends, value `phi` and derivative `slope`, in ascending order. */
  function pieces(tree) {
    const points = new Set();
    for (const condition of switching(tree)) {
      for (const at of signChanges(condition)) {
        points.add(at);
        if (points.size > MOST_SWITCHING_POINTS) throw new TooManyPieces();
      }
    }
    const ends = [-Infinity, ...distinct([...points].sort((a, b) => a - b)), Infinity];
    const found = [];
    for (let i = 1; i < ends.length; i++) {
      const [lower, upper] = [ends[i - 1], ends[i]];
      const formula = prepare(resolve(tree, between(lower, upper)));
      const before = found.at(-1);
      if (before && JSON.stringify(before.formula) === JSON.stringify(formula)) before.upper = upper;
      else found.push({ lower, upper, formula });
    }
    return found.map((piece) => ({
      ...piece,
      phi: compile(piece.formula),
      slope: compile(prepare(derivative(piece.formula))),
    }));
  }

  const distinct = (points) => points.filter((at, i) => i === 0 || at - points[i - 1] > 1e-13 * (1 + Math.abs(at)));

  function between(lower, upper) {
    if (lower === -Infinity) return upper === Infinity ? 0.3 : upper - 1;
    return upper === Infinity ? lower + 1 : (lower + upper) / 2;
  }

  /** The functions that trees may call; smooth ones that only prepare() makes are among them. */
  const functions = [...Object.keys(FUNCTIONS), ...Object.keys(SWITCH_VALUES)];

  gainderive.tree = { TooManyPieces, compile, depends, functions, isLeaf, pieces, prepare, substitute };
}
