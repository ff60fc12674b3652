"""Pages: formulas that every page can show, everything there is to know, pictures with equal bytes each time."""

import json
import math
import re
from dataclasses import replace
from textwrap import dedent

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sympy import Contains, Eq, Function, Heaviside, Interval, Rational, Sum, Tuple, exp, sympify

import gainderive
from gainderive import activations, catalog, derive, digest, facade, notation, units
from gainderive.errors import BadResult
from gainderive.gaussian import GaussIntegral
from gainderive.render import (
    activation,
    beside,
    comparison,
    katex,
    latex,
    pages,
    pictures,
    sections,
    text,
    unit,
    unit_plot,
)
from gainderive.render.markdown import gains_table, linked
from gainderive.render.plot import GRID
from gainderive.render.portrait import Portrait
from gainderive.render.steps import formulas, steps
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


STANDING = [result.id for result in catalog.results()]
"""Withdrawn results have pages of their own kind."""

# -- formulas --------------------------------------------------------------------------------


@pytest.mark.parametrize("id", STANDING)
def test_every_formula_of_every_page_can_be_shown(id):
    result = catalog.result(id)
    markdown = pages.page(result, Verification(id, result.title, result.status, result.status, ()))
    assert "$" not in without_formulas(markdown)
    # Each step folds, and so does one form of the citation.
    assert markdown.count("\n:::{dropdown} ") == len(result.derivation.steps) + 1
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
        "Assumptions",
        "In words",
        "Derivation",
        "Evidence",
        "Figures",
        "The five gains",
        "PyTorch",
        "Sources",
        "How to cite",
    ]
    assert page.startswith(
        "# GD-0005: The gain of ReLU is √2\n\n`proved` It settles the `forward` gain of {activation}"
    )
    assert page.index("$$\ng = \\sqrt{2}\n$$") < page.index("```{beside} GD-0005\n```") < page.index("## Assumptions")
    assert "{gd}`GD-0010`" in page
    assert "{gd}`GD-0005`" not in page
    assert page.count("*If it fails:* ") == len(result.derivation.assumptions)
    assert page.count("*How it was checked.* ") == len(result.derivation.steps)
    assert ":::{dropdown} 3. Antiderivative `proved`" in page
    assert ":::{picture} GD-0005.svg\n:alt: ReLU and its slope" in page
    assert catalog.cite("GD-0005") in page
    assert catalog.cite("GD-0005", "text") in page
    assert 'calculate_gain("relu")` returns 1.25' in page
    assert r"| enclosure | a\|b | 1e-30 | agrees |" in page
    assert page.split("## Evidence")[0].count("`proved`") == 1 + len(result.derivation.steps)


def test_a_long_system_is_printed_once_and_then_what_changes():
    derivation = catalog.result("GD-0014").derivation
    given, *reached = formulas(derivation)
    letters = [f"({letter})" for letter in "abcdefg"]
    assert re.findall(r"\\text\{(\(\w\))\}", given.latex) == letters
    for position, formula in enumerate(reached):
        assert re.findall(r"\\text\{(\(\w\))\}", formula.latex) == [letters[position]]
        assert list(formula.unchanged) == letters[:position] + letters[position + 1 :]
        assert notation.sides(derivation.lines[position + 1][position])[1] in formula.latex
    # All of it is still there: the changed lines and the first ones make up the claim.
    assert len(reached) == 5
    shown = steps(derivation)
    assert shown.count(r"\alpha &=") == 1
    assert shown.count("Unchanged: ") == 5


def test_links_are_roles_and_code_and_links_stay_as_they_are():
    text = "GD-0001, `cite GD-0002`, {gd}`GD-0003`, [GD-0004](x.html), GD-0005 and $x$ (GD-0006)."
    expected = "{gd}`GD-0001`, `cite GD-0002`, {gd}`GD-0003`, [GD-0004](x.html), GD-0005 and $x$ ({gd}`GD-0006`)."
    assert linked(text, "GD-0005") == expected


# -- beside a page ---------------------------------------------------------------------------


def unverified(id):
    """Return a result and a verification without rows."""
    result = catalog.result(id)
    return result, Verification(id, result.title, result.status, result.status, ())


def test_the_data_beside_a_page_say_all_there_is():
    result, verification = unverified("GD-0005")
    data = json.loads(beside.beside(result, verification)["GD-0005.json"])
    assert data["enclosure"] == digest.described("GD-0005")["enclosure"]
    assert isinstance(data["enclosure"]["lower"], str)
    assert data["sha256"] == result.derivation.digest
    assert data["assumptions"][2]["text"] == "biases are 0"
    assert [step["reason"] for step in data["steps"]] == [step.by.name for step in result.derivation.steps]
    assert all(step["verdict"] == "proved" and step["checked"] for step in data["steps"])
    assert data["claim"]["text"] == "g = sqrt(2)"
    # The tree of the claim can be read back.
    assert sympify(data["claim"]["srepr"]) == result.derivation.claim
    assert data["torch"] == {"relation": "agrees", "because": None, "value": None, "verdict": None}
    assert data["versions"]["gainderive"] == gainderive.__version__
    assert set(beside.COMPUTING) <= set(data["versions"])
    assert data["citation"]["csl-json"]["number"] == "GD-0005"
    # Nothing depends on the day or the folder.
    assert not re.search(r"/(tmp|home|work|root)/", json.dumps(data))


def test_the_files_beside_a_page_are_the_same_each_time():
    one, two = (beside.beside(*unverified("GD-0006")) for _ in range(2))
    assert one == two
    drawn = pictures.files("GD-0006", activation.picture(portrait("leaky_relu")))
    assert list(one) == ["GD-0006.json", "GD-0006.tex", "GD-0006.bib", "GD-0006.csl.json", *drawn]
    assert drawn.items() <= one.items()


def test_every_figure_of_a_result_has_a_file_and_a_place_on_the_page():
    result, verification = unverified("GD-0005")
    drawn = replace(result, figures=(catalog.Illustration("cobweb", "tanh", {"gain": 3}),))
    assert "GD-0005-2-dark.svg" in beside.beside(drawn, verification)
    assert "\n:::{picture} GD-0005-2.svg\n:alt: The length map of tanh at " in pages.page(drawn, verification)
    alone = replace(drawn, settles=None)
    pictured = [name for name in beside.beside(alone, verification) if name.endswith("svg")]
    assert pictured == ["GD-0005.svg", "GD-0005-dark.svg"]


@pytest.mark.parametrize("id", STANDING)
def test_every_latex_document_is_well_formed(id):
    document = latex.document(catalog.result(id))
    assert document.isascii()
    assert document.startswith(r"\documentclass")
    assert document.endswith("\\end{document}\n")
    opened = []
    for kind, name in re.findall(r"\\(begin|end)\{([\w*]+)\}", document):
        if kind == "begin":
            opened.append(name)
        else:
            assert opened.pop() == name
    assert not opened
    bare = re.sub(r"\\[{}$%&#_]", "", document)
    assert bare.count("{") == bare.count("}")
    assert bare.count("$") % 2 == 0
    assert bare.count(r"\left") == bare.count(r"\right")
    # Outside of formulas a sign of mathematics would stop LaTeX.
    words = re.sub(r"\\\[.*?\\\]|\$[^$]*\$|\\(url|href)\{[^}]*\}", "", bare, flags=re.DOTALL)
    assert not re.search(r"[_^#]|(?<!\\)[&%]", words), re.search(r".*[_^#&%].*", words)
    # A blank line within a formula would, too.
    assert not [formula for formula in re.findall(r"\\\[(.*?)\\\]", bare, flags=re.DOTALL) if "\n\n" in formula]


def test_a_construction_that_latex_does_not_get_is_refused():
    with pytest.raises(BadResult, match="heading open"):
        latex.markdown("# A heading")


# -- the gallery -----------------------------------------------------------------------------


def test_the_gallery_shows_every_result_once_by_topic():
    shown = pages.index({result.id: pages.entry(result) for result in catalog.results()})
    assert sorted(re.findall(r"^::::\{grid-item-card\} \{gd\}`(GD-\d+)`", shown, flags=re.MULTILINE)) == STANDING
    assert re.findall(r"^## (.*)$", shown, flags=re.MULTILINE) == list(map(str, catalog.Topic))
    lemmas = shown.split("## Lemmas about Gaussian means")[1]
    assert re.findall(r"GD-\d+", lemmas) == [f"GD-00{n}" for n in range(25, 31)]
    assert "|" not in shown


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
        assert re.search(rf":::{{picture}} {name}\.svg\n:alt: \w", markdown)


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
    assert "Kinks at 0." in page
    # E phi^2 = (1 + a^2)/2, at a = 1/100 the number 0.50005.
    second = next(line for line in page.splitlines() if line.startswith(r"| $\mathbb{E}\,\phi(z)^2$"))
    assert r"\frac{a^{2} + 1}{2}" in second
    assert "0.5000499999" in second or "0.50005" in second
    assert "{gd}`GD-0006`: " in page
    assert steps(derive("leaky_relu")) in page
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
    shown = gains_table(found)
    assert "2 solutions: " in shown
    assert all(f"{root.value:.10g}" in shown for root in roots)
    assert facade.brief(found["activation"], 7) == ", ".join(f"{root.value:#.7g} ±" for root in roots)


def test_a_docstring_becomes_markdown():
    text = "Of ``erf``.\n\n.. math::\n\n    E\\phi = 0\n\nSee :func:`~gainderive.gain`: :math:`x^2`."
    assert sections.prose(text) == "Of `erf`.\n\n$$\nE\\phi = 0\n$$\n\nSee `gainderive.gain`: $x^2$."


def test_a_plot_has_equal_bytes_each_time_no_date_and_nothing_from_elsewhere():
    drawn = activation.picture(portrait("hardshrink")).svg()
    assert drawn == activation.picture(portrait("hardshrink")).svg()
    assert "date" not in drawn.lower()
    assert not re.search(r"\b20\d\d-\d\d", drawn)
    assert "font-family" not in drawn
    assert not re.findall(r'(?:href|src)="(?!#)', drawn)
    assert "prefers-color-scheme: dark" in drawn
    # Every colour is a variable, so that none is invisible on a dark page.
    assert not re.findall(r"#[0-9a-f]{6}\b", re.sub(r"<style>.*?</style>|var\([^)]*\)", "", drawn))


def test_a_plot_marks_kinks_and_both_sides_of_a_jump():
    for name, marks in (("relu", 1), ("hardshrink", 4), ("gelu", 0), ("celu", 0)):
        drawn = activation.picture(portrait(name)).svg()
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
        assert re.search(rf":::{{picture}} {name}\.svg\n:alt: \w", markdown)


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
    assert "{gd}`GD-0044`: " in page
    assert "### The length map of RReLU" in page
    assert page.count("`true, but not for this reason`") + page.count("`false`") == 0
    assert linked(steps(derive("rrelu"))) in page


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
    assert ". Independence of the branches `proved`" in pages_of_units["glu"]
    assert r"M_2(q) = \frac{q^{2}}{2}" in pages_of_units["reglu"]


@pytest.mark.parametrize(
    ("name", "ids"),
    [("glu", ["0040"]), ("swiglu", ["0040", "0041"]), ("maxout", ["0042", "0045"]), ("crelu", ["0043"])],
)
def test_a_units_page_leads_to_the_results_about_it(pages_of_units, name, ids):
    listed = pages_of_units[name].split("## Published results")[1]
    assert re.findall(r"^- \{gd\}`GD-(\d+)`", listed, flags=re.MULTILINE) == ids


def test_a_result_about_a_unit_leads_to_its_page():
    assert "{activation}`maxout <maxout>`" in pages.five_gains(catalog.result("GD-0042"))
    assert "{activation}`ReLU <relu>`" in pages.five_gains(catalog.result("GD-0005"))


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
    drawn = unit.picture(portrait(name)).svg()
    assert drawn == unit.picture(portrait(name)).svg()
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
    rows = [line for line in shown.splitlines() if line.startswith("| {")]
    assert [row.split(" | ")[0] for row in rows] == [
        "| {activation}`ReLU <relu>`",
        "| {activation}`GLU <glu>` *unit*",
        "| {activation}`CReLU <crelu>` *unit*",
    ]
    assert "1.846229 ±" in rows[1]
