"""LaTeX formulas as Typst's: what each construction becomes, what is refused, and where a line may be broken."""

import pytest

from gainderive.errors import BadResult
from gainderive.render.typst._compile import metadata, pdf
from gainderive.typst_math import lines, typst


@pytest.mark.parametrize(
    ("latex", "expected"),
    [
        (r"\frac12", "frac(1, 2)"),
        (r"\tfrac{1}{2\pi}", "inline(frac(1, 2 pi))"),
        (r"\sqrt[4]{2} x", "root(4, 2) x"),
        (r"x_1^{2}", "x_(1)^(2)"),
        (r"{W_{1}}_{p,r}", r"attach(W_(1), b: p \, r)"),
        (r"M_2'(q)", "M'_(2) paren.l q paren.r"),
        (r"f'^2", "f'^(2)"),
        (r"{a_1}'", "attach(a_(1), t: prime)"),
        (r"|x|", 'class("normal", bar.v) x class("normal", bar.v)'),
        (r"12^{-1.5}", "12^(- 1.5)"),
        (r"\operatorname{leaky\_relu}{\left(x \right)}", 'op("leaky_relu") (x)'),
        (r"n_{\mathrm{in}}", 'n_(op("in"))'),
        (r"\mathrm{fan_{in}}", "upright(f a n_(i n))"),
        (r"\left|\phi(x)\right|", "lr(bar.v phi.alt paren.l x paren.r bar.v)"),
        (r"\left[0, 1\right)", r"lr(bracket.l 0 \, 1 paren.r)"),
        (r"\int\limits_0^\infty x\,dx", "limits(integral)_(0)^(infinity) x thin d x"),
        (r"\begin{cases} 0 & \text{for}\: z < 0 \\z & \text{otherwise} \end{cases}", None),
        (r"\left\{\begin{aligned}a &= b \\ c &= d\end{aligned}\right.", "cases(a & = b, c & = d)"),
        (r"\begin{aligned}a &= b \\ &= c\end{aligned}", "a & = b \\\n& = c"),
    ],
)
def test_each_construction_has_its_typst(latex, expected):
    shown = typst(latex)
    if expected is not None:
        assert shown == expected
    assert pdf(f"${shown}$")


@pytest.mark.parametrize(
    ("spoiled", "says"),
    [
        (r"\nosuchcommand{x}", r"\\nosuchcommand is not understood at character 1 of"),
        (r"a + \frac{1}", "something is missing at character"),
        (r"\left( x", r"\\right is missing"),
        ("x}", "} closes nothing"),
        ("x^2^3", "a second \\^"),
        ("", "everything is missing"),
        ("é", "é is not understood"),
        (r"\begin{matrix} a \end{matrix}", "the environment matrix"),
        (r"\begin{cases} a", r"\\end\{cases\} is missing"),
        (r"\frac{\begin{aligned} a \end{aligned}}{2}", "a system without a brace"),
        (r"\text{für $x$}", "plain text"),
    ],
)
def test_what_is_not_understood_is_refused_with_its_place(spoiled, says):
    with pytest.raises(BadResult, match=says):
        typst(spoiled)


def test_a_line_breaks_before_relations_and_between_terms():
    (line,) = lines(r"a + b = - c + d \cdot e + (f + g)")
    assert [piece.markup for piece in line.left] == ["a", "+ b"]
    assert [piece.markup for piece in line.right] == ["= - c", "+ d", "dot e", "+ paren.l f + g paren.r"]


def test_what_is_too_long_opens_its_fences_roots_and_fractions():
    (fence,) = lines(r"x \left(a + b\right)^{2} y")[0].right
    assert [piece.markup for piece in fence.inner] == [
        "x lr(size: #1.2em, paren.l) a",
        "+ b lr(size: #1.2em, paren.r)^(2) y",
    ]
    (root,) = lines(r"\sqrt{a + b}")[0].right
    assert root.inner[-1].markup.endswith(r"^(1 \/ 2)")
    (fraction,) = lines(r"\frac{a + b}{2}")[0].right
    assert [piece.markup for piece in fraction.inner][-1] == r"\/ 2"


def test_pieces_say_what_the_whole_says():
    """Put together again, the pieces are the formula: nothing is lost where it is broken."""
    from gainderive import catalog, notation

    for result in catalog.results():
        for latex in map(notation.line, result.derivation.lines):
            if r"\begin{aligned}" in latex:
                continue
            (line,) = lines(latex)
            together = " ".join(piece.markup for piece in (*line.left, *line.right))
            assert together.split() == typst(latex).split()


def test_a_broken_formula_fits_its_width_and_a_short_one_stays_whole():
    from gainderive.render.typst import _formula
    from gainderive.render.typst._compile import template

    long = " + ".join(rf"\frac{{a_{{{n}}}}}{{\sqrt{{b + {n}}}}}" for n in range(30))
    source = template("formula") + "\n".join(
        f"#context [#metadata(rows-of({_formula.data(latex)}, 300pt).map(r => measure(r).width.pt()))<w>]"
        for latex in (long, "a = b", rf"x \left({long}\right)", rf"\sqrt{{{long}}}", rf"\frac{{{long}}}{{2}}")
    )
    for widths in metadata(source, "w"):
        assert all(width <= 300.001 for width in widths)
    assert [len(widths) for widths in metadata(source, "w")][1] == 1
