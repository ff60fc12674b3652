"""What a derivation's line is, and how lines are searched, rewritten and compared.

A line is a SymPy expression, an equation, an inequality, a membership, or a ``Tuple`` of these.
Equations are rebuilt unevaluated, so that ``1 = 1`` stays an equation on the page.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from sympy import Basic, Contains, Derivative, Eq, Expr, Float, Lambda, Limit, Subs, Symbol, Tuple, nan, zoo
from sympy.concrete.expr_with_limits import ExprWithLimits
from sympy.core.relational import Relational

from gainderive import algebra
from gainderive.errors import Undecided
from gainderive.gaussian import GaussIntegral, GaussMean
from gainderive.joint import JointMean
from gainderive.symbols import x

Node = GaussMean | GaussIntegral | JointMean


def equation(lhs: Expr, rhs: Expr) -> Eq:
    """Return ``lhs = rhs`` unevaluated."""
    return Eq(lhs, rhs, evaluate=False)


def parts(line: Basic) -> tuple[Expr, ...]:
    """Return the expressions that `line` relates."""
    if isinstance(line, Tuple):
        return tuple(part for item in line for part in parts(item))
    if isinstance(line, (Relational, Contains)):
        return tuple(line.args)
    return (line,)


def items(line: Basic) -> tuple[Basic, ...]:
    """Return the members of a system, or `line` itself alone."""
    return tuple(line) if isinstance(line, Tuple) else (line,)


def rewrite(line: Basic, mapping: Mapping[Basic, Basic]) -> Basic:
    """Return `line` with subexpressions exchanged, relations unevaluated.

    Raises
    ------
    Undecided
        When a new expression brings a symbol that a mean or a sum of the line would capture.
    """
    if any(isinstance(old, Symbol) and old in bound_symbols(line) for old in mapping):
        raise Undecided("a symbol that the line binds cannot be replaced")
    captured = {s for old, new in mapping.items() for s in new.free_symbols - old.free_symbols} & bound_symbols(line)
    if captured:
        raise Undecided(f"{', '.join(map(str, captured))} would be captured by a mean or a sum of the line")
    return _rewritten(line, mapping)


def _rewritten(line: Basic, mapping: Mapping[Basic, Basic]) -> Basic:
    if isinstance(line, Tuple):
        return Tuple(*(_rewritten(item, mapping) for item in line))
    if isinstance(line, Relational):
        return line.func(*(side.xreplace(mapping) for side in line.args), evaluate=False)
    return line.xreplace(dict(mapping))


def bound_symbols(line: Basic) -> set[Basic]:
    """Return the symbols that something in `line` binds or differentiates by."""
    found: set[Basic] = set()
    for part in parts(line):
        found |= {s for node in part.atoms(GaussMean, GaussIntegral, JointMean) for s in node.bound_symbols}
        found |= {limit[0] for node in part.atoms(ExprWithLimits) for limit in node.limits}
        found |= {node.args[1] for node in part.atoms(Limit)}
        found |= {v for node in part.atoms(Derivative, Lambda, Subs) for v in node.variables if isinstance(v, Symbol)}
    return found


def ill_formed(line: Basic) -> str:
    """Return why a Gaussian mean of `line` is none, or an empty string.

    Its variable is ``x``, which neither its ends nor its second moment mention, and its second moment is shown
    to be positive. What a mean over several variables has to satisfy, it says itself. Nothing in a line is undefined.
    """
    if any(part.has(nan, zoo) for part in parts(line)):
        return f"something in {line} is not defined"
    for joint in {node for part in parts(line) for node in part.atoms(JointMean)}:
        wrong: str = joint.ill_formed
        if wrong:
            return wrong
    for node in {node for part in parts(line) for node in part.atoms(GaussMean, GaussIntegral)}:
        if node.integrand.has(GaussMean, GaussIntegral, JointMean):
            return f"{node} holds another mean inside"
        if node.variable != x or x in node.q.free_symbols | node.lower.free_symbols | node.upper.free_symbols:
            return f"{node} is not a mean over x alone"
        if node.integrand.has(Float):
            return f"{node} holds a float; write the exact number"
        if node.lower.is_extended_real is False or node.upper.is_extended_real is False:
            return f"{node} is not over an interval of the real line"
        if not node.q.is_positive:
            return f"that the second moment {node.q} is positive is not shown"
    return ""


def gauss_nodes(line: Basic) -> tuple[Node, ...]:
    """Return the means and integrals of `line` in reading order, each once."""
    return tuple(dict.fromkeys(node for part in parts(line) for node in _walk(part)))


def _walk(expr: Basic) -> Iterator[Node]:
    if isinstance(expr, (GaussMean, GaussIntegral, JointMean)):
        yield expr
        return
    for arg in expr.args:
        yield from _walk(arg)


def same(first: Basic, second: Basic) -> bool:
    """Tell whether two lines are equal side by side, as identities of the algebra."""
    if first == second:
        return True
    if isinstance(first, Tuple) or isinstance(second, Tuple):
        a, b = items(first), items(second)
        return len(a) == len(b) and all(map(same, a, b))
    if isinstance(first, (Relational, Contains)) or isinstance(second, (Relational, Contains)):
        return type(first) is type(second) and all(map(same, first.args, second.args))
    return isinstance(first, Expr) and isinstance(second, Expr) and algebra.equal(first, second)


def changed_item(before: Basic, after: Basic) -> tuple[Basic, Basic] | None:
    """Return the one member in which two systems differ; ``None`` unless it is exactly one."""
    a, b = items(before), items(after)
    if len(a) != len(b):
        return None
    changed = [(old, new) for old, new in zip(a, b, strict=True) if old != new]
    return changed[0] if len(changed) == 1 else None
