"""Figures: equal bytes, numbers that are the library's, nothing cut off or overlapping, errors that advise."""

import math
import os
import re
import subprocess
import sys
import warnings
from contextlib import contextmanager
from xml.etree import ElementTree

import matplotlib as mpl
import numpy as np
import pytest
from matplotlib.figure import Figure as Canvas
from sympy import Rational

import gainderive as gd
from gainderive import activations, errors, facade, files, meanfield
from gainderive.cli import main
from gainderive.criteria import Criterion
from gainderive.render.figures import _network, _saturation, _values, density, figure, names, options
from gainderive.render.plot import DARK, LIGHT

NAMES = names()
CASES = [
    *((name, "tanh", {}) for name in NAMES),
    ("activation", "hardshrink", {"q": 4}),
    ("activation", "leaky_relu", {"q": "1/100", "negative_slope": "1/5"}),
    ("cobweb", "relu", {}),
    ("cobweb", "exp(x)", {}),
    ("cobweb", "silu", {"sigma_b": "1/5", "gain": "backward"}),
    ("depth", "gelu", {"layers": 24, "width": 64}),
    ("depth", "tanh", {"layers": 1, "width": 64, "gains": ("5/3",)}),
    ("gains", "sigmoid", {}),
    ("gains", "star_relu", {}),
    ("gradients", "relu", {"layers": 40, "width": 64}),
    ("density", "relu", {}),
    ("density", "sin", {"q": "9"}),
    ("slope", "sin(x)", {}),
    ("slope", "heaviside", {}),
    ("slope", "softsign", {"q": 9}),
]
IDS = ["-".join([name, what, *settings]) for name, what, settings in CASES]


@contextmanager
def drawn(shown):
    """Draw a figure, and give its canvas while the settings hold with which it was drawn."""
    with mpl.style.context(["default", LIGHT.settings()]):
        canvas = Canvas(figsize=shown.size, layout="constrained")
        shown.draw(canvas, LIGHT)
        canvas.draw_without_rendering()
        yield canvas


def texts(shown):
    """Return the canvas of a figure and the text of its legend, without the dollar signs."""
    with drawn(shown) as canvas:
        return canvas, [text.get_text().replace("$", "") for legend in canvas.legends for text in legend.get_texts()]


# -- bytes -----------------------------------------------------------------------------------

HASHES = """
import hashlib
from gainderive.render.figures import figure, names, options
for name in names():
    shown = figure(name, "gelu", **{option: 400 for option in options(name) if option == "width"})
    others = (shown.svg("dark").encode(), shown.png(96), shown.pdf()) if name == "cobweb" else ()
    for drawn in (shown.svg().encode(), *others):
        print(name, hashlib.sha256(drawn).hexdigest())
"""


def test_two_processes_draw_equal_bytes_whatever_the_threads_the_hash_seed_and_the_users_settings(tmp_path):
    (tmp_path / "matplotlibrc").write_text("font.size: 30\nsvg.fonttype: none\nlines.linewidth: 9\n")
    surroundings = (
        {"PYTHONHASHSEED": "1", "OPENBLAS_NUM_THREADS": "1"},
        {"PYTHONHASHSEED": "2", "OPENBLAS_NUM_THREADS": "2", "MPLCONFIGDIR": str(tmp_path), "TZ": "Asia/Tokyo"},
    )
    run = [sys.executable, "-c", HASHES]
    both = [subprocess.Popen(run, env=os.environ | given, stdout=subprocess.PIPE, text=True) for given in surroundings]
    found = [process.communicate()[0] for process in both]
    assert found[0] == found[1]
    assert len(found[0].splitlines()) == len(NAMES) + 3


@pytest.mark.parametrize("name", NAMES)
def test_an_svg_is_whole_without_dates_and_says_what_it_shows(name):
    shown = figure(name, "tanh")
    drawn = shown.svg()
    assert ElementTree.fromstring(drawn).attrib["aria-label"] == shown.alt
    assert not re.search(r"\b20\d\d-\d\d|font-family|<text", drawn)
    assert not re.findall(r'(?:href|src)="(?!#)', drawn)
    assert not re.findall(r' (?:d|x|y)="[^"]*\.\d{3}', drawn)
    # Every colour is a variable, so that none is invisible on a dark page.
    assert not re.findall(r"#[0-9a-f]{6}\b", re.sub(r"<style>.*?</style>|var\([^)]*\)", "", drawn))
    assert "prefers-color-scheme: dark" in drawn


def test_a_themed_svg_has_the_inks_of_its_theme_alone():
    light, dark = (figure("gains", "tanh").svg(theme) for theme in ("light", "dark"))
    for drawn, ink in ((light, LIGHT), (dark, DARK)):
        assert set(re.findall(r"#[0-9a-f]{6}\b", drawn)) <= set(ink.variables().values())
        assert ink.ground in drawn
        assert "var(" not in drawn


def test_no_two_inks_are_alike():
    for ink in (LIGHT, DARK):
        assert len(set(ink.variables().values())) == len(ink.variables())


@pytest.mark.parametrize("ink", [LIGHT, DARK], ids=["light", "dark"])
def test_lines_and_letters_stand_out_from_the_ground(ink):
    def luminance(colour):
        parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
        linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
        return float(np.dot(linear, [0.2126, 0.7152, 0.0722]))

    for colour in (*ink.series, ink.soft):
        high, low = sorted((luminance(colour), luminance(ink.ground)), reverse=True)
        assert (high + 0.05) / (low + 0.05) > 4.5  # what WCAG asks of text


def test_a_figure_is_drawn_when_it_is_asked_for():
    program = "import sys, gainderive as gd; gd.figure('cobweb', 'tanh'); print('matplotlib' in sys.modules)"
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "False"


def test_without_matplotlib_the_extra_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    with pytest.raises(errors.MissingExtra, match=r"gainderive\[plot\]"):
        figure("slope", "tanh").svg()


# -- looks -----------------------------------------------------------------------------------


@pytest.mark.parametrize(("name", "what", "settings"), CASES, ids=IDS)
def test_nothing_is_cut_off_and_the_legend_overlaps_nothing(name, what, settings):
    with drawn(figure(name, what, **settings)) as canvas:
        whole = canvas.bbox
        boxes = [axes.get_tightbbox() for axes in canvas.axes]
        legends = [legend.get_window_extent() for legend in canvas.legends]
    for box in (*boxes, *legends):
        assert whole.x0 <= box.x0 < box.x1 <= whole.x1
        assert whole.y0 <= box.y0 < box.y1 <= whole.y1
    assert not any(legend.overlaps(box) for legend in legends for box in boxes)
    if len(boxes) == 1:
        assert boxes[0].height > whole.height / 2


def test_what_is_compared_is_told_apart_without_colours():
    canvas, _ = texts(figure("gains", "gelu"))
    strokes = [line.get_linestyle() for line in canvas.axes[0].lines if len(line.get_xdata()) > 10]
    assert len({str(line._dash_pattern) for line in canvas.axes[0].lines if len(line.get_xdata()) > 10}) == len(strokes)


# -- numbers ---------------------------------------------------------------------------------


@pytest.mark.parametrize("gain", [Rational(5, 3), 3])
def test_the_cobwebs_numbers_are_inside_the_certified_intervals(gain):
    certified = {str(item.args[0]): item.args[1] for item in meanfield.derive_fixed_point("tanh", gain).claim}
    shown = figure("cobweb", "tanh", gain=gain)
    told = re.search(r"; q = (\S+), slope (\S+), attracts, chi_1 = (\S+)\.$", shown.alt)
    for text, name in zip(told.groups(), ("q", "lambda_q", "chi_1"), strict=True):
        assert text == _values.number(float(certified[name].inf))
    assert f"q^* = {told[1]}, slope {_values.number(float(certified['lambda_q'].inf), 3)}" in texts(shown)[1]


def test_the_forward_gain_is_where_the_cobweb_ends_at_1():
    shown = figure("cobweb", "tanh")
    assert f"σ_w = {gd.gain('tanh').value:.5g} (forward)" in shown.alt
    assert "q = 1, slope" in shown.alt


def test_a_map_that_is_the_diagonal_is_said_to_be():
    assert figure("cobweb", "relu").alt.endswith("Every q is a fixed point.")
    assert "neither attracts nor repels" not in figure("cobweb", "relu", gain="3/2").alt


def test_fixed_points_that_repel_are_found_too():
    assert re.search(r"q = \S+, slope \S+, attracts.*; q = 1, slope 2, repels", figure("cobweb", "exp(x)").alt)


@pytest.mark.parametrize("what", ["tanh", "gelu", "relu", "sigmoid"])
def test_the_marked_gains_are_the_five_gains(what):
    labels = texts(figure("gains", what))[1]
    for criterion, answer in facade.gains(what).items():
        written = f"{answer.value:.5g}" if isinstance(answer, facade.Gain) else "(none)"
        assert f"{criterion} {written}" in labels


def test_each_criterions_curve_is_its_left_side():
    canvas, _ = texts(figure("gains", "relu"))
    curves = [line.get_xydata() for line in canvas.axes[0].lines if len(line.get_xdata()) > 10]
    variance = (1 - 1 / math.pi) / 2
    for curve, factor in zip(curves, (0.5, variance, 0.5, 0.5), strict=True):
        assert curve[:, 1] == pytest.approx(factor * curve[:, 0] ** 2, rel=1e-12)


def test_the_root_of_the_second_moment_is_the_enclosed_one():
    moment = gd.moments("gelu")["second moment"]
    assert f"{math.sqrt(float(moment.enclosure)):.4g}" in figure("activation", "gelu").alt
    assert "E φ(u)² is 2.828" in figure("activation", "relu", q=16).alt


@pytest.mark.parametrize("q", [1, 4])
@pytest.mark.parametrize("share", [0.05, 0.01])
def test_the_saturated_share_of_tanh_is_known_in_closed_form(share, q):
    threshold = math.atanh(math.sqrt(1 - share))
    band = _saturation.saturated(activations.load("tanh"), share)
    assert band.ends == pytest.approx((-threshold, threshold), rel=1e-11)
    assert band.mass(math.sqrt(q)) == pytest.approx(math.erfc(threshold / math.sqrt(2 * q)), rel=1e-9)
    shown = figure("slope", "tanh", q=q)
    assert f"|u| > {threshold:.4g}, which is {_values.percent(band.mass(math.sqrt(q)))}" in shown.alt
    assert f"below {100 * share:g} %: {_values.percent(band.mass(math.sqrt(q)))} of u" in texts(shown)[1]


@pytest.mark.parametrize(
    ("what", "says"), [("relu", "u < 0"), ("heaviside", "nowhere"), ("sin", "1.521 < u < 1.621"), ("0*x", "nowhere")]
)
def test_a_set_of_small_slopes_is_written_briefly(what, says):
    band = _saturation.saturated(facade.resolve_elementwise(what).at(), 0.05)
    assert says in str(band)
    assert len(str(band)) < 120


@pytest.fixture(scope="module")
def tanhs():
    """The default networks of tanh."""
    return _network.network(activations.load("tanh"), None, 10, _network.WIDTH, _network.SEED)


def test_the_default_gains_are_1_the_forward_gain_5_3_and_3(tanhs):
    assert [str(gain) for gain in tanhs.gains] == ["1", "1.5925 (forward)", "5/3", "3"]
    assert [str(gain) for gain in _values.scales(None, activations.load("identity").at())] == [
        "1 (forward)",
        "5/3",
        "3",
    ]


def test_the_sampled_histograms_are_those_of_mean_field_theory_at_their_gain_and_at_no_other(tanhs):
    rows = _network.activations(tanhs)
    for i, row in enumerate(rows):
        for layer, held in enumerate(row):
            assert held.shares.sum() == pytest.approx(1)
            assert held.predicted_shares.sum() == pytest.approx(1)
            distance = np.abs(held.shares - held.predicted_shares).sum()
            assert distance < 0.05
            if layer == 9:
                others = [
                    np.abs(held.shares - other[layer].predicted_shares).sum() for other in rows if other is not row
                ]
                assert min(others) > distance, tanhs.gains[i]


def test_the_panels_show_the_sampled_share_of_saturated_units(tanhs):
    canvas, _ = texts(figure("depth", "tanh"))
    rows = _network.activations(tanhs)
    shown = [axes.get_title() for axes in canvas.axes]
    assert shown == [_values.percent(layer.saturated, 2) for row in rows for layer in row]
    assert rows[3][9].saturated == pytest.approx(rows[3][9].predicted_saturated, rel=0.03)


def test_the_second_moments_are_the_iterated_length_map(tanhs):
    forward = gd.gain("tanh").value
    moments = _network.second_moments(tanhs, forward)
    assert moments[0] == forward**2
    assert moments[-1] == pytest.approx(1, abs=3e-3)


def test_the_gradients_are_those_of_automatic_differentiation():
    torch = pytest.importorskip("torch")
    of = _network.network(activations.load("gelu"), ("2",), 3, 12, 5)
    hidden = torch.tensor(_network._generator(of, 0).standard_normal((12, _network.SAMPLES)))
    preactivations = []
    for layer in (1, 2, 3):
        preactivations.append((2 * torch.tensor(_network._weights(of, layer)) @ hidden).requires_grad_())
        hidden = torch.nn.functional.gelu(preactivations[-1])
    upper = torch.tensor(_network._generator(of, 4).standard_normal((12, _network.SAMPLES)))
    found = torch.autograd.grad((hidden * upper).sum(), preactivations)
    sizes = np.array([float(gradient.pow(2).mean().sqrt()) for gradient in found])
    assert _network.gradients(of)[0] == pytest.approx(sizes / sizes[-1], rel=1e-12)


def test_the_gradients_follow_the_product_of_chi(tanhs):
    sampled = _network.gradients(tanhs)
    for gain, row in zip(tanhs.gains, sampled, strict=True):
        chi = _network.factors(tanhs, gain.value)
        assert row[0] ** 2 == pytest.approx(math.prod(chi[:-1]), rel=0.1)
        assert row[0] ** 2 != pytest.approx(math.prod(c * 1.05 for c in chi[:-1]), rel=0.1)
    certified = {str(i.args[0]): i.args[1] for i in meanfield.derive_fixed_point("tanh", 3).claim}
    assert f"g = 3: \\chi = {float(certified['chi_1'].inf):.3g}" in texts(figure("gradients", "tanh"))[1]


def test_another_seed_is_another_network():
    captions = {figure("depth", "tanh", gains=3, layers=2, width=50, seed=seed).caption for seed in (0, 0, 1)}
    assert len(captions) == 2


# -- what is set, and what cannot be ---------------------------------------------------------


def test_numbers_are_read_exactly_and_written_shortly():
    assert _values.scale("5/3", activations.load("tanh")).written == "5/3"
    assert _values.scale(0.2, activations.load("tanh")).written == "0.2"
    assert _values.scale(5 / 3, activations.load("tanh")).written == "1.6667"
    backward = _values.scale(Criterion.BACKWARD, activations.load("tanh"))
    assert (backward.value, backward.criterion) == (gd.gain("tanh", "backward").value, "backward")


@pytest.mark.parametrize(
    ("name", "what", "settings", "error", "says"),
    [
        ("cobwbe", "tanh", {}, errors.UnknownFigure, "Did you mean 'cobweb'"),
        ("_network", "tanh", {}, errors.UnknownFigure, "What can be drawn: activation, cobweb"),
        ("cobweb", "tahn", {}, errors.UnknownActivation, "'tanh'"),
        ("cobweb", "glu", {}, errors.BadExpression, "is a unit"),
        (
            "cobweb",
            "tanh",
            {"layers": 3},
            errors.BadParameter,
            "has no layers; what can be set is gain, sigma_b, start",
        ),
        ("cobweb", "tanh", {"colour": 3}, errors.BadParameter, "no parameter 'colour'"),
        ("cobweb", "tanh", {"gain": 0}, errors.BadParameter, "gain must be positive"),
        ("cobweb", "tanh", {"gain": "foward"}, errors.BadParameter, "gain must be a number"),
        ("cobweb", "tanh", {"gain": "activation"}, errors.NoSuchGain, "stays below 1"),
        ("cobweb", "tanh", {"sigma_b": -1}, errors.BadParameter, "must not be negative"),
        ("cobweb", "exp(x**2)", {}, errors.MomentDiverges, "infinite"),
        ("depth", "tanh", {"layers": 2.5}, errors.BadParameter, "between 1 and"),
        ("depth", "tanh", {"width": 10**6}, errors.BadParameter, "width must be an integer between"),
        ("depth", "tanh", {"gains": ()}, errors.BadParameter, "at least one gain"),
        ("depth", "exp(x)", {"gains": 3, "width": 20}, errors.BadParameter, "ask for fewer layers or another gain"),
        ("gradients", "sign", {"width": 20}, errors.BadParameter, "slope is 0 almost everywhere"),
        ("slope", "tanh", {"q": 0}, errors.BadParameter, "q must be positive"),
        ("slope", "tanh", {"q": math.nan}, errors.BadParameter, "finite"),
    ],
)
def test_bad_input_is_refused_with_advice(name, what, settings, error, says):
    with pytest.raises(error, match=re.escape(says)), warnings.catch_warnings(action="error"):
        figure(name, what, **settings)


@pytest.mark.parametrize("theme", ["night", "", None])
def test_an_unknown_theme_is_refused(theme):
    shown = figure("slope", "tanh")
    for draw in (shown.svg, lambda theme: shown.png(theme=theme), shown.pdf):
        with pytest.raises(errors.BadParameter, match="'auto', 'light' or 'dark'"):
            draw(theme)


def test_every_file_of_a_figure_is_a_figure():
    assert tuple(files.figures()) == NAMES
    assert all(isinstance(options(name), tuple) for name in NAMES)
    assert gd.figure is figure


def test_a_notebook_shows_the_picture_with_its_caption():
    shown = gd.figure("cobweb", "tanh", gain=Rational(5, 3))
    assert shown._repr_svg_() == shown.svg()
    html = shown._repr_html_()
    assert "<img" in html
    assert "data:image/svg+xml;base64," in html
    assert "<figcaption>The length map of tanh at $\\sigma_w = 5/3$" in html


# -- the command line ------------------------------------------------------------------------


@pytest.fixture
def run(capsys, tmp_path, monkeypatch):
    """Run the command line in an empty folder; return exit code, stdout, stderr, and the files there."""
    monkeypatch.chdir(tmp_path)

    def running(*args):
        with pytest.raises(SystemExit) as left:
            main(["figure", *args])
        captured = capsys.readouterr()
        return left.value.code, captured.out, captured.err, {path.name for path in tmp_path.iterdir()}

    return running


@pytest.mark.parametrize(
    ("suffix", "begins"), [("svg", b"<?xml"), ("png", b"\x89PNG"), ("pdf", b"%PDF"), ("SVG", b"<?")]
)
def test_the_suffix_says_what_is_written(run, tmp_path, suffix, begins):
    name = f"tanh.{suffix}"
    code, out, _, found = run("cobweb", "tanh", "--gain", "5/3", "-o", name, "--theme", "dark")
    assert (code, found) == (0, {name})
    assert (tmp_path / name).read_bytes().startswith(begins)
    assert out.strip() == figure("cobweb", "tanh", gain=Rational(5, 3)).alt


def test_several_gains_and_an_activations_parameters_are_set(run):
    settings = ("--set", "negative_slope=0.2", "--gain", "1", "--gain", "forward", "--layers", "3", "--width", "50")
    code, out, *_ = run("depth", "leaky_relu", *settings, "-o", "deep.svg")
    assert code == 0
    assert "at g = 1 " in out
    assert f"at g = {gd.gain('leaky_relu', negative_slope=0.2).value:.5g} (forward)" in out


@pytest.mark.parametrize(
    ("args", "says"),
    [
        (("cobwbe", "tanh", "-o", "a.svg"), "Did you mean 'cobweb'"),
        (("cobweb", "tanh", "-o", "a.jpg"), "ends in .svg, .png or .pdf, not to 'a.jpg'"),
        (("cobweb", "tanh", "-o", "a"), "ends in .svg, .png or .pdf"),
        (("cobweb", "tanh", "-o", "nowhere/a.svg"), "no folder 'nowhere'"),
        (("cobweb", "tanh", "--gain", "1", "--gain", "2", "-o", "a.svg"), "one --gain at most"),
        (("cobweb", "tanh", "--gain", "x", "-o", "a.svg"), "gain must be a number"),
        (("slope", "tanh", "--gain", "3", "-o", "a.svg"), "has no gain; what can be set is q"),
        (("gains", "tanh", "--q", "3", "-o", "a.svg"), "has no q; nothing can be set of it"),
        (("cobweb", "tanh"), "Missing option"),
    ],
)
def test_bad_input_exits_with_2_and_writes_nothing(run, args, says):
    code, out, err, found = run(*args)
    assert (code, out, found) == (2, "", set())
    assert says in err


def test_an_old_figure_stays_when_a_new_one_is_refused(run, tmp_path):
    (tmp_path / "a.svg").write_text("old")
    assert run("cobweb", "tahn", "-o", "a.svg")[0] == 2
    assert (tmp_path / "a.svg").read_text() == "old"


def test_the_values_of_tanh_have_two_peaks_from_the_derived_second_moment_on():
    assert "q = 1, highest at -0.95 and 0.95; q = 4" in figure("density", "tanh").alt
    assert re.search(r"q = 0.45, highest at -\S+ to \S+\.$", figure("density", "tanh", q="0.45").alt)
    assert re.search(r"q = 0.7, highest at -\S+ and \S+\.$", figure("density", "tanh", q="0.7").alt)


def test_the_shares_of_all_values_add_up_to_one():
    for name, spread in (("tanh", 2.0), ("gelu", 1.0), ("hardshrink", 3.0)):
        edges = np.linspace(*density._range(activations.load(name).at(), 4 * spread), 100)
        assert float(
            np.sum(density._density(activations.load(name).at(), spread, edges) * np.diff(edges))
        ) == pytest.approx(1, 1e-4)
