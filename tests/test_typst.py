"""PDF through Typst: what is planned is what is there, nothing overflows, equal input gives equal bytes."""

import json
import re
import subprocess
import sys
from dataclasses import replace

import pypdfium2
import pytest

from gainderive import catalog, facade, files
from gainderive.catalog import Withdrawn
from gainderive.errors import BadResult, MissingExtra, StepRefused
from gainderive.render import typst
from gainderive.render.beamer import beamer
from gainderive.render.topic import Topic, published, topic
from gainderive.render.typst import _compile, _slides
from gainderive.render.typst._markup import blocks, markup, string
from gainderive.status import Status
from gainderive.verification import Evidence, Verification


def evidence(result):
    """Return an evidence table of the usual form without gathering any."""
    value = "1.4142135623730950488016887242"
    rows = [Evidence("symbolic steps", f"{len(result.derivation.steps)} proved", "", True)]
    rows += [Evidence(route, value, "2e-32", True, "seed 0") for route in ("enclosure of g", "Monte Carlo of g")]
    return Verification(result.id, result.title, result.status, result.status, tuple(rows))


@pytest.fixture(scope="module")
def topics():
    return {result.id: published(result, evidence(result)) for result in catalog.results()}


def plain(topic):
    """Return a topic without figures, which take longer to draw than all the rest."""
    return Bare(topic.derivation, topic.verification, topic.result, topic.entry)


class Bare(Topic):
    figures = ()


def of_pages(pdf):
    """Return the text of each page."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        return [page.get_textpage().get_text_bounded() for page in document]
    finally:
        document.close()


# -- slides ----------------------------------------------------------------------------------


def test_slides_of_all_results_have_the_planned_pages(topics):
    shown = [plain(topic) for topic in topics.values()]
    plan = typst.pages(shown)
    pages = of_pages(typst.slides(shown))
    assert len(pages) == len(plan)
    for result in catalog.results():
        own = [page for page in plan if page["topic"] == result.id]
        kinds = list(dict.fromkeys(page["kind"] for page in own if page["kind"] != "reason"))
        assert kinds == ["claim", "derivation", "evidence"]
        # Every line has at least one page of its own, in their order; the given line has no number.
        steps = list(dict.fromkeys(page["step"] for page in own if page["kind"] == "derivation"))
        assert steps == ["", *(f"{n}." for n in range(1, len(result.derivation.steps) + 1))]
    for page, text in zip(plan, pages, strict=True):
        assert page["topic"] in text


def test_a_line_appears_with_its_reason_and_stays(topics):
    shown = [plain(topics["GD-0005"])]
    told = zip(of_pages(typst.slides(shown)), typst.pages(shown), strict=True)
    pages = [text for text, page in told if page["kind"] == "derivation"]
    assert ["Given" in text for text in pages] == [True, False, False, False, False]
    assert ["Split at the kinks" in text for text in pages] == [False, False, True, False, False]
    assert len(pages[1]) < len(pages[2])


def test_pages_are_16_by_9_and_nothing_lies_outside(topics):
    document = pypdfium2.PdfDocument(typst.slides([topics["GD-0005"], plain(topics["GD-0014"])]))
    for page in document:
        assert page.get_size() == (720, 405)
        for item in page.get_objects(max_depth=4):
            left, bottom, right, top = item.get_bounds()
            assert left >= -1
            assert right <= 721
            assert bottom >= -1
            assert top <= 406
    document.close()


@pytest.mark.parametrize("name", ["gelu_tanh", "xielu", "phish", "star_relu", "hard_elish"])
@pytest.mark.parametrize("criterion", ["forward", "centered"])
def test_derivations_without_a_result_fit_too(name, criterion):
    derivation = facade.derive(name, criterion)
    verification = Verification(None, derivation.title, None, Status.PROVED, ())
    assert typst.pages([Bare(derivation, verification, None, None)])[-1]["kind"] in ("evidence", "sources")


def test_what_is_too_high_for_a_slide_is_refused_and_not_cut_off():
    source = _compile.template("formula", "slides") + '#show: face\n#listed("a", [], "list", (block(height: 2000pt),))'
    with pytest.raises(BadResult, match="a part of its list is too high for a slide"):
        _compile.pdf(source)


def test_a_formula_that_nothing_can_break_is_refused_where_it_would_be_too_small():
    wide = "$" + "x " * 200 + "$"
    source = _compile.template("formula") + f"#context rows-of((whole: {wide}, lines: ()), 100pt)"
    with pytest.raises(BadResult):
        _compile.pdf(source)


def test_the_topic_of_a_name_an_expression_and_an_id():
    assert topic("relu").label == "GD-0005"
    assert topic("mish").label == "Mish"
    shown = topic("x + Abs(x)/2")
    assert shown.result is None
    assert shown.status == "proved"
    assert typst.slides([shown])[:5] == b"%PDF-"


def test_a_refused_step_makes_no_slides():
    result = catalog.result("GD-0005")
    derivation = result.derivation
    spoiled = replace(derivation, steps=(*derivation.steps[:1], *derivation.steps[2:]))
    with pytest.raises(StepRefused, match="step 2 is refused"):
        published(replace(result, derive=lambda: spoiled), evidence(result))


# -- notes -----------------------------------------------------------------------------------


def test_notes_hold_the_commentary_and_every_reason(topics):
    words = " ".join("".join(of_pages(typst.notes([plain(topics["GD-0005"])]))).split())
    assert "Half of the units are off" in words
    for step in catalog.result("GD-0005").derivation.shown():
        assert step.name.split()[0].lower() in words.lower()


def test_a_presenter_console_finds_each_note_at_its_page(topics):
    told = json.loads(typst.pdfpc([plain(topics["GD-0005"])]))
    plan = typst.pages([plain(topics["GD-0005"])])
    noted = {page["idx"]: page["note"] for page in told["pages"]}
    assert {plan[at]["kind"] for at in noted} == {"claim", "derivation", "evidence"}
    assert noted[1].startswith(r"$\mathrm{relu}(z)^2$ equals")


# -- handbook --------------------------------------------------------------------------------


def book(found):
    ids = [published.id for published, _ in found]
    return typst.handbook([typst.section(published, verification, ids) for published, verification in found])


@pytest.fixture(scope="module")
def handbook():
    return book([(result, evidence(result)) for result in catalog.results()])


def test_the_handbook_has_a_section_for_each_result(handbook):
    pages = of_pages(handbook)
    for result in catalog.results():
        assert sum(page.lstrip().startswith(result.id) and "Assumptions" in page for page in pages) == 1
    begins = next(n for n, page in enumerate(pages) if page.lstrip().startswith("GD-") and "Assumptions" in page)
    contents = "".join(pages[2:begins])
    assert all(result.id in contents for result in catalog.results())


def test_nothing_in_the_handbook_leaves_the_text(handbook):
    document = pypdfium2.PdfDocument(handbook)
    for page in document:
        width, _ = page.get_size()
        for item in page.get_objects(max_depth=4):
            left, _, right, _ = item.get_bounds()
            assert left > 60
            assert right < width - 60
    document.close()


def test_a_withdrawn_result_keeps_its_section():
    entry = Withdrawn(id="GD-0004", title="1 = 2", because="It is *not*.", since="0.2.0", replaced_by="GD-0005")
    other = catalog.result("GD-0005")
    text = "".join(of_pages(book([(entry, None), (other, evidence(other))])))
    assert "GD-0004 was withdrawn in gainderive 0.2.0: It is not." in " ".join(text.split())


# -- the same bytes --------------------------------------------------------------------------

_MADE = """
import sys, hashlib
from gainderive.render import typst
from gainderive.render.topic import Topic
from gainderive import facade
from gainderive.verification import Verification
derivation = facade.derive("relu")
topic = Topic(derivation, Verification(None, derivation.title, None, derivation.status, ()), None, None)
print(hashlib.sha256(typst.slides([topic]) + typst.notes([topic])).hexdigest())
"""


def test_equal_input_gives_equal_bytes_in_any_folder_and_process(tmp_path):
    root = str(files.folder().parent)
    found = set()
    for name, seed in (("a", "1"), ("b b", "2")):
        folder = tmp_path / name
        folder.mkdir()
        environment = {"PYTHONPATH": root, "PYTHONHASHSEED": seed, "SOURCE_DATE_EPOCH": seed}
        made = subprocess.run(
            [sys.executable, "-c", _MADE], cwd=folder, env=environment, capture_output=True, text=True, check=True
        )
        found.add(made.stdout)
    assert len(found) == 1


def test_a_pdf_has_no_date_and_no_font_of_the_system(handbook):
    assert b"CreationDate" not in handbook
    assert b"ModDate" not in handbook
    fonts = {name.split(b"+")[-1] for name in re.findall(rb"/FontName ?/([\w+-]+)", handbook)}
    assert all(re.match(rb"NewCM|NewComputerModern|DejaVuSansMono|LibertinusSerif", name) for name in fonts)


# -- Markdown --------------------------------------------------------------------------------


def test_markdown_becomes_markup():
    shown = markup(
        "**Bold** _it_ `x_1` [a](https://b.c/d) 50 % #1 *$x^2$*, GD-0001\n\n- one\n- two\n\n$$a = b$$", {"GD-0001"}
    )
    assert "#link(<GD-0001>)[GD\\-0001];" in shown
    assert _compile.pdf(_compile.template("formula") + f"{shown}\n\n#heading[x]<GD-0001>")


def test_text_that_looks_like_markup_stays_text():
    shown = markup("1. not & a = list - or /* comment */ // nor <label> @cite ~ #code")
    pages = of_pages(_compile.pdf(shown))
    assert "not & a = list - or /* comment */ // nor <label> @cite ~ #code" in pages[0]


def test_a_long_formula_in_a_sentence_stands_alone_with_its_punctuation():
    long = " + ".join(f"x_{{{n}}}" for n in range(30))
    assert [block[:8] for block in blocks(f"Put ${long}$, and go on.")] == ["Put", "#formula", "and go o"]
    assert r"\," in blocks(f"Put ${long}$, and go on.")[1]


@pytest.mark.parametrize("foreign", ["# heading", "![image](x.svg)", "a\n\n---\n\nb"])
def test_markdown_of_another_kind_is_refused(foreign):
    with pytest.raises(BadResult, match="Markdown that no PDF can show"):
        markup(foreign)


def test_a_string_of_typst_is_what_it_was():
    wild = 'a "b" \\n #x\nnew'
    assert _compile.metadata(f"#metadata({string(wild)})<s>", "s") == [wild]


# -- beamer ----------------------------------------------------------------------------------


def test_beamer_is_whole_latex_of_standard_packages(topics):
    source = beamer([plain(topic) for topic in topics.values()])
    assert re.findall(r"\\usepackage(?:\[[^\]]*\])?\{([^}]*)\}", source) == ["fontenc", "amsmath,amssymb,graphicx"]
    assert source.isascii()
    opened: list[str] = []
    for kind, name in re.findall(r"\\(begin|end)\{(\w+)\}", source):
        if kind == "begin":
            opened.append(name)
        else:
            assert opened.pop() == name
    assert not opened
    bare = re.sub(r"\\[{}\\]|%.*", "", source)
    depth = 0
    for sign in re.findall(r"[{}]", bare):
        depth += 1 if sign == "{" else -1
        assert depth >= 0
    assert depth == 0
    assert not re.search(r"\\(?:left|right)(?![a-z({\[|\\.\])}])", source)


def test_beamer_reveals_every_step_and_has_the_notes(topics):
    source = beamer([topics["GD-0024"]])
    steps = catalog.result("GD-0024").derivation.steps
    assert len(re.findall(r"\\onslide<\d+->", source)) == len(steps)
    assert len(re.findall(r"\\only<\d+>", source)) == len(steps)
    for frame in re.findall(r"\\begin\{frame\}.*?\\end\{frame\}", source, flags=re.DOTALL):
        overlays = [int(n) for n in re.findall(r"\\onslide<(\d+)->", frame)]
        assert overlays == list(range(2, len(overlays) + 2))
    assert r"\note{" in source


# -- the command line ------------------------------------------------------------------------


def test_slides_and_notes_are_written_side_by_side(run, tmp_path, monkeypatch):
    monkeypatch.setattr(
        "gainderive.render.topic.topic", lambda key: plain(published(r := catalog.result(key), evidence(r)))
    )
    code, out, _ = run(
        "slides", "GD-0005", "GD-0019", "-o", str(tmp_path / "l.pdf"), "--notes", "--title", "Two & more"
    )
    assert code == 0
    assert sorted(path.name for path in tmp_path.iterdir()) == ["l-notes.pdf", "l.pdf", "l.pdfpc"]
    assert out.count(str(tmp_path)) == 3
    assert "Two & more" in of_pages((tmp_path / "l.pdf").read_bytes())[0]
    assert run("slides", "GD-0005", "-o", str(tmp_path / "l.tex"))[0] == 0
    assert r"\documentclass" in (tmp_path / "l.tex").read_text()


@pytest.mark.parametrize(
    ("args", "says"),
    [
        (["GD-9999", "-o", "l.pdf"], "no result is called 'GD-9999'"),
        (["tahn", "-o", "l.pdf"], "Did you mean 'tanh'"),
        (["GD-0005", "-o", "l.docx"], "neither in .pdf nor in .tex"),
        (["GD-0005", "-o", "l.tex", "--notes"], "has the notes inside"),
        (["GD-0005"], "-o"),
        (["-o", "l.pdf"], "Missing argument"),
    ],
)
def test_bad_input_is_refused_and_nothing_is_written(run, tmp_path, monkeypatch, args, says):
    monkeypatch.chdir(tmp_path)
    code, _, err = run("slides", *args)
    assert code == 2
    assert says in err
    assert not list(tmp_path.iterdir())


def test_derive_prints_typst(run):
    code, out, _ = run("derive", "leaky_relu", "--format", "typst")
    assert code == 0
    assert _compile.pdf(out)[:5] == b"%PDF-"
    assert out == f"$ {facade.derive('leaky_relu').to_typst()} $\n"


def test_without_typst_the_extra_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "typst", None)
    with pytest.raises(MissingExtra, match=r"gainderive\[pdf\]"):
        _compile.pdf("a")


def test_long_decimals_are_cut_and_words_are_not():
    assert _slides._short("1.4142135623730950488016887242") == "1.414213562373095048…"
    assert _slides._short("0 proved, 1 by interval") == "0 proved, 1 by interval"
