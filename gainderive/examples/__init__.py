"""Small PyTorch models and data, made on the spot, on which the tools for practitioners are shown and tested."""
