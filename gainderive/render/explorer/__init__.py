"""The explorer's files; being written."""

from collections.abc import Callable


def files(render: Callable[..., str]) -> dict[str, bytes]:
    """Return the files by name."""
    return {}
