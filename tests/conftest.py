import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

from gainderive.cli import main

# One seed per test, so that a red run is red again; no deadline, since the machine's load is no property of the code.
settings.register_profile("gainderive", derandomize=True, deadline=None, print_blob=True)
settings.load_profile("gainderive")


_CONTENTS = "```{toctree}\nr/index\nactivations/index\nexplorer\n```"


def write_documents(root: Path, text: str) -> Path:
    """Return the folder ``docs`` below `root` with one hand-written page, and the real configuration and style."""
    made, real = root / "docs", Path(__file__).parents[1] / "docs"
    if not made.exists():
        made.mkdir()
        shutil.copy(real / "conf.py", made)
        for part in ("_static", "_templates"):
            shutil.copytree(real / part, made / part)
    (made / "index.md").write_text(f"# Home\n\n{text}\n\n{_CONTENTS}\n", encoding="utf-8")
    return made


@pytest.fixture(scope="session", name="write_documents")
def _write_documents() -> Callable[[Path, str], Path]:
    """Give :func:`write_documents` to a test."""
    return write_documents


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Callable[..., tuple[Any, str, str]]:
    """Run the command line in this process; return exit code, stdout, stderr."""

    def running(*args: str) -> tuple[Any, str, str]:
        with pytest.raises(SystemExit) as left:
            main(list(args))
        captured = capsys.readouterr()
        return left.value.code, captured.out, captured.err

    return running


@pytest.fixture(scope="module")
def chromium(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """Chromium without a network and without a past, driven by selenium, which keeps the console and all requests."""
    webdriver = pytest.importorskip("selenium.webdriver", reason="selenium is not installed")
    binary = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    service = shutil.which("chromedriver")
    if binary is None or service is None:
        pytest.skip("Chromium or its driver is not installed")
    options = webdriver.ChromeOptions()
    options.binary_location = binary
    for flag in (
        "headless", "no-sandbox", "disable-gpu", "disable-quic", "no-first-run", "disable-background-networking",
        "disable-component-update", "disable-sync", "host-resolver-rules=MAP * ~NOTFOUND",
        f"user-data-dir={tmp_path_factory.mktemp('profile')}",
    ):  # fmt: skip
        options.add_argument(f"--{flag}")
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    driver = webdriver.Chrome(options=options, service=webdriver.ChromeService(service))
    driver.set_script_timeout(50)
    yield driver
    driver.quit()
