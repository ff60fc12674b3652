"""Notebooks: executed into pages and notebooks, the same every time; what fails or leaks is refused with its cell."""

import json
import re
import sys
import warnings
from pathlib import Path
from textwrap import dedent

import pytest

from gainderive import files
from gainderive.errors import BadNotebook, BadResult
from gainderive.render.notebook import executed

NOTEBOOKS = files.notebooks()
HEAD = "---\nkernelspec:\n  display_name: Python 3\n  name: python3\n---\n\n# A title\n"


def cell(source, *options):
    """Return a cell of code as MyST."""
    head = "".join(f":{option}\n" for option in options)
    return f"\n```{{code-cell}} python\n{head}{dedent(source).strip()}\n```\n"


def run(tmp_path, *parts):
    path = tmp_path / "small.md"
    path.write_text(HEAD + "".join(parts), encoding="utf-8")
    return executed(path)


def outputs(made):
    """Return what each cell of code shows."""
    return [c["outputs"] for c in json.loads(made.notebook)["cells"] if c["cell_type"] == "code"]


@pytest.fixture(scope="module")
def made():
    return {name: executed(path) for name, path in NOTEBOOKS.items()}


def test_there_are_the_three_tutorials(made):
    assert set(made) >= {"derive-your-own", "saturated-tanh", "test-my-initializers"}


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_a_tutorial_is_the_same_every_time(made, name):
    assert executed(NOTEBOOKS[name]) == made[name]


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_a_tutorial_shows_no_formula_as_source_and_nothing_of_this_machine(made, name):
    shown = re.sub(r"```python.*?```", "", made[name].page, flags=re.DOTALL)
    raw = "".join(re.findall(r"```\{raw\} html\n(.*?)\n```", shown, re.DOTALL))
    assert "$" not in raw
    everything = b"".join([made[name].page.encode(), made[name].notebook, *made[name].files.values()]).decode()
    assert not re.search(r"\bat 0x[0-9a-f]+", everything)
    assert not [place for place in (Path.cwd(), Path.home(), Path(sys.prefix)) if f"{place}/" in everything]


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_every_picture_of_a_tutorial_has_words_and_two_files(made, name):
    shown = re.findall(r":::\{picture\} (\S+)\.svg\n:alt: (.+)\n", made[name].page)
    assert set(made[name].files) == {f"{stem}{theme}.svg" for stem, _ in shown for theme in ("", "-dark")}
    assert all(len(alt) > 40 for _, alt in shown)


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_a_tutorial_is_a_valid_notebook_with_fixed_names(made, name):
    import nbformat

    book = nbformat.reads(made[name].notebook.decode(), as_version=4)
    nbformat.validate(book)
    assert [c.id for c in book.cells] == [f"cell-{i:02}" for i in range(1, len(book.cells) + 1)]
    counts = [c.execution_count for c in book.cells if c.cell_type == "code"]
    assert counts == list(range(1, len(counts) + 1))
    assert not [c for c in book.cells if c.cell_type == "markdown" and re.search(r"\{\w+\}`", c.source)]


def test_everything_that_a_cell_shows_comes_in_order(tmp_path):
    source = """
        from IPython.display import Markdown, display
        import gainderive as gd
        print("first")
        display(Markdown("*second*"))
        print("thi", end="")
        print("rd")
        gd.gain("relu")
    """
    made = run(tmp_path, cell(source))
    (shown,) = outputs(made)
    assert [o["output_type"] for o in shown] == ["stream", "display_data", "stream", "execute_result"]
    assert "".join(shown[2]["text"]) == "third\n"
    assert made.page.index("first") < made.page.rindex("*second*") < made.page.rindex("third\n")
    assert made.page.startswith("# A title\n\n{beside}`Download this page as a Jupyter notebook <small.ipynb>`\n")


def test_latex_becomes_a_displayed_formula_and_text_a_block_of_code(tmp_path):
    made = run(tmp_path, cell("from gainderive.symbols import x\nx**2"), cell("'a $ and ``` in text'"))
    assert "$$\nx^{2}\n$$" in made.page
    assert "````text\n'a $ and ``` in text'\n````" in made.page


def test_every_notebook_begins_anew(tmp_path):
    run(tmp_path, cell("left = 1"))
    with pytest.raises(BadNotebook, match=r"small\.md, cell 1: NameError: name 'left' is not defined"):
        run(tmp_path, cell("left"))


def test_a_run_leaves_the_interpreter_as_it_was(tmp_path):
    import builtins

    main, hook, place, filters = sys.modules["__main__"], sys.displayhook, Path.cwd(), list(warnings.filters)
    run(tmp_path, cell("open('left', 'w').close(); 1"))
    with pytest.raises(BadNotebook):
        run(tmp_path, cell("1/0"))
    assert (sys.modules["__main__"], sys.displayhook, Path.cwd()) == (main, hook, place)
    assert list(warnings.filters) == filters
    assert not hasattr(builtins, "get_ipython")
    assert not (place / "left").exists()


def test_a_semicolon_silences(tmp_path):
    assert outputs(run(tmp_path, cell("1;  # not shown"), cell("2")))[0] == []


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("1/0", "ZeroDivisionError: division by zero"),
        ("1 +", "SyntaxError: invalid syntax"),
        ("import warnings; warnings.warn('beware')", "UserWarning: beware"),
        ("object()", "a memory address"),
        ("import os; os.getcwd() + '/file'", "a path of this machine"),
        ("import gainderive; gainderive.__file__", "a path of this machine"),
        ("import matplotlib.pyplot as plt; plt.subplots();", "no `alt`"),
        (
            "from IPython.display import Javascript; display(Javascript('1'))",
            "it shows application/javascript, and a page shows",
        ),
    ],
)
def test_a_spoiled_cell_is_refused_with_its_number(tmp_path, source, said):
    with pytest.raises(BadNotebook, match=re.escape(said)) as refused:
        run(tmp_path, cell("1"), cell(source), cell("3"))
    assert str(refused.value).startswith("small.md, cell 2: ")


def test_a_formula_that_no_page_can_show_is_refused(tmp_path):
    source = "from IPython.display import HTML\nHTML(r'<p>$\\undefined$</p>')"
    with pytest.raises(BadResult, match="undefined"):
        run(tmp_path, cell(source))


def test_an_error_that_is_meant_is_shown_without_its_frames(tmp_path):
    source = "error = ValueError('wrong')\nerror.add_note('because')\nraise error"
    made = run(tmp_path, cell(source, "tags: [raises-exception]"))
    assert "```text\nValueError: wrong\nbecause\n```" in made.page
    assert outputs(made)[0][0]["traceback"] == ["ValueError: wrong", "because"]


def test_an_error_that_is_meant_and_does_not_come_is_refused(tmp_path):
    with pytest.raises(BadNotebook, match="cell 1: it is tagged raises-exception, and raises nothing"):
        run(tmp_path, cell("1", "tags: [raises-exception]"))


def test_what_goes_to_stderr_is_not_shown(tmp_path):
    assert outputs(run(tmp_path, cell("import sys; print('progress', file=sys.stderr)"))) == [[]]


def test_a_picture_is_drawn_in_light_and_in_dark_inks(tmp_path):
    from gainderive.render.plot import DARK, LIGHT

    source = "import matplotlib.pyplot as plt\nfigure, axes = plt.subplots()\naxes.plot([0, 1], [0, 1]);"
    made = run(tmp_path, cell(source, "alt: A line < that rises."))
    assert ":::{picture} small-1.svg\n:alt: A line < that rises.\n:::" in made.page
    light, dark = (made.files[f"small-1{theme}.svg"].decode() for theme in ("", "-dark"))
    assert LIGHT.blue in light
    assert DARK.blue in dark
    assert not [colour for colour in LIGHT.variables().values() if colour in dark]


def test_a_role_of_the_site_is_plain_words_in_the_notebook(tmp_path):
    made = run(tmp_path, "\nSee {gd}`GD-0005` and {gd}`the proof <GD-0008>`, not `{gd}`.\n")
    assert "{gd}`the proof <GD-0008>`" in made.page
    (told,) = json.loads(made.notebook)["cells"]
    assert "".join(told["source"]).endswith("See GD-0005 and the proof, not `{gd}`.")


def test_what_a_notebook_says_about_torchs_numbers_ends_with_it(tmp_path):
    torch = pytest.importorskip("torch")
    before = torch.get_default_dtype()
    path = tmp_path / "double.md"
    path.write_text(
        "# Double\n\n```{code-cell}\nimport torch\n\ntorch.set_default_dtype(torch.float64)\n```\n", encoding="utf-8"
    )
    executed(path)
    assert torch.get_default_dtype() is before
