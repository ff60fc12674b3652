"""Every page of the built site, as a reader without a network sees it in a browser: on a desk and on a phone.

The site is that of `make docs`, or the one in the folder that GAINDERIVE_SITE names.
"""

import json
import os
import re
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import pytest

SITE = Path(os.environ.get("GAINDERIVE_SITE") or Path(__file__).parents[1] / "build" / "site").resolve()
DESK, PHONE = 1280, 390

needs_site = pytest.mark.skipif(not (SITE / "index.html").exists(), reason=f"no site in {SITE}: `make docs` builds it")

# What is wrong with the page that is open, whatever its width.
_FAULTS = r"""
const all = (css) => [...document.querySelectorAll(css)];
const short = (text) => text.trim().replace(/\s+/g, " ").slice(0, 80);
const isSource = (node) => node.parentElement.closest("code, pre, annotation, script, style, noscript, textarea");
const texts = [];
const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
while (walker.nextNode()) if (!isSource(walker.currentNode)) texts.push(walker.currentNode.data);
const headings = all("h1").length;
return [
  ...texts.filter((text) => /\$|\\[a-z([\]{}]/i.test(text)).map((text) => `a formula is left as source: ${short(text)}`),
  ...all(".katex-error").map((formula) => `a formula is refused: ${short(formula.textContent)}`),
  ...all("img").filter((image) => !image.alt.trim()).map((image) => `an image has no alternative text: ${image.src}`),
  ...(headings === 1 ? [] : [`${headings} headings are of level 1`]),
  ...(document.documentElement.lang ? [] : ["the page has no language"]),
  ...(document.title.trim() ? [] : ["the page has no title"]),
];
"""
# What is wider than the page, innermost first; what scrolls inside a box of its own is not.
_WIDER = r"""
const root = document.documentElement;
if (root.scrollWidth <= root.clientWidth) return [];
const isOut = (element) => element.getBoundingClientRect().right > root.clientWidth + 1;
const out = [...document.querySelectorAll("article *")].filter(isOut).slice(-1);
const named = out.map((element) => `${element.tagName.toLowerCase()}.${element.getAttribute("class") ?? ""}`);
return [`at ${root.clientWidth} px the page is ${root.scrollWidth} px wide: ${named}`];
"""


def faults(driver: Any, page: Path) -> list[str]:
    """Return in words what is wrong with a page at both widths."""
    driver.get("about:blank")
    _logged(driver)
    _resize(driver, DESK)
    driver.get(page.as_uri())
    images = driver.execute_script("return [...document.images].map((image) => image.src)")
    found = [
        *driver.execute_script(_FAULTS),
        *driver.execute_script(_WIDER),
        *(f"an image is not there: {image}" for image in images if not _is_there(image)),
    ]
    _resize(driver, PHONE)
    return [*found, *driver.execute_script(_WIDER), *_logged(driver)]


def _is_there(address: str) -> bool:
    """Whether an image can be shown; what is out of sight may not have been asked for yet."""
    split = urlsplit(address)
    return split.scheme == "data" or Path(unquote(split.path)).is_file()


def _resize(driver: Any, width: int) -> None:
    size = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": False}
    driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)


def _logged(driver: Any) -> list[str]:
    """Return what the console says, and the requests for what is not a file, since this was asked last."""
    events = [json.loads(entry["message"])["message"] for entry in driver.get_log("performance")]
    sent = [event["params"]["request"]["url"] for event in events if event["method"] == "Network.requestWillBeSent"]
    return [
        *(f"the console says: {entry['message']}" for entry in driver.get_log("browser")),
        *(f"a request leaves the site: {url}" for url in sent if not url.startswith(("file:", "data:", "about:"))),
    ]


@needs_site
def test_no_page_has_a_fault(chromium: Any) -> None:
    found = {str(page.relative_to(SITE)): faults(chromium, page) for page in sorted(SITE.rglob("*.html"))}
    assert {name: wrong for name, wrong in found.items() if wrong} == {}


_SPOILED = """<!doctype html>
<html><head><meta charset="utf-8"><title> </title></head>
<body><h1>One</h1><h1>Two</h1><p>Here $x$ is real, and \\(y\\) too; <code>$HOME</code> is code.</p>
<span class="katex-error">\\frac</span><img src="gone.png" alt=""><article><p style="width: 2000px">wide</p></article>
<script src="https://example.org/far.js"></script><script>console.error("broken");</script></body></html>
"""


def test_a_spoiled_page_is_refused(chromium: Any, tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.write_text(_SPOILED, encoding="utf-8")
    found = "\n".join(faults(chromium, page))
    for fault in (
        "a formula is left as source: Here $x$ is real",
        "a formula is refused",
        "an image has no alternative text",
        "an image is not there",
        "2 headings are of level 1",
        "the page has no language",
        "the page has no title",
        f"at {DESK} px the page is",
        f"at {PHONE} px the page is",
        "far.js",
        "ERR_FILE_NOT_FOUND",
        '"broken"',
        "a request leaves the site: https://example.org",
    ):
        assert fault in found
    assert "$HOME" not in found.replace("$HOME is code", "")
    page.write_text('<!doctype html><html lang="en"><title>Sound</title><h1>Sound</h1>', encoding="utf-8")
    assert faults(chromium, page) == []


@needs_site
def test_search_needs_no_network(chromium: Any) -> None:
    from selenium.webdriver.support.wait import WebDriverWait

    chromium.get((SITE / "search.html").as_uri() + "?q=tanh")
    found = "#search-results ul.search li a"
    links = WebDriverWait(chromium, 20).until(lambda driver: driver.find_elements("css selector", found))
    assert any(link.get_attribute("href").split("#")[0].endswith("/tanh.html") for link in links)


@needs_site
def test_the_reader_chooses_light_or_dark(chromium: Any) -> None:
    _resize(chromium, DESK)
    chromium.get((SITE / "index.html").as_uri())
    grounds = {}
    for _ in range(3):
        chromium.find_element("css selector", ".theme-toggle-content .theme-toggle").click()
        theme = chromium.execute_script("return document.body.dataset.theme")
        grounds[theme] = chromium.execute_script("return getComputedStyle(document.body).backgroundColor")
    assert set(grounds) == {"auto", "light", "dark"}
    assert grounds["light"] != grounds["dark"]


@needs_site
def test_steps_unfold_by_the_button_and_by_the_keyboard(chromium: Any) -> None:
    from selenium.webdriver.common.keys import Keys

    chromium.get((SITE / "r" / "GD-0005.html").as_uri())
    steps = chromium.find_elements("css selector", "details.step")
    button = chromium.find_element("css selector", "button.unfold-all")
    assert len(steps) > 1
    for words, is_open in (("Unfold all steps", True), ("Fold all steps", False)):
        assert button.text == words
        button.click()
        assert {step.get_property("open") for step in steps} == {is_open}
        # The words change with the steps, which tell of it in the next task.
        chromium.execute_async_script("setTimeout(arguments[0])")
    steps[0].find_element("css selector", "summary").send_keys(Keys.ENTER)
    assert [step.get_property("open") for step in steps] == [True] + [False] * (len(steps) - 1)


@needs_site
def test_three_clicks_lead_from_the_first_page_to_what_is_cited_and_shown() -> None:
    reached = {SITE / "index.html"}
    for _ in range(3):
        reached |= {link for page in reached if page.suffix == ".html" for link in _links(page)}
    assert {SITE / "r" / f"GD-0005{kind}" for kind in (".html", ".bib", ".pdf")} <= reached


@cache
def _links(page: Path) -> frozenset[Path]:
    """Return the files that a page links to."""
    addresses = re.findall(r'<a [^>]*href="([^"#:]+)[^":]*"', page.read_text(encoding="utf-8"))
    linked = {Path(os.path.normpath(page.parent / unquote(address))) for address in addresses}
    return frozenset(file for file in linked if file.is_file())
