"""KaTeX in strict mode: formulas become HTML that asks for nothing, and what is no LaTeX is refused."""

import re

import pytest

from gainderive.errors import BadResult
from gainderive.render import katex


def test_a_formula_carries_its_source_and_mathml():
    shown = katex.render(r"\mathbb{E}\,\phi(z)^2", display=True)
    assert re.search(r'<annotation encoding="application/x-tex">\\mathbb\{E\}', shown)
    assert "katex-display" in shown
    assert "katex-display" not in katex.render("x", display=False)


def test_answers_come_in_the_order_of_the_questions():
    shown = [katex.render(f"x_{{{i}}}", display=False) for i in range(50)]
    assert [re.search(r"x_\{(\d+)\}", html)[1] for html in shown] == list(map(str, range(50)))


@pytest.mark.parametrize("spoiled", [r"\frac{1}", r"\nosuchcommand", r"\text{für $x", "é"])
def test_what_is_no_strict_latex_is_refused(spoiled):
    with pytest.raises(BadResult, match="a formula that no page can show"):
        katex.render(spoiled, display=False)


def test_a_refused_formula_does_not_spoil_the_next():
    with pytest.raises(BadResult):
        katex.render("}", display=False)
    assert "katex" in katex.render("x", display=False)
