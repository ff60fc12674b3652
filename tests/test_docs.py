"""Every Python example in the hand-written pages runs as printed, and the pages point at what exists."""

import doctest
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
DOCS = ROOT / "docs"
PAGES = sorted(page for page in DOCS.rglob("*.md") if "notebooks" not in page.relative_to(DOCS).parts)
EXAMPLE = re.compile(r"^( *)```python\n(.*?)^\1```", flags=re.MULTILINE | re.DOTALL)


def examples(page: str) -> list[str]:
    """Return the blocks of a page that show a session."""
    return [block for _, block in EXAMPLE.findall(page) if ">>>" in block]


def failures(page: str, name: str) -> int:
    """Run the examples of a page in one namespace; return how many differ from what is printed."""
    joined = "\n\n".join(examples(page))
    test = doctest.DocTestParser().get_doctest(joined, {}, name, name, 0)
    return doctest.DocTestRunner().run(test).failed


def _name(page: Path) -> str:
    return str(page.relative_to(DOCS))


@pytest.mark.parametrize("page", [p for p in PAGES if examples(p.read_text(encoding="utf-8"))], ids=_name)
def test_every_example_runs_as_printed(page: Path) -> None:
    assert failures(page.read_text(encoding="utf-8"), _name(page)) == 0


def test_a_spoiled_example_is_noticed() -> None:
    page = "```python\n>>> 1 + 1\n2\n```\n\n    ```python\n    >>> 1 + 1\n    3\n    ```\n"
    assert len(examples(page)) == 2
    assert failures(page, "spoiled") == 1
