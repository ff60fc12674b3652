"""The API reference as MyST pages; being written."""


def pages() -> dict[str, str]:
    """Return the pages by name."""
    return {}
