"""Pages: formulas that every page can show, everything there is to know, pictures with equal bytes each time."""

import math
import re
from dataclasses import replace
from textwrap import dedent

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sympy import Contains, Eq, Function, Heaviside, Interval, Rational, Sum, Tuple, exp

from gainderive import activations, catalog, derive, facade, files, notation, units
from gainderive.gaussian import GaussIntegral
from gainderive.render import activation, comparison, katex, pages, sections, text, unit, unit_plot
from gainderive.render.plot import GRID
from gainderive.render.portrait import Portrait
from gainderive.status import Status
from gainderive.symbols import branch, counter, fan_in, g, indexed, q, x
from gainderive.verification import Evidence, Verification


def without_formulas(markdown):
    """Return a page's text without code and formulas, each of which KaTeX renders; a dollar sign left is no formula."""
    text = re.sub(r"```.*?```|`[^`\n]*`", "", markdown, flags=re.DOTALL)
    for delimiter, display in (("$$", True), ("$", False)):
        held = re.escape(delimiter)
        for formula in re.findall(rf"{held}(.+?){held}", text, flags=re.DOTALL):
            katex.render(dedent(formula).strip(), display=display)
        text = re.sub(rf"{held}(.+?){held}", "", text, flags=re.DOTALL)
    return text


# -- formulas --------------------------------------------------------------------------------


@pytest.mark.parametrize("id", files.results())
def test_every_formula_of_every_page_can_be_shown(id):
    result = catalog.result(id)
    markdown = pages.page(result, Verification(id, result.title, result.status, result.status, ()))
    assert "$" not in without_formulas(markdown)
    katex.render(result.derivation.to_latex(), display=True)


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        (Function("leaky_relu")(x), r"\operatorname{leaky\_relu}{\left(x \right)}"),
        (Function("relu'")(x) ** 2, r"\operatorname{relu}'^{2}{\left(x \right)}"),
        (Function("tanh'")(x), r"\tanh'{\left(x \right)}"),
        (exp(-(x**2) / (2 * q)), r"e^{-x^{2}/\left(2 q\right)}"),
        (exp(Rational(1, 2)), "e^{1/2}"),
        (fan_in, r"n_{\mathrm{in}}"),
        (GaussIntegral(x, x, 1, 0, 1) * q, r"q \int_{0}^{1} x\,\frac{e^{-x^{2}/2}}{\sqrt{2\pi}}\,dx"),
        (
            Sum(indexed("h")[counter("j")], (counter("j"), 1, fan_in), (counter("k"), 1, fan_in)),
            r"\sum_{k=1}^{n_{\mathrm{in}}} \sum_{j=1}^{n_{\mathrm{in}}} {h}_{j}",
        ),
    ],
)
def test_latex_of_our_own_notation(expression, expected):
    assert notation.latex(expression) == expected
    katex.render(expected, display=True)


def test_a_system_is_aligned_and_an_interval_is_a_number_with_a_radius():
    ball = Contains(g, Interval(Rational("1.5"), Rational("1.500002")), evaluate=False)
    assert notation.line(ball) == r"g = 1.500001 \pm 10^{-6}"
    assert notation.line(Tuple(Eq(g, 1), Eq(q, 2))).count("&=") == 2
    assert text.line(ball) == "g = 1.500001 ± 1e-6"


@given(
    st.fractions(min_value=-100, max_value=100, max_denominator=10**12),
    st.integers(min_value=0, max_value=25),
    st.integers(min_value=1, max_value=99),
)
def test_a_shown_ball_contains_the_interval_and_is_not_much_wider(middle, places, digits):
    centre, radius = Rational(middle), Rational(digits, 10 ** (places + 2))
    shown, digit, exponent = notation.rounded(centre - radius, centre + radius)
    shown_radius = digit * Rational(10) ** exponent
    assert abs(Rational(shown) - centre) + radius <= shown_radius
    assert shown_radius <= 4 * radius


# -- pages -----------------------------------------------------------------------------------


def test_a_page_shows_everything_there_is_to_know():
    result = catalog.result("GD-0005")
    rows = (Evidence("torch", "1.25", "", True, "torch 9.9 agrees"), Evidence("enclosure", "a|b", "1e-30", True))
    page = pages.page(result, Verification(result.id, result.title, Status.PROVED, Status.PROVED, rows))
    headings = re.findall(r"^## (.*)$", page, flags=re.MULTILINE)
    assert headings == [
        "Claim",
        "Assumptions",
        "In words",
        "Derivation",
        "Evidence",
        "The five gains",
        "PyTorch",
        "Sources",
        "Cite",
    ]
    assert "[GD-0010](GD-0010.md)" in page
    assert 'calculate_gain("relu")` returns 1.25' in page
    assert r"| enclosure | a\|b | 1e-30 | agrees |" in page
    assert page.split("## Evidence")[0].count("`proved`") == 1 + len(result.derivation.steps)


def test_a_derivation_shows_itself():
    derivation = derive("relu")
    assert derivation.to_markdown().startswith("# ")
    assert r"&& \text{solving}" in derivation.to_latex()
    assert derivation._repr_latex_().startswith(r"$\displaystyle \begin{aligned}")
    assert text.derivation(derivation).count("proved") == len(derivation.steps)


# -- activations -----------------------------------------------------------------------------


def portrait(name):
    return Portrait(units.named(name))


@pytest.fixture(scope="module")
def pages_of_activations():
    """The pages of some activations that differ in everything a page has to cope with."""
    names = ("leaky_relu", "hardshrink", "tanh", "selu", "identity", "sigmoid", "sign")
    return {name: activation.page(portrait(name)) for name in names}


def test_every_formula_of_an_activations_page_can_be_shown(pages_of_activations):
    for name, markdown in pages_of_activations.items():
        assert "$" not in without_formulas(markdown), name
        assert f":::{{picture}} {name}.svg\n:alt: Plot of " in markdown


def test_an_activations_page_shows_everything_there_is_to_know(pages_of_activations):
    page = pages_of_activations["leaky_relu"]
    assert re.findall(r"^## (.*)$", page, flags=re.MULTILINE) == [
        "Definition",
        *(["Elsewhere"] if activations.load("leaky_relu").elsewhere else []),
        "Shape",
        "Moments",
        "Length map",
        "The five gains",
        "Derivations",
        "PyTorch",
        "Published results",
        "Sources",
    ]
    assert "| `negative_slope` | $a$ | $\\frac{1}{100}$ | real |" in page
    assert "kink at $0$" in page
    # E phi^2 = (1 + a^2)/2, at a = 1/100 the number 0.50005.
    second = next(line for line in page.splitlines() if line.startswith(r"| $\mathbb{E}\,\phi(z)^2$"))
    assert r"\frac{a^{2} + 1}{2}" in second
    assert "0.5000499999" in second or "0.50005" in second
    assert "[GD-0006](../GD-0006.md): " in page
    derived = derive("leaky_relu")
    assert notation.numbered(derived.given, derived.shown()) in page
    assert page.count("`true, but not for this reason`") + page.count("`false`") == 0


def test_a_page_shows_what_is_found_and_never_claims_that_nothing_exists(pages_of_activations):
    tanh, sigmoid = pages_of_activations["tanh"], pages_of_activations["sigmoid"]
    assert r"No closed form of $M_2(q) = \mathbb{E}\,\phi(\sqrt{q}\,z)^2$ was found." in tanh
    assert "none found" in tanh
    # That no gain exists is said where it is proved, and with the proof.
    assert "### No gain gives tanh unit activation second moment" in tanh
    assert "### No gain gives" in sigmoid
    assert "**not** the derived forward gain: 4.65% above it" in tanh
    assert "up to the rounding of a double" in pages_of_activations["identity"]


def test_a_jump_is_marked_and_what_it_hides_is_said(pages_of_activations):
    assert r"jumps at $- \frac{1}{2}$, $\frac{1}{2}$, and $D(q)" in pages_of_activations["hardshrink"]
    assert "says how gradients behave" in pages_of_activations["sign"]
    assert "does not see a jump" not in pages_of_activations["leaky_relu"]
    assert "every g > 0 satisfies" in pages_of_activations["sign"]


def test_several_solutions_are_all_listed():
    found = facade.gains("4*x*exp(-x**2)")
    roots = found["activation"].roots
    assert len(roots) == 2
    shown = pages.gains_table(found)
    assert "2 solutions: " in shown
    assert all(f"{root.value:.10g}" in shown for root in roots)
    assert facade.brief(found["activation"], 7) == ", ".join(f"{root.value:#.7g} ±" for root in roots)


def test_a_docstring_becomes_markdown():
    text = "Of ``erf``.\n\n.. math::\n\n    E\\phi = 0\n\nSee :func:`~gainderive.gain`: :math:`x^2`."
    assert sections.prose(text) == "Of `erf`.\n\n$$\nE\\phi = 0\n$$\n\nSee `gainderive.gain`: $x^2$."


def test_a_plot_has_equal_bytes_each_time_no_date_and_nothing_from_elsewhere():
    drawn = activation.picture(portrait("hardshrink"))
    assert drawn == activation.picture(portrait("hardshrink"))
    assert "date" not in drawn.lower()
    assert not re.search(r"\b20\d\d-\d\d", drawn)
    assert "font-family" not in drawn
    assert not re.findall(r'(?:href|src)="(?!#)', drawn)
    assert "prefers-color-scheme: dark" in drawn
    # Every colour is a variable, so that none is invisible on a dark page.
    assert not re.findall(r"#[0-9a-f]{6}\b", re.sub(r"<style>.*?</style>|var\([^)]*\)", "", drawn))


def test_a_plot_marks_kinks_and_both_sides_of_a_jump():
    for name, marks in (("relu", 1), ("hardshrink", 4), ("gelu", 0), ("celu", 0)):
        drawn = activation.picture(portrait(name))
        places = re.findall(r'<use xlink:href="#\w+" x="([^"]*)" y="([^"]*)" style="[^"]*--blue', drawn)
        assert len(set(places)) == marks, name


# -- units -----------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def pages_of_units():
    """The pages of all units."""
    return {name: unit.page(portrait(name)) for name in units.names()}


def test_every_formula_of_a_units_page_can_be_shown(pages_of_units):
    for name, markdown in pages_of_units.items():
        assert "$" not in without_formulas(markdown), name
        assert f":::{{picture}} {name}.svg\n:alt: Plot of " in markdown


def test_a_units_page_shows_everything_there_is_to_know(pages_of_units):
    page = pages_of_units["rrelu"]
    assert re.findall(r"^## (.*)$", page, flags=re.MULTILINE) == [
        "Definition",
        "Elsewhere",
        "What the fans count",
        "Shape",
        "Moments",
        "Length map",
        "The five gains",
        "Derivations",
        "PyTorch",
        "Published results",
        "Sources",
    ]
    assert "$a$ is drawn anew for each element, uniformly between $l$ and $u$." in page
    assert "| `upper` | $u$ | $\\frac{1}{3}$ | real |" in page
    assert "[GD-0044](../GD-0044.md): " in page
    assert "### The length map of RReLU" in page
    assert page.count("`true, but not for this reason`") + page.count("`false`") == 0
    derived = derive("rrelu")
    assert notation.numbered(derived.given, derived.shown()) in page


def test_a_units_page_says_what_the_fans_count_and_whether_one_variance_serves_both(pages_of_units):
    assert "its own weight matrix has $k n$ rows, and that of the next layer $n$ columns" in pages_of_units["maxout"]
    assert "its own weight matrix has $n$ rows, and that of the next layer $2 n$ columns" in pages_of_units["crelu"]
    assert all("one variance serves both" in pages_of_units[name] for name in ("maxout", "crelu", "rrelu"))
    forward, backward = facade.gain("swiglu").value, facade.gain("swiglu", "backward").value
    # Var W = g_f^2/n below 2 n preactivations: the gradient's factor is 2 n Var W / g_b^2.
    assert f"gradient's second moment by $\\approx {2 * forward**2 / backward**2:.5g}$" in pages_of_units["swiglu"]


def test_a_gated_unit_without_a_closed_form_is_reduced_to_its_gate(pages_of_units):
    assert "No closed form of $M_2(q)$ was found." in pages_of_units["glu"]
    assert r"M_2(q) = q \mathbb{E}\left[\frac{1}{\left(1 + e^{- \sqrt{q} z}\right)^{2}}\right]" in pages_of_units["glu"]
    assert "**Independence of the branches.**" in pages_of_units["glu"]
    assert r"M_2(q) = \frac{q^{2}}{2}" in pages_of_units["reglu"]


@pytest.mark.parametrize(
    ("name", "ids"),
    [("glu", ["0040"]), ("swiglu", ["0040", "0041"]), ("maxout", ["0042", "0045"]), ("crelu", ["0043"])],
)
def test_a_units_page_leads_to_the_results_about_it(pages_of_units, name, ids):
    listed = pages_of_units[name].split("## Published results")[1]
    assert re.findall(r"^- \[GD-(\d+)\]", listed, flags=re.MULTILINE) == ids


def test_a_result_about_a_unit_leads_to_its_page():
    assert "[maxout](units/maxout.md)" in pages.five_gains(catalog.result("GD-0042"))
    assert "[relu](activations/relu.md)" in pages.five_gains(catalog.result("GD-0005"))


def test_what_is_drawn_of_a_unit_is_read_off_its_formula():
    v = branch(2)
    assert portrait("geglu").curves == (activations.load("gelu").expression,)
    assert len(portrait("crelu").curves) == 2
    assert portrait("maxout").is_largest
    assert not portrait("bilinear").is_largest
    assert [str(point.at) for point in portrait("reglu").breakpoints] == ["0"]
    jumping = replace(units.load("reglu"), outputs=(branch(1) * Heaviside(v - 1),))
    assert [str(point.at) for point in Portrait(jumping).jumps] == ["1"]
    assert Portrait(jumping).breaks == "jump at $1$"


@pytest.mark.parametrize("name", units.names())
def test_a_units_plot_has_equal_bytes_each_time_and_colours_that_follow_the_page(name):
    drawn = unit.picture(portrait(name))
    assert drawn == unit.picture(portrait(name))
    assert not re.findall(r"#[0-9a-f]{6}\b", re.sub(r"<style>.*?</style>|var\([^)]*\)", "", drawn))
    assert not re.findall(r'(?:href|src)="(?!#)', drawn)


def test_the_density_of_the_largest_is_a_density_with_the_enclosed_mean():
    density = unit_plot.density_of_the_largest(3)
    step = GRID[1] - GRID[0]
    assert sum(density) * step == pytest.approx(1, abs=1e-4)
    # The largest of three has the mean 3/(2 sqrt(pi)).
    assert sum(GRID * density) * step == pytest.approx(1.5 / math.sqrt(math.pi), abs=5e-4)


def test_the_comparison_marks_units_and_links_to_their_pages():
    entries = {name: comparison.entry(portrait(name)) for name in ("relu", "glu", "crelu")}
    shown = comparison.comparison({"relu": entries["relu"]}, {name: entries[name] for name in ("glu", "crelu")})
    rows = [line for line in shown.splitlines() if line.startswith("| [")]
    assert [row.split(" | ")[0] for row in rows] == [
        "| [ReLU](relu.md)",
        "| [GLU](../units/glu.md) *unit*",
        "| [CReLU](../units/crelu.md) *unit*",
    ]
    assert "1.846229 ±" in rows[1]
