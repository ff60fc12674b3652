"""``python -m gainderive.cli``."""

from gainderive.cli import main

main()
