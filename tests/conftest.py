from hypothesis import settings

# One seed per test, so that a red run is red again; no deadline, since the machine's load is no property of the code.
settings.register_profile("gainderive", derandomize=True, deadline=None, print_blob=True)
settings.load_profile("gainderive")
