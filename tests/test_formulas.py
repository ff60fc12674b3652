r"""Every formula of the project is typeset by KaTeX in strict mode and by Typst, and a spoiled one by neither.

Formulas are taken from the pages' own texts: those of results, activations and units, which is all that anybody sees.
"""

import re
from functools import cache

import pytest

from gainderive import catalog, facade, files, notation, units
from gainderive.criteria import Criterion
from gainderive.errors import BadResult, GainderiveError
from gainderive.render import katex, pages, sections, steps
from gainderive.render.typst import _formula
from gainderive.render.typst._compile import metadata, pdf, template
from gainderive.typst_math import typst

_CODE = re.compile(r"^(`{3,}).*?^\1|`[^`\n]*`", re.DOTALL | re.MULTILINE)
_FORMULA = re.compile(r"\$\$(.+?)\$\$|(?<![\\$])\$(?!\$)([^$]+?)\$", re.DOTALL)


def formulas(markdown: str) -> dict[str, bool]:
    """Return the formulas of a text, and whether each is displayed."""
    found = _FORMULA.finditer(_CODE.sub("", markdown))
    return {(match[1] or match[2]).strip(): match[1] is not None for match in found}


@cache
def everything() -> dict[str, bool]:
    """Return the formulas of all texts."""
    texts = [text for result in catalog.results() for text in _of_result(result)]
    texts += [text for name in (*files.activations(), *files.units()) for text in _of_entry(name)]
    return {latex: display for text in texts for latex, display in formulas(text).items()}


def _of_result(result):
    yield result.commentary
    yield pages.assumed(result.derivation.assumptions)
    yield from _of_derivation(result.derivation)


def _of_entry(name):
    entry = units.named(name)
    yield sections.docstring(entry)
    yield from sections.parameters(entry)
    for criterion in Criterion:
        try:
            yield from _of_derivation(facade.derive(name, criterion))
        except GainderiveError:
            continue


def _of_derivation(derivation):
    """Yield a derivation's texts without checking its steps, which other tests do."""
    yield from (notation.display(notation.line(line)) for line in (derivation.claim, *derivation.lines))
    # A step of a system prints what it changes.
    yield from (notation.display(formula.latex) for formula in steps.formulas(derivation))
    yield from (text for step in derivation.steps for text in (step.by.explain(), step.by.checked()))


def test_formulas_are_found_where_they_stand():
    text = "a $x$ and `$y$`\n\n$$\nz = 1\n$$\n\n```bibtex\n$w$\n```\n$v$"
    assert formulas(text) == {"x": False, "z = 1": True, "v": False}


def test_every_formula_goes_through_katex():
    found = everything()
    assert len(found) > 1500
    for latex, display in found.items():
        katex.render(latex, display=display)


def test_every_formula_goes_through_typst_and_none_leaves_its_line():
    found = sorted(everything())
    assert pdf("\n\n".join(f"${typst(latex)}$" for latex in found))
    width = 440
    data = map(_formula.data, found)
    asked = (f"#context [#metadata(rows-of({it}, {width}pt).map(r => measure(r).width.pt()))<w>]" for it in data)
    widths = metadata("\n".join([template("formula"), "#set text(10.5pt)", *asked]), "w")
    assert len(widths) == len(found)
    assert max(map(max, widths)) <= width + 1e-6


@pytest.mark.parametrize("spoil", [r"\frac", r"\sqrtt", "{", r"\left(", "^", r"\mathrm"])
def test_a_spoiled_formula_is_refused_by_each(spoil):
    latex = next(latex for latex in everything() if r"\sqrt" in latex and latex.endswith("}"))
    spoiled = f"{latex} + {spoil}"
    with pytest.raises(BadResult) as refused:
        katex.render(spoiled, display=True)
    assert spoiled in str(refused.value)
    with pytest.raises(BadResult) as refused:
        typst(spoiled)
    assert spoiled in str(refused.value)
