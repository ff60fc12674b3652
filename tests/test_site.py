"""The site: what is done again, equal bytes, an old site that stays whole, references that lead somewhere."""

import json
import math
import os
import re
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from textwrap import dedent
from types import SimpleNamespace

import pytest

from gainderive import catalog, files
from gainderive.errors import BadFolder, BadPage, BadResult
from gainderive.render import api, katex, site
from gainderive.render.site import _folders, _keys, _links, _typeset
from gainderive.status import Status

SMALL = '''
"""A result that is quick to verify."""
from sympy import expand
from gainderive.catalog import Result
from gainderive.derivation import Derivation, Step, ending
from gainderive.derivation.reasons import Arithmetic
from gainderive.symbols import x

line = (x + 1) ** 2

def derive():
    becomes = {becomes}
    return Derivation(
        title="a square", given=line, claim=ending(line, becomes), steps=(Step(becomes, Arithmetic()),),
    )

RESULT = Result(title="{title}", derive=derive, commentary="Because $a^2$. {mentions}")
'''


def write_result(folder, number, *, title="A square", becomes="expand(line)", mentions=""):
    path = folder / f"gd{number:04}_square.py"
    path.write_text(SMALL.format(title=title, becomes=becomes, mentions=mentions), encoding="utf-8")
    catalog.published.cache_clear()
    return path


def without_sphinx(work, root, **_):
    """Stand in for Sphinx where its work is not in question: each page is its source."""
    html = work / "html"
    shutil.rmtree(html, ignore_errors=True)
    shutil.copytree(work / "source" / root, html)
    for path in list(html.rglob("*.md")):
        path.rename(path.with_suffix(".html"))
    return html


@pytest.fixture
def quick(monkeypatch):
    monkeypatch.setattr(_typeset, "typeset", without_sphinx)


@pytest.fixture
def folder(tmp_path, monkeypatch, write_documents):
    """A folder of three small results, the third of which mentions the first."""
    made = tmp_path / "derivations"
    made.mkdir()
    write_result(made, 1)
    write_result(made, 2, title="Another")
    write_result(made, 3, mentions="By GD-0001.")
    monkeypatch.setattr(files, "folder", lambda: made)
    monkeypatch.setattr(files, "activations", dict)
    monkeypatch.setattr(files, "units", dict)
    monkeypatch.setattr(files, "claims", dict)
    documents = write_documents(tmp_path, "See {gd}`GD-0001`.")
    monkeypatch.setattr(files, "documents", lambda: documents)
    monkeypatch.setattr(api, "pages", lambda commands: {})
    yield made
    catalog.published.cache_clear()


def snapshot(out):
    return {p.relative_to(out).as_posix(): p.read_bytes() for p in sorted(out.rglob("*")) if p.is_file()}


# -- the site --------------------------------------------------------------------------------


def test_a_second_build_derives_nothing_and_changes_nothing(folder, quick, tmp_path):
    first = site.build(tmp_path / "site")
    before = snapshot(tmp_path / "site")
    second = site.build(tmp_path / "site")
    assert first.derived == ("r/GD-0001", "r/GD-0002", "r/GD-0003")
    assert (second.derived, second.changed) == ((), ())
    assert snapshot(tmp_path / "site") == before


def test_the_same_input_gives_the_same_bytes(folder, tmp_path):
    site.build(tmp_path / "one")
    write_result(folder, 1, title="A new title")
    changed = set(site.build(tmp_path / "one").changed)
    # What is typeset again bit by bit is the same as what comes from nothing.
    site.build(tmp_path / "elsewhere" / "two")
    assert snapshot(tmp_path / "one") == snapshot(tmp_path / "elsewhere" / "two")
    assert str(tmp_path).encode() not in b"".join(snapshot(tmp_path / "one").values())
    pages = {name for name in changed if name.endswith(".html")}
    assert pages == {"index.html", "r/GD-0001.html", "r/GD-0003.html", "r/index.html"} & pages
    assert {"r/GD-0001.html", "r/index.html"} <= pages


def test_only_what_changed_and_what_mentions_it_is_derived_again(folder, quick, tmp_path):
    site.build(tmp_path / "site")
    write_result(folder, 1, title="A new title")
    assert site.build(tmp_path / "site").derived == ("r/GD-0001", "r/GD-0003")
    write_result(folder, 2, title="A new title too")
    assert site.build(tmp_path / "site").derived == ("r/GD-0002",)


@pytest.mark.parametrize(
    "spoiled", ["", "{", "[1, 2]", "7", "{}", '{"key": KEY, "page": {}}', '{"key": KEY, "page": 7}']
)
def test_a_page_that_the_cache_spoiled_is_computed_again(folder, quick, tmp_path, spoiled):
    site.build(tmp_path / "site")
    cached = tmp_path / ".site.cache" / "pages" / "r" / "GD-0002.json"
    cached.write_text(spoiled.replace("KEY", json.dumps(json.loads(cached.read_bytes())["key"])), encoding="utf-8")
    built = site.build(tmp_path / "site")
    assert (built.derived, built.changed) == (("r/GD-0002",), ())


def test_a_notebook_depends_on_the_results_that_it_can_read(folder, tmp_path, monkeypatch):
    told = {"asks": 'gd.verify("relu")', "mentions": "See {gd}`GD-0001`.", "mentions one that mentions": "GD-0003"}
    notebooks = {name: tmp_path / f"{name}.md" for name in (*told, "neither")}
    for name, path in notebooks.items():
        path.write_text(told.get(name, 'gd.gain("relu")'), encoding="utf-8")
    monkeypatch.setattr(files, "notebooks", lambda: notebooks)
    before = _keys.keys()
    write_result(folder, 1, title="A new title")
    after = _keys.keys()
    assert {name for name in notebooks if before[f"notebooks/{name}"] != after[f"notebooks/{name}"]} == set(told)


def test_a_result_that_is_gone_leaves_no_page(folder, tmp_path):
    site.build(tmp_path / "site")
    (folder / "gd0002_square.py").unlink()
    catalog.published.cache_clear()
    assert set(site.build(tmp_path / "site").changed) >= {"r/GD-0002.html", "r/GD-0002.bib", "r/index.html"}
    assert not (tmp_path / "site" / "r" / "GD-0002.html").exists()


def test_a_refused_step_stops_the_build_with_result_and_step_and_the_old_site_stays(folder, quick, tmp_path):
    site.build(tmp_path / "site")
    before = snapshot(tmp_path / "site")
    write_result(folder, 2, becomes="expand(line) + 1")
    with pytest.raises(BadResult, match=r"GD-0002: step 1 is refused \(false\)"):
        site.build(tmp_path / "site")
    assert snapshot(tmp_path / "site") == before


def test_evidence_against_a_result_stops_the_build(folder, quick, tmp_path, monkeypatch):
    honest = catalog.result("GD-0002")
    declared_worse = replace(honest, status=Status.SAMPLED)
    monkeypatch.setattr(catalog, "find", lambda key: declared_worse if key == "GD-0002" else honest)
    with pytest.raises(BadResult, match="GD-0002: the file declares sampled"):
        site.build(tmp_path / "site")


@pytest.mark.parametrize(
    ("room", "moment"),
    [(site, "computed"), (site, "_made"), (_links, "broken"), (_typeset, "typeset"), (_folders, "replace")],
)
def test_an_interrupted_build_leaves_the_old_site_whole(folder, quick, tmp_path, monkeypatch, room, moment):
    out = tmp_path / "site"
    site.build(out)
    before = snapshot(out)
    write_result(folder, 1, title="A new title")

    def interrupted(*_, **__):
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(room, moment, interrupted)
        with pytest.raises(KeyboardInterrupt):
            site.build(out)
    assert snapshot(out) == before
    site.build(out)
    assert "A new title" in (out / "r" / "GD-0001.html").read_text(encoding="utf-8")


def test_a_failure_between_the_two_renames_puts_the_old_site_back(folder, quick, tmp_path, monkeypatch):
    out = tmp_path / "site"
    site.build(out)
    before = snapshot(out)
    write_result(folder, 1, title="A new title")
    rename = type(out).rename

    def fails_for_the_new_site(path, target):
        if ".new." in path.name:
            raise OSError("no space left on device")
        return rename(path, target)

    with monkeypatch.context() as patched:
        patched.setattr(type(out), "rename", fails_for_the_new_site)
        with pytest.raises(OSError, match="no space"):
            site.build(out)
    assert snapshot(out) == before
    assert not list(tmp_path.glob(".site.new.*"))


def test_a_build_killed_between_the_two_renames_is_repaired_by_the_next(folder, quick, tmp_path):
    out = tmp_path / "site"
    site.build(out)
    before = snapshot(out)
    out.rename(tmp_path / ".site.old")
    assert site.build(out).changed == ()
    assert snapshot(out) == before


def test_a_folder_that_is_no_site_is_not_replaced(folder, quick, tmp_path):
    (tmp_path / "precious").mkdir()
    (tmp_path / "precious" / "thesis.tex").write_text("years of work")
    with pytest.raises(BadFolder, match="is no site"):
        site.build(tmp_path / "precious")
    with pytest.raises(BadFolder):
        site.build(tmp_path / "precious" / "thesis.tex")
    assert (tmp_path / "precious" / "thesis.tex").read_text() == "years of work"


def test_check_writes_nothing(folder, quick, tmp_path):
    assert site.build(tmp_path / "site", check=True).changed
    assert sorted(p.name for p in tmp_path.iterdir()) == ["derivations", "docs"]


def test_a_changed_page_in_the_site_is_noticed_and_repaired(folder, quick, tmp_path):
    site.build(tmp_path / "site")
    (tmp_path / "site" / "r" / "GD-0001.html").write_text("spoiled")
    assert site.build(tmp_path / "site", check=True).changed == ("r/GD-0001.html",)
    site.build(tmp_path / "site")
    assert "spoiled" not in (tmp_path / "site" / "r" / "GD-0001.html").read_text(encoding="utf-8")


def test_a_build_without_changes_loads_no_computer_algebra(folder, tmp_path):
    site.build(tmp_path / "site")
    program = dedent(f"""
        import sys
        from pathlib import Path
        from gainderive import files
        from gainderive.render import api, katex, site
        files.folder = lambda: Path({str(folder)!r})
        files.activations = files.units = files.claims = dict
        files.documents = lambda: Path({str(tmp_path / "docs")!r})
        assert site.build(Path({str(tmp_path / "site")!r})).derived == ()
        print(sorted({{"sympy", "numpy", "scipy", "flint", "torch", "sphinx"}} & set(sys.modules)))
    """)
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "[]"


@pytest.mark.parametrize(
    ("spoiled", "message"),
    [
        ("{gd}`GD-0009`", "index.md:3: WARNING: no result is called GD-0009; did you mean"),
        ("{gd}`relu`", "no result is called relu"),
        ("{activation}`tahn`", "no activation is called tahn"),
        ("{gain}`tahn`", "no activation is called tahn"),
        ("```{claim} GD-0009\n```", "no result is called GD-0009"),
        ("```{illustration} GD-0009 1\n```", "no result is called GD-0009"),
        ("```{illustration} GD-0001 1\n```", "GD-0001 has 0 figures, and none is number 1"),
        ("$\\nosuch$", "a formula that no page can show"),
        ("[words](elsewhere.md)", "'myst' cross-reference target not found: 'elsewhere.md'"),
        ("{beside}`words <r/GD-0001.zip>`", "index.html links to r/GD-0001.zip, which is not there"),
        ("[words](r/GD-0001.md#nowhere)", "nowhere"),
    ],
)
def test_a_reference_that_leads_nowhere_stops_the_build(folder, tmp_path, write_documents, spoiled, message):
    write_documents(tmp_path, spoiled)
    for _ in range(2):
        # A page that was read with a warning is read again.
        with pytest.raises(BadPage, match=re.escape(message)):
            site.build(tmp_path / "site")
    assert not (tmp_path / "site").exists()


def test_a_page_shows_the_figure_of_a_result_with_the_same_words(folder, tmp_path, write_documents):
    drawn = 'figures=(Illustration("slope", "tanh(x)"),), commentary'
    text = (folder / "gd0001_square.py").read_text(encoding="utf-8")
    text = text.replace("import Result", "import Illustration, Result").replace("commentary", drawn)
    (folder / "gd0001_square.py").write_text(text, encoding="utf-8")
    write_documents(tmp_path, "```{illustration} GD-0001 1\n```")
    site.build(tmp_path / "site")
    page, own = ((tmp_path / "site" / name).read_text(encoding="utf-8") for name in ("index.html", "r/GD-0001.html"))
    figure = re.compile(r'<figure class="picture.*?</figure>', re.DOTALL)
    shown, original = figure.findall(page), figure.findall(own)
    assert len(shown) == 1
    assert 'src="r/GD-0001.svg"' in shown[0]
    assert 'src="r/GD-0001-dark.svg"' in shown[0]
    assert re.sub("r/(?=GD)|id[0-9]+", "", shown[0]) == re.sub("id[0-9]+", "", original[0])


# -- the ledger ------------------------------------------------------------------------------

CLAIM = '''
"""G999: a claim of a test."""
from sympy import pi
from gainderive.ledger import Claim, Printed, Source
CLAIM = Claim(
    says="π is {text}; *no* markup [i] in it.",
    who=(Source("a test"),),
    check=Printed("{text}", pi, "π"),
    correct="π is {{pi}}; GD-0001 is about squares.",
    numbers={{"pi": (pi, 5)}},
    results=("GD-0003",),
)
'''


def write_claim(path, text):
    path.write_text(CLAIM.format(text=text), encoding="utf-8")


def test_a_claim_is_a_page_an_entry_of_the_overview_and_data(folder, tmp_path, monkeypatch, write_documents):
    path = tmp_path / "g999_pi.py"
    write_claim(path, "3.15")
    monkeypatch.setattr(files, "claims", lambda: {"G999": path})
    write_documents(tmp_path, "See {doc}`claims`.\n\n```{toctree}\nclaims\n```")
    out = tmp_path / "site"
    built = site.build(out)
    assert built.derived == ("r/GD-0001", "r/GD-0002", "r/GD-0003", "claims/G999")
    page, overview = ((out / name).read_text(encoding="utf-8") for name in ("claims/G999.html", "claims.html"))
    for shown in (page, overview):
        assert "π is 3.15; *no* markup [i] in it." in shown
        assert "π is 3.1416; " in shown
        assert "GD-0003" in shown
        assert "imprecise" in shown
    assert 'href="../r/GD-0001.html"' in page
    assert 'href="G999.json"' in page
    assert 'class="claim claim-imprecise' in overview
    assert 'id="g999"' in overview
    assert 'id="show-imprecise"' in overview
    (data,) = json.loads((out / "claims.json").read_bytes())
    assert data == json.loads((out / "claims" / "G999.json").read_bytes())
    assert data["verdict"] == built.claims[0]["verdict"] == "imprecise"

    write_claim(path, "3.14")
    again = site.build(out)
    assert again.derived == ("claims/G999",)
    assert again.claims[0]["verdict"] == "true"
    assert "claim-imprecise" not in (out / "claims.html").read_text(encoding="utf-8")


# -- one file adds one -----------------------------------------------------------------------

BUMP = r'''
r"""A bump that nobody else has: :math:`e^{{-x^2}}` to the right of 0."""

from sympy import Piecewise, exp

from gainderive.activations._activation import Activation
from gainderive.symbols import x

ACTIVATION = Activation(
    name="bump",
    title="{title}",
    expression=Piecewise((0, x < 0), (exp(-(x**2)), True)),
    source="tests",
)
'''

PROGRAM = """
import json, sys
sys.modules["torch"] = None  # It takes seconds to load and has no say here.
from pathlib import Path
from gainderive import files
from gainderive.render import api, site

api.pages = lambda commands: {}

every = files.activations
files.activations = lambda: {name: path for name, path in every().items() if name in ("bump", "identity", "tanh")}
files.results = files.units = files.claims = dict
built = site.build(Path(sys.argv[1]))
print(json.dumps([built.derived, built.changed, [r["activation"] for r in built.activations]]))
"""


@pytest.fixture
def copy(tmp_path, write_documents):
    """A copy of the library in which a file may be added and changed, with what runs a program there."""
    root = Path(files.__file__).parents[1]
    for name in ("gainderive", "derivations"):
        shutil.copytree(root / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
    (tmp_path / "node_modules").symlink_to(katex.folder().parents[1])
    write_documents(tmp_path, "See {activation}`identity`.")

    def add(title="bump"):
        written = BUMP.lstrip().format(title=title)
        (tmp_path / "gainderive" / "activations" / "bump.py").write_text(written, encoding="utf-8")

    def run(*command):
        here = os.environ | {"PYTHONPATH": str(tmp_path)}
        ran = subprocess.run(
            [sys.executable, *command], capture_output=True, text=True, cwd=tmp_path, env=here, check=False
        )
        assert ran.returncode == 0, ran.stderr
        return ran.stdout

    return SimpleNamespace(root=tmp_path, add=add, run=run, build=lambda out: json.loads(run("-c", PROGRAM, out)))


def test_one_file_adds_a_page_a_row_and_a_record_and_no_other_edit_is_needed(copy):
    copy.build("site")
    before = snapshot(copy.root / "site")
    copy.add()
    derived, changed, recorded = copy.build("site")
    own = {f"activations/bump{kind}" for kind in (".html", ".svg", "-dark.svg")}
    # The page of its neighbour links to it, and what lists all names knows one more.
    lists = {
        "_static/explorer/catalogue.js",
        "activations/index.html",
        "activations/identity.html",
        "genindex.html",
        "objects.inv",
        "searchindex.js",
    }
    assert derived == ["activations/bump"]
    assert own <= set(changed) <= own | lists
    assert recorded == ["bump", "identity", "tanh"]
    after = snapshot(copy.root / "site")
    assert b'href="bump.html"' in after["activations/index.html"]
    assert b"A bump that nobody else has:" in after["activations/bump.html"]
    assert {name for name in before if before[name] != after[name]} <= lists
    # The same bytes come from nothing.
    copy.build("other")
    assert snapshot(copy.root / "other") == after


def test_a_changed_activation_renders_its_page_and_the_comparison_again_and_nothing_else(copy):
    copy.add()
    assert copy.build("site")[0] == ["activations/bump", "activations/identity", "activations/tanh"]
    assert copy.build("site")[:2] == [[], []]
    copy.add("renamed")
    derived, changed, _ = copy.build("site")
    assert derived == ["activations/bump"]
    assert [name for name in changed if "bump" not in name] == [
        "_static/explorer/catalogue.js",
        "activations/index.html",
        "objects.inv",
        "searchindex.js",
    ]


def test_one_file_is_enough_for_the_command_line(copy):
    copy.add()
    line = ("-m", "gainderive.cli")
    # E exp(-2 z^2) over the right half line is 1/(2 sqrt(5)).
    assert repr(math.sqrt(2 * math.sqrt(5)))[:14] in copy.run(*line, "gain", "bump")
    assert "bump" in next(shown for shown in copy.run(*line, "list").splitlines() if shown.startswith("Activations"))
    assert "The forward gain of bump [proved]" in copy.run(*line, "verify", "bump")
    assert "2.114742527 ∎" in copy.run(*line, "survey", "bump", "--workers", "1")
