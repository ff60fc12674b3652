"""What values look like in a notebook: escaped, typeset by KaTeX, and the same information as in text."""

import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest
from sympy import Eq, Rational

import gainderive as gd
from gainderive import display, facade
from gainderive.derivation import Source
from gainderive.meanfield import derive_fixed_point
from gainderive.render import katex, notebook_page
from gainderive.symbols import parameter
from gainderive.verification import Evidence, Verification

NASTY = '<script>alert("$x$")</script> & $5'
VOID = {"br", "hr", "img"}


def values():
    """A value of each kind that is shown, and those that are shown in another way than most."""
    relu = gd.gain("relu")
    return {
        "proved": relu,
        "enclosed": gd.gain("tanh", digits=40),
        "estimated": gd.gain(lambda x: abs(x) ** 1.5),
        "symbolic": gd.gain("leaky_relu", negative_slope=parameter("a")),
        "with a remark": gd.gain("hardswish", criterion="activation"),
        "gains": gd.gains("tanh"),
        "gains of a kink": gd.gains("relu"),
        "several": gd.gains("3*x*exp(-x**2/2)"),
        "gains of a unit": gd.gains("swiglu"),
        "survey": gd.survey(["relu", "tanh"]),
        "enclosure": relu.enclosure,
        "point": gd.gain("square", criterion="backward").enclosure,
        "derivation": relu.derivation,
        "system": derive_fixed_point("tanh", Rational(5, 3)),
        "step": relu.derivation.steps[-1],
        "verification": Verification(None, "a < b", None, None, (Evidence("route", "1", "0", False, "a & b"),)),
        "evidence": Evidence("route", "1", "0.1", True, "note"),
        **{f"moment: {name}": moment for name, moment in gd.moments("relu").items()},
        **{f"moment: {name}": moment for name, moment in gd.moments("tanh").items()},
    }


VALUES = values()


class Text(HTMLParser):
    """Collects what a reader sees, and refuses tags that do not match."""

    def __init__(self, html):
        super().__init__()
        self.open, self.tags, self.text = [], [], ""
        self.feed(html)
        self.close()
        assert not self.open

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.text += data


@pytest.mark.parametrize("name", VALUES)
def test_a_value_is_well_formed_html_whose_formulas_katex_takes(name):
    html = VALUES[name]._repr_html_()
    Text(html)
    assert "$" not in notebook_page.typeset(html)


@pytest.mark.parametrize("name", [name for name, value in VALUES.items() if hasattr(value, "_repr_latex_")])
def test_a_value_is_latex_that_katex_takes(name):
    shown = VALUES[name]._repr_latex_()
    assert shown[0] == shown[-1] == "$"
    katex.render(shown.strip("$"), display=True)


def test_every_value_that_users_get_shows_itself():
    given = (gd.Gain, gd.Gains, gd.Survey, gd.Moment, gd.Enclosure, gd.Derivation, gd.Step, gd.Evidence)
    for kind in (*given, gd.Verification):
        assert hasattr(kind, "_repr_html_"), kind
    for kind in (gd.Gain, gd.Moment, gd.Enclosure, gd.Derivation, gd.Step):
        assert hasattr(kind, "_repr_latex_"), kind


def test_text_is_escaped_and_its_dollar_signs_are_no_formula():
    shown = display.table(NASTY, [(NASTY, display.formula("a < b"))], (NASTY,))
    seen = Text(shown)
    assert "script" not in seen.tags
    assert seen.text.count(NASTY) == 3
    assert notebook_page.typeset(shown).count("<span>$</span>") == 9
    assert display.element("a", href='"><b>') == '<a href="&quot;&gt;&lt;b&gt;"></a>'


def test_what_is_html_already_is_not_escaped_twice():
    once = display.text("a < b")
    assert display.text(once) == display.joined(once) == "a &lt; b"
    assert display.element("p", once, "<") == "<p>a &lt; b&lt;</p>"


def test_names_that_users_choose_are_escaped_everywhere():
    relu = gd.gain("relu")
    activation = replace(relu.activation, title=NASTY)
    derivation = replace(relu.derivation, title=NASTY, assumptions=(NASTY,), sources=(Source(NASTY, 'x"y'),))
    for value in (
        replace(relu, activation=activation, remark=NASTY),
        replace(gd.gains("relu"), activation=activation),
        derivation,
        Verification(NASTY, NASTY, None, None, (Evidence(NASTY, NASTY, NASTY, False, NASTY),)),
        facade.Survey(((NASTY, gd.gains("relu")),)),
    ):
        seen = Text(value._repr_html_())
        assert "script" not in seen.tags
        assert "<script>" in seen.text


def test_no_colour_is_named_so_that_dark_notebooks_stay_dark():
    for value in VALUES.values():
        styles = re.findall(r'style="([^"]*)"', value._repr_html_())
        assert not [style for style in styles if "color" in style or "background" in style]


def test_a_gain_says_how_far_to_trust_it():
    text = Text(VALUES["proved"]._repr_html_()).text
    assert all(said in text for said in (r"\sqrt{2}", "proved", "GD-0005", "forward", r"\mathbb{E}"))
    assert "±" not in text
    assert VALUES["enclosed"].to_latex().startswith(r"g = 1.592537419722831427770438846018598170")
    assert r"\pm" in VALUES["enclosed"].to_latex()
    assert r"\pm" in VALUES["estimated"].to_latex()
    assert "the only one" in Text(VALUES["with a remark"]._repr_html_()).text


def test_a_short_decimal_equals_and_a_rounded_one_does_not():
    assert gd.gain("square", criterion="backward").to_latex() == r"g = \frac{1}{2} = 0.5"
    assert gd.gain("linear").to_latex() == "g = 1"
    assert r"\approx" in gd.gain("relu").to_latex()


def test_five_gains_each_with_its_condition_or_the_reason_why_there_is_none():
    seen = Text(VALUES["gains of a kink"]._repr_html_())
    assert seen.tags.count("tr") == 6
    assert seen.text.count("= 1$") == 5
    assert "it has no tangent at 0" in seen.text
    assert r"\pm" in VALUES["several"]._repr_html_()


def test_a_sound_step_is_folded_and_a_refused_one_is_not():
    derivation = VALUES["derivation"]
    html = derivation._repr_html_()
    assert html.count("<li>") >= len(derivation.steps)
    assert "<details open" not in html
    last = derivation.steps[-1]
    wrong = Eq(last.becomes.lhs, last.becomes.rhs * Rational(101, 100))
    spoiled = replace(derivation, steps=(*derivation.steps[:-1], replace(last, becomes=wrong)), claim=wrong)
    assert spoiled._repr_html_().count("<details open") == 1


def test_what_disagrees_stands_out():
    html = VALUES["verification"]._repr_html_()
    assert "<strong>disagrees</strong>" in html
    assert "a &amp; b" in html
    assert "<strong>" not in VALUES["evidence"]._repr_html_()
