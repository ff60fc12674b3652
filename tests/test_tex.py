"""Sentences with Unicode mathematics become LaTeX that says the same."""

from __future__ import annotations

import pytest

from gainderive.errors import BadResult
from gainderive.tex import sentence


@pytest.mark.parametrize(
    ("text", "latex"),
    [
        ("√2", r"$\sqrt{2}$"),
        ("1/√(1/3 + √3/(6π))", r"1/$\sqrt{1/3 + \sqrt{3}/(6\pi)}$"),
        # Two dollar signs in a row would open a displayed formula.
        ("φ²", r"$\phi^{2}$"),
        ("W₂ᵀ ∂L", r"W$_{2}^{T}$ $\partial$L"),
        ("σ_w² M_2(q), n_in, fan_in", r"$\sigma_{w}^{2}$ $M_{2}$(q), $n_{\mathrm{in}}$, fan\_in"),
        ("√fan_in and √(σ_w x)", r"$\sqrt{\mathrm{fan\_in}}$ and $\sqrt{\sigma_{w} x}$"),
        ("0 < λ ≤ Λ", r"0 $<$ $\lambda$ $\leq$ $\Lambda$"),
        ("50 % of $3 & #1 {a} ~ ^", r"50 \% of \$3 \& \#1 \{a\} \textasciitilde{} \textasciicircum{}"),
        ("Müller, Čech, Łoś, naïve, Straße", r"M{\"u}ller, {\v C}ech, {\L}o{\'s}, na{\"\i}ve, Stra{\ss}e"),
        ('for "selu" – and “linear”', "for ``selu'' -- and ``linear''"),
    ],
)
def test_what_a_sentence_becomes(text: str, latex: str) -> None:
    assert sentence(text) == latex


@pytest.mark.parametrize(("text", "hint"), [("漢", "CJK"), ("√(1 + 2", "not closed"), ("√ ", "nothing stands")])
def test_what_has_no_form_is_refused(text: str, hint: str) -> None:
    with pytest.raises(BadResult, match=hint):
        sentence(text)
