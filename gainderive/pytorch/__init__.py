"""The bridge to PyTorch: its table of gains, and the diagnosis and initialization of whole models."""

__all__: list[str] = []
