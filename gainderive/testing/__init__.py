"""Strategies and assertions for other people's test suites, with stated false-alarm rates and powers."""

__all__: list[str] = []
