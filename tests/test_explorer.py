"""The explorer computes what the library computes, refuses what it refuses, and works in a browser offline."""

import html
import json
import math
import re
import shutil
import subprocess
import sys
import tempfile
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import mpmath
import pytest
from sympy import Rational

import gainderive as gd
from gainderive import activations, digest, expressions, pieces, quadrature
from gainderive.criteria import Criterion
from gainderive.errors import BadExpression
from gainderive.render import explorer
from gainderive.symbols import x

AGREE = 1e-9
ENTRIES = activations.names()
WITH_PARAMETERS = [name for name in ENTRIES if activations.load(name).parameters]
MOMENTS_AT = (0.04, 0.7, 1.0, 5.0, 60.0)
TYPED = (
    "tanh(x) + x/5",
    "where(x > 0, x, 0.01*x)",
    "Piecewise((0, x < -1), (x, (x < 1) & (x > -2)), (1, True))",
    "abs(x^2 - 2)",
    "max(x, cos(x))",
    "min(max(x, -1), 1)",
    "exp(-1000*(x - 1)^2) + x/9",
    "tanh(-x**2 + 2**-1)",
    "1e-3*x + .5*heaviside(x - 1/2)",
    "sqrt(abs(x))",
    "sign(x)*abs(x)**(1/3)",
    "atan(30*x)/pi + e*x",
    "where(not (x < 0 or 1 < x < 2), sin(3*x), -x)",
    "x*(1 + erfc(-x))/Si(2)",
)
REFUSED = (
    # the text, what is marked in it, and what is said
    ("", "", "empty"),
    ("tahn(x) + 1", "tahn", "tan or tanh"),
    ("2x", "x", "written with *"),
    ("2 (x)", "2 (x)", "written with *"),
    ("(x)(x)", "(x)(x)", "written with *"),
    ("x + y", "y", "not known"),
    ("x +", "+", "ends too early"),
    ("sin(x, 2)", "sin(x, 2)", "takes one"),
    ("exp()", "exp()", "takes one"),
    ("where(x, 1, 2)", "x", "not a condition"),
    ("where(x == 1, 1, 2)", "x == 1", "not a condition"),
    ("x > 0", "x > 0", "where(condition"),
    ("x > 0 & x < 1", "x > 0 & x < 1", "where(condition"),
    ("Piecewise((x, x > 0), 3)", "3", "not a case"),
    ("1/0 + x", "1/0", "which is 0"),
    ("log(0)*x", "log(0)", "not a finite"),
    ("x**101", "x**101", "exponent beyond 100"),
    ("1e2000*x", "1e2000", "too large"),
    ("exp(5000) - x", "exp(5000)", "beyond 1000"),
    ("sqrt(x)", "sqrt(x)", "not real at x = -"),
    ("log(x)", "log(x)", "not real at x = -"),
    ("x**(1/3)", "x**(1/3)", "sign(u)*abs(u)"),
    ("(x, 1)", "(x, 1)", "not part of the language"),
    ("+".join(["abs(x)"] * 31), "abs(x)", "more than 30"),
    ("sin(" * 60 + "x" + ")" * 60, None, "levels deep"),
    ("(" * 400 + "x" + ")" * 400, None, "nested too deeply"),
    ("-" * 400 + "x", None, "nested too deeply"),
    ("x+" * 1000 + "x", "", "at most 2000"),
    ("x\u00b2", "\u00b2", "no meaning"),
)
HOSTILE = (
    "constructor",
    "constructor(x)",
    "__proto__",
    "toString(x)",
    "hasOwnProperty(x)",
    "x.constructor",
    "x.constructor(x)",
    "alert(1)",
    "eval(x)",
    "Function(x)",
    "globalThis",
    "this",
    "`${alert(1)}`",
    "x; alert(1)",
    "x[0]",
    "import(x)",
    "(x) => x",
    "<img src=x onerror=alert(1)>",
    "valueOf",
)

# ---------------------------------------------------------------------------------------------------- in Node.js

_DRIVER = r"""
const [folder, ...scripts] = process.argv.slice(1);
for (const script of scripts) require(`${folder}/${script}`);
const { numerics, parse, special, tree, catalogue } = gainderive;
const absent = (values) => Object.fromEntries(Object.entries(values).map(([key, value]) => [key, value ?? Infinity]));
const activation = ({ text, of, values = {} }) => new numerics.Activation(of ?? parse(text), absent(values));
const both = (made, q) => [made.secondMoment(q).value, made.slopeMoment(q).value];
const TASKS = {
  gains: (task) => numerics.gains(activation(task)),
  moments: (task) => task.q.map((q) => both(activation(task), q)),
  breaks: (task) => activation(task).breaks,
  fixed: (task) => numerics.fixedPoints(activation(task), task),
  layers: (task) => numerics.layers(activation(task), task, task.q, task.depth),
  histogram: (task) => numerics.histogram(activation(task), task.q, task.low, task.high, task.bins),
  special: ({ name, at }) => at.map(special[name]),
  functions: () => tree.functions,
  parse: ({ text }) => parse(text),
};
const answers = JSON.parse(require("fs").readFileSync(0)).map((task) => {
  try {
    return TASKS[task.task](task);
  } catch (error) {
    const { message, start, end } = error;
    return { refused: error.constructor.name, message, start, end };
  }
});
console.log(JSON.stringify(answers));
"""


def _node() -> str | None:
    beside = Path(sys.executable).with_name("node")
    return str(beside) if beside.exists() else shutil.which("node")


needs_node = pytest.mark.skipif(_node() is None, reason="Node.js is not installed")


def _plain(latex: str, *, display: bool) -> str:
    """Show a formula as its LaTeX; how KaTeX shows it is not in question here."""
    return f'<span class="{"katex-display" if display else "katex"}">{html.escape(latex)}</span>'


@cache
def _files() -> dict[str, bytes]:
    return explorer.files(_plain)


@cache
def _catalogue() -> dict[str, Any]:
    return explorer.catalogue(_plain)


def ask(*tasks: dict[str, Any]) -> list[Any]:
    """Return what the scripts answer to each task."""
    scripts = [name for name in explorer.SCRIPTS if name not in ("draw.js", "explorer.js")]
    with tempfile.TemporaryDirectory() as folder:
        for name, content in _files().items():
            Path(folder, name).write_bytes(content)
        command = [str(_node()), "-e", _DRIVER, folder, *scripts]
        run = subprocess.run(command, input=json.dumps(tasks), capture_output=True, text=True, check=True)
    answers: list[Any] = json.loads(run.stdout)
    return answers


def _entry(name: str, values: dict[str, float] | None = None) -> dict[str, Any]:
    described = _catalogue()["activations"][name]
    given = {p["name"]: p["default"] for p in described["parameters"]} | (values or {})
    return {"of": described["tree"], "values": given}


def _elsewhere(name: str) -> dict[str, Any]:
    """Return values of the parameters away from the defaults, as exact numbers; ends of intervals stay in order."""
    parameters = activations.load(name).parameters
    return {p.name: Rational(3, 4) + Rational(i, 3) for i, p in enumerate(parameters)}


def disagreements(answers: dict[str, Any], expected: dict[str, float | None]) -> list[str]:
    """Return the criteria in which the answers differ from what is expected, a number or none."""
    found = []
    for criterion, value in expected.items():
        shown = [gain["value"] for gain in answers[criterion]["gains"]]
        wanted = [] if value is None else [value]
        if len(shown) != len(wanted) or any(abs(a / b - 1) > AGREE for a, b in zip(shown, wanted, strict=True)):
            found.append(f"{criterion}: {shown}, not {wanted}")
        elif not shown and not answers[criterion]["remark"]:
            found.append(f"{criterion}: none, without a reason")
    return found


def _settled(name: str) -> dict[str, float | None]:
    answers = digest.answers(name)
    assert answers is not None
    return {criterion: answer["value"] if isinstance(answer, dict) else None for criterion, answer in answers.items()}


@cache
def _default_answers() -> dict[str, Any]:
    answers = ask(*({"task": "gains", **_entry(name)} for name in ENTRIES))
    return dict(zip(ENTRIES, answers, strict=True))


@needs_node
@pytest.mark.parametrize("name", ENTRIES)
def test_the_five_gains_of_every_entry_agree_with_the_library(name: str) -> None:
    assert disagreements(_default_answers()[name], _settled(name)) == []


@needs_node
def test_a_spoiled_entry_is_noticed() -> None:
    spoiled = [{"task": "gains", **_entry(name), "of": ["*", 1.0001, _entry(name)["of"]]} for name in ("tanh", "relu")]
    for name, answers in zip(("tanh", "relu"), ask(*spoiled), strict=True):
        assert len(disagreements(answers, _settled(name))) >= 3
    assert disagreements(_default_answers()["relu"], _settled("relu") | {"activation": None, "linearized": 1.0})


@needs_node
def test_the_length_maps_of_all_entries_agree_with_the_library() -> None:
    answers = ask(*({"task": "moments", **_entry(name), "q": MOMENTS_AT} for name in ENTRIES))
    for name, answer in zip(ENTRIES, answers, strict=True):
        phi = activations.load(name).at().numeric
        slope = pieces.derivative(phi)
        for q, (second, slopes) in zip(MOMENTS_AT, answer, strict=True):
            # Of the exponential at q = 60 the library's own estimate may be coarse.
            for value, integrand in ((second, phi**2), (slopes, slope**2)):
                expected = quadrature.mean(integrand, q)
                if expected.error <= AGREE * abs(expected.value):
                    assert value == pytest.approx(expected.value, rel=AGREE, abs=1e-300), (name, q)


@needs_node
def test_gains_at_other_parameters_agree_with_the_library() -> None:
    values = {name: _elsewhere(name) for name in WITH_PARAMETERS}
    numbers = {name: {key: float(value) for key, value in values[name].items()} for name in values}
    answers = ask(*({"task": "gains", **_entry(name, numbers[name])} for name in WITH_PARAMETERS))
    for name, answer in zip(WITH_PARAMETERS, answers, strict=True):
        phi = activations.load(name).at(**values[name]).numeric
        second, mean = quadrature.mean(phi**2).value, quadrature.mean(phi).value
        slope = quadrature.mean(pieces.derivative(phi) ** 2).value
        expected = {
            Criterion.FORWARD: second**-0.5,
            Criterion.CENTERED: (second - mean**2) ** -0.5,
            Criterion.BACKWARD: slope**-0.5 if slope else None,
        }
        assert disagreements(answer, expected) == [], name
        for gain in answer["activation"]["gains"]:
            assert quadrature.mean(phi**2, gain["value"] ** 2).value == pytest.approx(1, rel=AGREE), name
        for gain in answer["linearized"]["gains"]:
            tangent = abs(float(pieces.derivative(phi).subs(x, 0))) * math.hypot(1, float(phi.subs(x, 0)))
            assert gain["value"] * tangent == pytest.approx(1, rel=AGREE), name


@needs_node
def test_kinks_and_jumps_are_those_of_the_library() -> None:
    answers = ask(*({"task": "breaks", **_entry(name)} for name in ENTRIES))
    for name, found in zip(ENTRIES, answers, strict=True):
        points = pieces.breakpoints(activations.load(name).at().numeric)
        assert [point["at"] for point in found] == pytest.approx([float(point.at) for point in points]), name
        kinds = [(point["isJump"], point["isKink"]) for point in found]
        assert kinds == [(point.is_jump, point.is_kink) for point in points], name


@needs_node
def test_typed_expressions_have_the_gains_that_the_library_finds() -> None:
    for text, answers in zip(TYPED, ask(*({"task": "gains", "text": text} for text in TYPED)), strict=True):
        rows = [criterion for criterion in Criterion if criterion is not Criterion.ACTIVATION]
        assert disagreements(answers, {str(criterion): _gain(text, criterion) for criterion in rows}) == [], text
        square = expressions.parse(text) ** 2
        for gain in answers["activation"]["gains"]:
            assert quadrature.mean(square, gain["value"] ** 2).value == pytest.approx(1, rel=AGREE), text


def _gain(text: str, criterion: Criterion) -> float | None:
    try:
        return float(gd.gain(text, criterion))
    except (gd.NoSuchGain, gd.MomentDiverges, gd.Undecided):
        return None


@needs_node
def test_several_gains_every_gain_and_none() -> None:
    twice, every, growing, constant = ask(
        *({"task": "gains", "text": text} for text in ("4*x*exp(-x^2)", "sign(x)", "exp(x^2)", "3"))
    )
    with pytest.raises(gd.SeveralGains) as several:
        gd.gain("4*x*exp(-x^2)", "activation")
    roots = [float(root) for root in several.value.roots]
    assert [gain["value"] for gain in twice["activation"]["gains"]] == pytest.approx(roots, rel=AGREE)
    assert every["activation"]["every"]
    assert "infinite" in growing["forward"]["remark"]
    assert growing["forward"]["gains"] == []
    assert "constant" in constant["centered"]["remark"]


@needs_node
def test_the_remark_on_jumps_stands_beside_a_backward_gain_alone() -> None:
    answers = _default_answers()
    assert "jumps at x = -0.5, 0.5" in answers["hardshrink"]["backward"]["remark"]
    assert answers["relu"]["backward"]["remark"] == ""
    assert "almost everywhere" in answers["heaviside"]["backward"]["remark"]


@needs_node
@pytest.mark.parametrize(("name", "sigma_w", "sigma_b"), [("tanh", 5 / 3, 0), ("erf", 2, 0.3), ("gelu", 1.2, 0.5)])
def test_fixed_points_agree_with_the_library(name: str, sigma_w: float, sigma_b: float) -> None:
    phi = activations.load(name).at().numeric
    scales = {"sigmaW": sigma_w, "sigmaB": sigma_b}
    fixed, layers = ask(
        {"task": "fixed", **_entry(name), **scales}, {"task": "layers", **_entry(name), **scales, "q": 3, "depth": 12}
    )
    expected = quadrature.fixed_point(phi, sigma_w, sigma_b).value
    point = fixed["points"][-1]
    assert point["q"] == pytest.approx(expected, rel=AGREE)
    assert point["isStable"]
    slope = quadrature.mean(pieces.derivative(phi) ** 2, expected).value
    assert point["chi"]["value"] == pytest.approx(sigma_w**2 * slope, rel=AGREE)
    assert [p["q"] for p in fixed["points"][:-1]] == ([0] if sigma_b == 0 else [])
    iterates = quadrature.iterate_length_map(phi, sigma_w, sigma_b, 3.0, 11)
    assert [row["q"] for row in layers] == pytest.approx(iterates, rel=AGREE)


@needs_node
def test_at_the_gain_of_relu_every_second_moment_is_kept() -> None:
    kept, grown = ask(*({"task": "fixed", **_entry("relu"), "sigmaW": g, "sigmaB": 0} for g in (2**0.5, 2)))
    assert kept["every"]
    assert [point["q"] for point in grown["points"]] == [0]
    assert not grown["points"][0]["isStable"]


@needs_node
def test_histograms_are_distributions() -> None:
    identity, relu = ask(
        *(
            {"task": "histogram", **_entry(name), "q": 4, "low": -2, "high": 6, "bins": 8}
            for name in ("identity", "relu")
        )
    )
    ends = [mpmath.ncdf(mpmath.mpf(edge) / 2) for edge in range(-2, 7)]
    assert list(identity["shares"].values()) == pytest.approx([float(b - a) for a, b in pairwise(ends)], abs=1e-5)
    assert relu["atoms"] == [[0, pytest.approx(0.5)]]
    assert sum(relu["shares"].values()) + relu["outside"] + 0.5 == pytest.approx(1, abs=1e-8)


@needs_node
def test_special_functions_agree_with_mpmath() -> None:
    places = [-20, -6.4, -3.1, -2.9, -1.6, -0.6, -0.2, 1e-8, 0.3, 0.5, 0.6, 1.4, 1.9, 3.2, 6.2, 7, 15]
    references = {
        "erf": mpmath.erf,
        "erfc": mpmath.erfc,
        "erfi": mpmath.erfi,
        "Ei": mpmath.ei,
        "Si": mpmath.si,
        "Shi": mpmath.shi,
        "fresnels": mpmath.fresnels,
        "fresnelc": mpmath.fresnelc,
    }
    tasks = [{"task": "special", "name": name, "at": places} for name in references]
    right = [place for place in places if place > -math.exp(-1)]
    *found, lambert = ask(*tasks, {"task": "special", "name": "LambertW", "at": right})
    for reference, values in zip(references.values(), found, strict=True):
        assert values == pytest.approx([float(reference(place)) for place in places], rel=1e-13)
    assert lambert == pytest.approx([float(mpmath.lambertw(place).real) for place in right], rel=1e-13)


@needs_node
def test_every_function_of_the_language_is_known_to_the_scripts() -> None:
    known = {*ask({"task": "functions"})[0], "sqrt"}
    assert set(explorer.language()["functions"].values()) <= known


@needs_node
def test_bad_expressions_are_refused_with_their_place_as_the_library_refuses_them() -> None:
    answers = ask(*({"task": "parse", "text": text} for text, _, _ in REFUSED))
    for (text, marked, said), answer in zip(REFUSED, answers, strict=True):
        assert answer["refused"] == "BadExpression", text
        assert said in answer["message"], (text, answer["message"])
        if marked is not None:
            assert text[answer["start"] : answer["end"]] == marked, text
        with pytest.raises(BadExpression):
            expressions.parse(text)


@needs_node
def test_nothing_typed_is_executed() -> None:
    for text, answer in zip(HOSTILE, ask(*({"task": "parse", "text": text} for text in HOSTILE)), strict=True):
        assert answer["refused"] == "BadExpression", text
    sources = {name: content.decode() for name, content in _files().items() if name.endswith(".js")}
    for name, source in sources.items():
        assert not re.search(
            r"\beval\b|\bnew Function\b|\bimport\b|\bfetch\b|XMLHttpRequest|https?:(?!//www\.w3\.org)", source
        ), name
    # HTML is set in one place, from formulas that were rendered when the page was built.
    assert [(name, source.count("innerHTML")) for name, source in sources.items() if "innerHTML" in source] == [
        ("explorer.js", 1)
    ]


def test_equal_input_gives_equal_bytes() -> None:
    assert explorer.files(_plain) == _files()
    assert set(_files()) == {*explorer.SCRIPTS, *explorer.STYLES}


def test_an_expression_outside_the_language_is_refused() -> None:
    from sympy import gamma

    with pytest.raises(BadExpression, match="gamma"):
        explorer.tree(gamma(x), {})


# ----------------------------------------------------------------------------------------------------- in a browser

_PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>Explorer</title>{styles}<style>body {{ margin: 0; padding: 1rem; }}
body[data-theme="dark"] {{ background: #131416; color: #cfd0d0; }}</style></head>
<body data-theme="light"><h1>Explorer</h1>{body}{scripts}</body></html>
"""
_HELPERS = """
const $ = (id) => document.getElementById(`explorer-${id}`);
const all = (css) => [...document.querySelectorAll(css)];
const frame = () => new Promise((done) => requestAnimationFrame(done));
const calm = async () => { await frame(); await frame(); await new Promise((done) => setTimeout(done)); };
const answer = (row) => ({
  gains: [...row.querySelectorAll("data")].map((data) => ({ value: Number(data.value), text: data.textContent })),
  remark: row.querySelector("small")?.textContent ?? "",
});
const shown = () => ({
  wide: document.documentElement.scrollWidth - innerWidth,
  said: $("message").textContent,
  pictures: all(".explorer svg").map((svg) => svg.querySelectorAll("path").length),
  gains: Object.fromEntries(all("[data-criterion]").map((row) => [row.dataset.criterion, answer(row)])),
});
"""
_PICK_ALL = """
const found = {};
for (const { value } of [...$("activation").options].filter((option) => option.value)) {
  $("activation").value = value;
  $("activation").dispatchEvent(new Event("change"));
  await calm();
  found[value] = shown();
}
return found;
"""
_UNNAMED = """
const fields = all(".explorer :is(input, select)").filter((field) => !field.labels?.length && !field.ariaLabel);
const isEmpty = (id) => document.getElementById(id).textContent === "";
const isSilent = (svg) => svg.getAttribute("aria-labelledby").split(" ").some(isEmpty);
return [...fields, ...all(".explorer svg").filter(isSilent)].map((element) => element.id);
"""


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("explorer")
    for name, content in _files().items():
        (folder / name).write_bytes(content)
    styles = "".join(f'<link rel="stylesheet" href="{name}">' for name in explorer.STYLES)
    scripts = "".join(f'<script src="{name}"></script>' for name in explorer.SCRIPTS)
    path = folder / "explorer.html"
    path.write_text(_PAGE.format(styles=styles, body=explorer.body(), scripts=scripts), encoding="utf-8")
    return path


def _open(driver: Any, page: Path, address: str = "", width: int = 1280) -> None:
    size = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": False}
    driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
    driver.get("about:blank")
    driver.get(page.as_uri() + address)
    _settle(driver)


def _settle(driver: Any) -> None:
    _run(driver, "await calm();")


def _run(driver: Any, script: str) -> Any:
    """Return what a script returns that may wait; the helpers are at hand."""
    return driver.execute_async_script(
        f"const done = arguments[0]; const run = async () => {{ {_HELPERS} {script} }};"
        "run().then(done, (error) => done(String(error)));"
    )


def _find(driver: Any, css: str) -> Any:
    return driver.find_element("css selector", css)


def test_every_entry_shows_the_librarys_gains_and_fits_a_phone(chromium: Any, page: Path) -> None:
    _open(chromium, page, width=390)
    shown = _run(chromium, _PICK_ALL)
    assert set(shown) == set(ENTRIES)
    for name, entry in shown.items():
        assert disagreements(entry["gains"], _settled(name)) == [], name
        assert entry["wide"] <= 0, name
        assert entry["said"] == "", name
        assert all(count >= 2 for count in entry["pictures"]), (name, entry["pictures"])
        for gain in (gain for answer in entry["gains"].values() for gain in answer["gains"]):
            assert float(gain["text"]) == pytest.approx(gain["value"], rel=1e-9), name
    assert chromium.get_log("browser") == []


def test_it_is_worked_by_the_keyboard_and_shared_by_its_address(chromium: Any, page: Path) -> None:
    from selenium.webdriver.common.keys import Keys

    _open(chromium, page, "#phi=leaky_relu&negative_slope=0.5&sigma_w=1.2&q=1&depth=7")
    _find(chromium, "body").send_keys(Keys.TAB)
    assert chromium.switch_to.active_element.get_attribute("id") == "explorer-activation"
    assert _find(chromium, "#explorer-activation").get_attribute("value") == "leaky_relu"
    _find(chromium, "#explorer-table summary").send_keys(Keys.ENTER)
    _settle(chromium)
    assert len(chromium.find_elements("css selector", "#explorer-rows tr")) == 7
    assert float(_find(chromium, "[data-criterion=forward] data").get_attribute("value")) == pytest.approx(
        float(gd.gain("leaky_relu", negative_slope=0.5)), rel=AGREE
    )
    _find(chromium, "#explorer-sigma_w").send_keys(Keys.ARROW_RIGHT)
    _settle(chromium)
    assert float(_find(chromium, "#explorer-sigma_w + input").get_attribute("value")) == pytest.approx(1.21)
    _find(chromium, "[data-criterion=forward] button").send_keys(Keys.ENTER)
    _settle(chromium)
    _run(chromium, "await new Promise((done) => setTimeout(done, 400));")
    address = chromium.execute_script("return location.hash")
    _open(chromium, page, address)
    words = _find(chromium, "#explorer-map-text").text
    assert words.startswith("Every q is a fixed point")
    assert _run(chromium, _UNNAMED) == []
    assert chromium.get_log("browser") == []


def test_typed_text_gets_its_gains_or_a_message_in_place(chromium: Any, page: Path) -> None:
    from selenium.webdriver.common.keys import Keys

    _open(chromium, page)
    field = _find(chromium, "#explorer-expression")
    field.send_keys("tanh(x) + x/5")
    _settle(chromium)
    shown = float(_find(chromium, "[data-criterion=backward] data").get_attribute("value"))
    assert shown == pytest.approx(float(gd.gain("tanh(x) + x/5", "backward")), rel=AGREE)
    for text, said in (
        ("tahn(x)", "tan or tanh"),
        ("<img src=x onerror=alert(1)>", "cannot stand here"),
        ("abs(sin(x))", "infinitely"),
    ):
        field.clear()
        field.send_keys(text)
        _settle(chromium)
        message = _find(chromium, "#explorer-message")
        assert said in message.text
        assert message.get_attribute("aria-live") == "polite"
        assert "is-stale" in _find(chromium, "#explorer-results").get_attribute("class")
        assert chromium.find_elements("css selector", ".explorer img") == []
    field.clear()
    field.send_keys("relu")
    _settle(chromium)
    assert _find(chromium, "#explorer-activation").get_attribute("value") == "relu"
    _open(chromium, page, "#phi=hardtanh&min_val=2")
    assert "min_val < max_val" in _find(chromium, "#explorer-message").text
    number = _find(chromium, "#explorer-sigma_w + input")
    number.send_keys(Keys.CONTROL, "a", Keys.DELETE)
    _settle(chromium)
    assert "σ_w" in _find(chromium, "#explorer-message").text
    assert chromium.get_log("browser") == []


def test_it_follows_the_pages_scheme(chromium: Any, page: Path) -> None:
    _open(chromium, page)
    stroke = "return getComputedStyle(document.querySelector('#explorer-picture-phi .explorer-line.is-phi')).stroke"
    light = chromium.execute_script(stroke)
    chromium.execute_script("document.body.dataset.theme = 'dark'")
    assert chromium.execute_script(stroke) != light
