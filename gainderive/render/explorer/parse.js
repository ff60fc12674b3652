// Text to trees, in the language of gainderive's expressions. The text is only ever read: names are looked up in a
// closed list, and nothing of it is executed, as JavaScript or otherwise.
"use strict";
{
  const { compile, depends, isLeaf } = gainderive.tree;
  const CASES = ["where", "Piecewise", "piecewise"];
  const SWITCHES = ["Abs", "sign", "Heaviside", "Max", "Min"];
  const VARIADIC = ["Max", "Min"];
  const GROWING = ["exp", "sinh", "cosh", "erfi", "Ei", "Shi"];
  const TOKEN = /\s*(?:((?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?)|([A-Za-z_]\w*)|(\*\*|[<>=!]=|[-+*/^(),.<>=!&|~]))/y;
  const ALLOWED = /^[\w+\-*/^().,<>=!&|~ \t\r\n]*/;
  const MOST_OPEN = 150;
  /** Where a function that is not real is looked for. */
  const SAMPLES = [1 / 7, 0.31, 1, 2.5, 10, 1000].flatMap((at) => [-at, at]);

  /** Text that is no function of x; the place in it is from `start` to `end`. */
  class BadExpression extends Error {
    constructor(message, start, end) {
      super(message);
      this.start = start;
      this.end = end;
    }
  }

  /** Return the tree of a text, or throw BadExpression with the place and what to write instead. */
  function parse(text) {
    const { language } = gainderive.catalogue;
    if (text.length > language.limits.length) {
      throw new BadExpression(
        `The expression has ${text.length} characters; at most ${language.limits.length} are read.`,
        0,
        0,
      );
    }
    const understood = ALLOWED.exec(text)[0].length;
    if (understood < text.length) {
      const character = String.fromCodePoint(text.codePointAt(understood));
      throw new BadExpression(
        `The character “${character}” has no meaning in an expression.`,
        understood,
        understood + character.length,
      );
    }
    if (text.trim() === "")
      throw new BadExpression("The expression is empty; write for example tanh(x) + x/5.", 0, text.length);
    const tree = new Reader(text, language).expression(new Syntax(text).whole(), 0);
    refuseNotReal(tree, text);
    return tree;
  }

  /** The first pass: text to syntax nodes { kind, parts, start, end } with Python's precedence. */
  class Syntax {
    #open = 0;

    constructor(text) {
      this.text = text;
      this.tokens = [...tokens(text)];
      this.position = 0;
    }

    whole() {
      const node = this.#or();
      if (this.#next.type !== "end") throw this.#unexpected();
      return node;
    }

    get #next() {
      return this.tokens[this.position];
    }

    #takes(...texts) {
      if (this.#next.type === "end" || this.#next.type === "number" || !texts.includes(this.#next.text)) return null;
      return this.tokens[this.position++];
    }

    #unexpected() {
      const { type, text, start, end } = this.#next;
      if (type === "end") return new BadExpression("The expression ends too early.", start, end);
      const before = this.tokens[this.position - 1];
      const isProduct =
        (type !== "symbol" || text === "(") && before && (before.type !== "symbol" || before.text === ")");
      const advice = isProduct ? " A product is written with *, as in 2*x." : "";
      return new BadExpression(`“${text}” cannot stand here.${advice}`, start, end);
    }

    /** Guard the recursion: one more is open while `read` runs. */
    #nested(read) {
      if (++this.#open > MOST_OPEN) {
        throw new BadExpression("The expression is nested too deeply to be read.", this.#next.start, this.#next.end);
      }
      const node = read();
      this.#open--;
      return node;
    }

    #chain(kind, operand, ...texts) {
      let node = operand();
      for (let token; (token = this.#takes(...texts));) {
        const right = operand();
        node = { kind, operator: token.text, parts: [node, right], start: node.start, end: right.end };
      }
      return node;
    }

    #or() {
      return this.#chain("junction", () => this.#and(), "or");
    }

    #and() {
      return this.#chain("junction", () => this.#not(), "and");
    }

    #not() {
      const token = this.#takes("not");
      if (!token) return this.#comparison();
      const part = this.#nested(() => this.#not());
      return { kind: "not", parts: [part], start: token.start, end: part.end };
    }

    #comparison() {
      const parts = [this.#bitOr()];
      const operators = [];
      for (let token; (token = this.#takes("<", "<=", ">", ">=", "==", "!="));) {
        operators.push(token);
        parts.push(this.#bitOr());
      }
      if (operators.length === 0) return parts[0];
      return { kind: "comparison", operators, parts, start: parts[0].start, end: parts.at(-1).end };
    }

    #bitOr() {
      return this.#chain("junction", () => this.#bitAnd(), "|");
    }

    #bitAnd() {
      return this.#chain("junction", () => this.#sum(), "&");
    }

    #sum() {
      return this.#chain("sum", () => this.#product(), "+", "-");
    }

    #product() {
      return this.#chain("product", () => this.#unary(), "*", "/");
    }

    #unary() {
      const token = this.#takes("-", "+", "~");
      if (!token) return this.#power();
      const part = this.#nested(() => this.#unary());
      return {
        kind: token.text === "~" ? "not" : "sign",
        operator: token.text,
        parts: [part],
        start: token.start,
        end: part.end,
      };
    }

    #power() {
      const base = this.#call();
      if (!this.#takes("**", "^")) return base;
      const exponent = this.#nested(() => this.#unary());
      return { kind: "power", parts: [base, exponent], start: base.start, end: exponent.end };
    }

    #call() {
      let node = this.#atom();
      while (this.#takes("(")) {
        const { parts, end } = this.#list();
        node = { kind: "call", called: node, parts, start: node.start, end };
      }
      return node;
    }

    #atom() {
      const token = this.#next;
      if (token.type === "number" || (token.type === "name" && !["and", "or", "not"].includes(token.text))) {
        this.position++;
        return { kind: token.type, text: token.text, start: token.start, end: token.end };
      }
      if (!this.#takes("(")) throw this.#unexpected();
      const { parts, end, hasComma } = this.#list();
      if (parts.length === 1 && !hasComma) return { ...parts[0], start: token.start, end };
      return { kind: "tuple", parts, start: token.start, end };
    }

    /** Read what follows an opening parenthesis, up to the closing one. */
    #list() {
      return this.#nested(() => {
        const parts = [];
        let hasComma = false;
        for (;;) {
          const closed = this.#takes(")");
          if (closed) return { parts, end: closed.end, hasComma };
          if (parts.length > 0 && !hasComma) throw this.#unexpected();
          parts.push(this.#or());
          hasComma = Boolean(this.#takes(","));
          if (!hasComma) {
            const end = this.#takes(")");
            if (!end) throw this.#unexpected();
            return { parts, end: end.end, hasComma: parts.length > 1 };
          }
        }
      });
    }
  }

  function* tokens(text) {
    let at = 0;
    while (text.slice(at).trim() !== "") {
      TOKEN.lastIndex = at;
      const [whole, number, name, symbol] = TOKEN.exec(text);
      at += whole.length;
      const shown = number ?? name ?? symbol;
      const type = number !== undefined ? "number" : name !== undefined ? "name" : "symbol";
      yield { type, text: shown, start: at - shown.length, end: at };
    }
    yield { type: "end", text: "", start: Math.max(0, text.trimEnd().length - 1), end: text.length };
  }

  /** The second pass: syntax nodes to trees, everything else refused. */
  class Reader {
    #switches = 0;

    constructor(text, language) {
      this.text = text;
      this.language = language;
    }

    #refusal(node, message) {
      return new BadExpression(message, node.start, node.end);
    }

    #shown(node) {
      const text = this.text.slice(node.start, node.end).replace(/\s+/g, " ");
      return `“${text.length > 60 ? `${text.slice(0, 57)}…` : text}”`;
    }

    #deeper(node, depth) {
      const most = this.language.limits.depth;
      if (depth > most) throw this.#refusal(node, `The expression is nested more than ${most} levels deep.`);
      return depth + 1;
    }

    expression(node, depth) {
      const tree = this.#read(node, this.#deeper(node, depth));
      if (depends(tree)) return tree;
      const value = compile(tree)(0);
      if (!Number.isFinite(value)) throw this.#refusal(node, `${this.#shown(node)} is not a finite real number.`);
      return value;
    }

    #read(node, depth) {
      switch (node.kind) {
        case "number":
          return this.#number(node);
        case "name":
          return this.#constant(node);
        case "sign": {
          const operand = this.expression(node.parts[0], depth);
          return node.operator === "-" ? ["*", -1, operand] : operand;
        }
        case "sum":
          return this.#sum(node, depth);
        case "product":
          return this.#product(node, depth);
        case "power":
          return this.#power(node, this.expression(node.parts[0], depth), this.expression(node.parts[1], depth));
        case "call":
          return this.#call(node, depth);
        case "comparison":
        case "junction":
        case "not":
          throw this.#refusal(node, `${this.#shown(node)} is a condition; write where(condition, a, b).`);
        default:
          throw this.#refusal(
            node,
            `${this.#shown(node)} is not part of the language: numbers, x, pi, e, + - * / **, and known functions.`,
          );
      }
    }

    #number(node) {
      const { digits, power } = this.language.limits;
      const exponent = Number(/[eE]([+-]?\d+)$/.exec(node.text)?.[1] ?? 0);
      if (node.text.length > digits || Math.abs(exponent) > power) {
        throw this.#refusal(node, `The number ${this.#shown(node)} is too long or too large.`);
      }
      return Number(node.text);
    }

    #constant(node) {
      const { constants, functions } = this.language;
      if (node.text === "x") return "x";
      if (!Object.hasOwn(constants, node.text))
        throw this.#unknown(node, [...Object.keys(constants), "x"], Object.keys(functions));
      return constants[node.text];
    }

    #unknown(node, first, then) {
      const close = nearest(node.text, first);
      const found = close.length > 0 ? close : nearest(node.text, then);
      const advice = found.length > 0 ? `Did you mean ${found.join(" or ")}?` : `Known are ${first.join(", ")}.`;
      return this.#refusal(node, `“${node.text}” is not known. ${advice}`);
    }

    #sum(node, depth) {
      const terms = unchained(node, "sum");
      return [
        "+",
        ...terms.map(({ operator, part }) => {
          const term = this.expression(part, depth);
          return operator === "-" ? ["*", -1, term] : term;
        }),
      ];
    }

    #product(node, depth) {
      const factors = unchained(node, "product");
      return [
        "*",
        ...factors.map(({ operator, part }) => {
          const factor = this.expression(part, depth);
          if (operator !== "/") return factor;
          if (factor === 0)
            throw this.#refusal(node, `${this.#shown(node)} divides by ${this.#shown(part)}, which is 0.`);
          return ["^", factor, -1];
        }),
      ];
    }

    #power(node, base, exponent) {
      const most = this.language.limits.exponent;
      if (typeof exponent === "number" && Math.abs(exponent) > most) {
        throw this.#refusal(node, `${this.#shown(node)} has an exponent beyond ${most}.`);
      }
      return ["^", base, exponent];
    }

    #call(node, depth) {
      const { functions, limits } = this.language;
      if (node.called.kind !== "name") {
        throw this.#refusal(
          node,
          `${this.#shown(node)} is not a call of a known function; a product is written with *.`,
        );
      }
      const name = node.called.text;
      if (CASES.includes(name)) return this.#cases(node, depth);
      if (name === "x" || Object.hasOwn(this.language.constants, name)) {
        throw this.#refusal(node, `“${name}” is not a function; a product is written with *, as in 2*x.`);
      }
      if (!Object.hasOwn(functions, name)) {
        throw this.#unknown(
          node.called,
          [...Object.keys(functions), ...CASES],
          [...Object.keys(this.language.constants), "x"],
        );
      }
      const operator = functions[name];
      const isVariadic = VARIADIC.includes(operator);
      if (node.parts.length === 0 || (node.parts.length > 1 && !isVariadic)) {
        const takes = isVariadic ? "one or more" : "one";
        throw this.#refusal(node, `${this.#shown(node)} has ${node.parts.length} arguments; ${name} takes ${takes}.`);
      }
      if (SWITCHES.includes(operator)) this.#count(node, node.parts.length);
      const args = node.parts.map((part) => this.expression(part, depth));
      if (operator === "sqrt") return ["^", args[0], 0.5];
      if (GROWING.includes(operator) && Math.abs(args[0]) > limits.power) {
        throw this.#refusal(node, `${this.#shown(node)} has an argument beyond ${limits.power}.`);
      }
      return [operator, ...args];
    }

    #count(node, more) {
      this.#switches += more;
      const most = this.language.limits.switches;
      if (this.#switches > most) {
        throw this.#refusal(node, `The expression has more than ${most} cases, maxima, minima and signs.`);
      }
    }

    #cases(node, depth) {
      this.#count(node, node.parts.length);
      if (node.called.text === "where") {
        if (node.parts.length !== 3) {
          throw this.#refusal(node, `${this.#shown(node)} is not of the form where(condition, value, otherwise).`);
        }
        const [condition, value, otherwise] = node.parts;
        return [
          "cases",
          this.expression(value, depth),
          this.#condition(condition, depth),
          this.expression(otherwise, depth),
          true,
        ];
      }
      const pairs = node.parts.map((part) => {
        if (part.kind !== "tuple" || part.parts.length !== 2) {
          throw this.#refusal(part, `${this.#shown(part)} is not a case: write Piecewise((value, condition), ...).`);
        }
        return [this.expression(part.parts[0], depth), this.#condition(part.parts[1], depth)];
      });
      if (pairs.length === 0) throw this.#refusal(node, `${this.#shown(node)} has no cases.`);
      return ["cases", ...pairs.flat()];
    }

    #condition(node, depth) {
      const deeper = this.#deeper(node, depth);
      if (node.kind === "name" && node.text === "True") return true;
      if (node.kind === "not") return ["not", this.#condition(node.parts[0], deeper)];
      if (node.kind === "junction") {
        const operator = { and: "and", "&": "and", or: "or", "|": "or" }[node.operator];
        return [operator, ...node.parts.map((part) => this.#condition(part, deeper))];
      }
      if (node.kind === "comparison" && node.operators.every(({ text }) => !["==", "!="].includes(text))) {
        this.#count(node, node.operators.length);
        const sides = node.parts.map((part) => this.expression(part, deeper));
        const links = node.operators.map(({ text }, i) =>
          text[0] === "<" ? ["<", sides[i], sides[i + 1]] : ["<", sides[i + 1], sides[i]],
        );
        return links.length === 1 ? links[0] : ["and", ...links];
      }
      throw this.#refusal(node, `${this.#shown(node)} is not a condition; use < <= > >= with and, or, not.`);
    }
  }

  /** Return the parts of a + b - c with their operators, so that many terms are not many levels. */
  function unchained(node, kind) {
    const found = [];
    for (; node.kind === kind; node = node.parts[0]) found.push({ operator: node.operator, part: node.parts[1] });
    return [{ operator: "", part: node }, ...found.reverse()];
  }

  /** Return the names that differ least from `name`, if any is near. */
  function nearest(name, names) {
    const sought = name.toLowerCase();
    const most = Math.max(1, Math.floor(sought.length / 3));
    const measured = names.map((known) => [distance(sought, known.toLowerCase()), known]);
    const least = Math.min(...measured.map(([far]) => far));
    return least > most
      ? []
      : measured
          .filter(([far]) => far === least)
          .map(([, known]) => known)
          .slice(0, 3);
  }

  /** The number of letters to put in, leave out, replace or exchange with their neighbour. */
  function distance(a, b) {
    const rows = [Array.from({ length: b.length + 1 }, (_, j) => j)];
    for (let i = 1; i <= a.length; i++) {
      rows.push([i]);
      for (let j = 1; j <= b.length; j++) {
        const replaced = rows[i - 1][j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1);
        const isSwap = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
        rows[i][j] = Math.min(
          rows[i - 1][j] + 1,
          rows[i][j - 1] + 1,
          replaced,
          isSwap ? rows[i - 2][j - 2] + 1 : Infinity,
        );
      }
    }
    return rows[a.length][b.length];
  }

  function refuseNotReal(tree, text) {
    const value = compile(tree);
    for (const at of SAMPLES) {
      if (Number.isNaN(value(at)) && isNotReal(tree, at)) {
        throw new BadExpression(
          `It is not real at x = ${Number(at.toPrecision(3))}; an activation is real on the whole real line. ` +
            "A root or a power of u that is real for all u is sign(u)*abs(u)**(1/3).",
          0,
          text.length,
        );
      }
    }
  }

  /** Whether some function makes no real number of finite arguments; an infinity that cancels is no such thing. */
  function isNotReal(tree, at) {
    if (isLeaf(tree)) return false;
    if (tree[0] === "cases") return Number.isNaN(compile(tree)(at));
    const args = tree.slice(1);
    if (args.some((arg) => isNotReal(arg, at))) return true;
    return Number.isNaN(compile(tree)(at)) && args.every((arg) => Number.isFinite(compile(arg)(at)));
  }

  gainderive.parse = Object.assign(parse, { BadExpression });
}
