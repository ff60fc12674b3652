import shutil
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import settings

# One seed per test, so that a red run is red again; no deadline, since the machine's load is no property of the code.
settings.register_profile("gainderive", derandomize=True, deadline=None, print_blob=True)
settings.load_profile("gainderive")


@pytest.fixture(scope="module")
def chromium(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """Chromium without a network and without a past, as a driver of selenium that keeps the console and all requests."""
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
