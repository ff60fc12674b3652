"""Puts into a wheel the single files that its pages include; hatch's `sources` move folders only."""

from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class PagesIncludeThem(BuildHookInterface):  # type: ignore[type-arg]
    """Files of the root that stand beside ``docs``, in the repository and in the package alike.

    An editable install finds them in the repository, where a copy in site-packages would go stale.
    """

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Name the files and their places."""
        if version == "editable":
            return
        for name in self.config["beside-docs"]:
            build_data["force_include"][str(Path(self.root, name))] = f"gainderive/{name}"
