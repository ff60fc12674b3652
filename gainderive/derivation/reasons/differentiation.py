"""Carrying out a derivative, and differentiating a Gaussian mean by its second moment."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from sympy import Basic, Derivative, Expr, Symbol, ceiling, expand, floor

from gainderive import algebra
from gainderive.derivation._reason import Judgement, Reason
from gainderive.derivation._smooth import is_smooth
from gainderive.derivation._state import parts, rewrite, same
from gainderive.derivation.reasons.symmetry import is_moderate
from gainderive.gaussian import SWITCHES, GaussIntegral, GaussMean
from gainderive.notation import latex


@dataclass(frozen=True)
class Differentiation(Reason):
    """Replace a derivative by its value, by the rules of calculus."""

    name: ClassVar[str] = "differentiation"
    of: Derivative

    def check(self, before: Basic, after: Basic) -> Judgement:
        if not any(part.has(self.of) for part in parts(before)):
            return Judgement.refused(f"{self.of} does not occur in the line before")
        if any(part.has(self.of) for part in parts(after)):
            return Judgement.refused(f"{self.of} is still there")
        if self.of.expr.has(*SWITCHES, floor, ceiling):
            return Judgement.refused("a function with case distinctions has no derivative everywhere")
        value = self.of.expr
        for symbol in self.of.variables:
            if not all(_is_dominated(node, symbol) for node in value.atoms(GaussMean, GaussIntegral)):
                return Judgement.refused("that the derivative may be taken under the mean is not shown")
            value = value.diff(symbol)
        expected = rewrite(before, {self.of: value})
        if not same(expected, after) and not _is_expanded(expected, after):
            return Judgement.refused(f"the derivative is {value}")
        return Judgement.proved()

    def explain(self) -> str:
        return rf"Differentiate by ${', '.join(map(latex, self.of.variables))}$."

    def checked(self) -> str:
        return (
            "The derivative is taken anew by the rules of calculus and compared with this line as an identity. A "
            "function with case distinctions is refused, and under a mean the derivative must be dominated."
        )


def _is_dominated(node: GaussMean | GaussIntegral, symbol: Symbol) -> bool:
    """Tell whether the mean is shown to have the derivative by `symbol` that is taken under it, and at its ends."""
    f, variable, *law = node.args
    moving = [end for end in (node.lower, node.upper) if symbol in end.free_symbols]
    return (
        is_moderate(f)
        and all(is_smooth(part, symbol) for part in (f, *law))
        and is_moderate(f.diff(symbol))
        and (not moving or is_smooth(f, variable))
    )


def _is_expanded(expected: Basic, after: Basic) -> bool:
    # Sums with indices are opaque to the algebra; SymPy's expansion sees through linear ones.
    return isinstance(expected, Expr) and isinstance(after, Expr) and expand(expected - after) == 0


@dataclass(frozen=True)
class MeanByScale(Reason):
    r"""Write :math:`\frac{d}{dq} E f(\sqrt q\,z) = \frac{1}{2q} E[x f'(x)]`, ``x = sqrt(q) z``.

    The chain rule under the mean; dominated convergence allows the exchange because ``f`` is smooth and
    ``x f'(x)`` grows at most like a polynomial times an exponential, uniformly for ``q`` in a bounded range.
    """

    name: ClassVar[str] = "differentiating under the mean"
    of: Derivative

    def check(self, before: Basic, after: Basic) -> Judgement:
        mean = self.of.expr
        if not any(part.has(self.of) for part in parts(before)):
            return Judgement.refused(f"{self.of} does not occur in the line before")
        if not isinstance(mean, GaussMean) or self.of.variables != (mean.q,):
            return Judgement.refused(f"{self.of} is not the derivative of a Gaussian mean by its second moment")
        if mean.integrand.has(mean.q):
            return Judgement.refused("the integrand itself depends on the second moment")
        slope = mean.variable * mean.integrand.diff(mean.variable)
        if not is_smooth(mean.integrand, mean.variable) or not (is_moderate(mean.integrand) and is_moderate(slope)):
            return Judgement.refused(f"that {slope} is dominated is not shown")
        value: Expr = mean.with_integrand(slope / 2) / mean.q
        candidates = {n for part in parts(after) for n in part.atoms(GaussMean) if n.args[1:] == mean.args[1:]}
        for node in candidates:
            if algebra.equal(node.integrand, slope / 2):
                value = node / mean.q
        if not same(rewrite(before, {self.of: value}), after):
            return Judgement.refused(f"the derivative is {value}")
        return Judgement.proved()

    def explain(self) -> str:
        return (
            r"Differentiate $f(\sqrt q\,z)$ under the mean: $\frac{d}{dq} f(\sqrt q\,z) = \frac{1}{2q} x f'(x)$ "
            r"at $x = \sqrt q\,z$."
        )

    def checked(self) -> str:
        return (
            "The integrand is shown to be smooth, and both it and $x f'(x)$ to grow at most like a polynomial times an "
            "exponential, so that the derivative may be taken under the mean; then the two lines are compared."
        )
