"""Figures made for projection, each computed from an activation; the file's existence is its enrolment.

A file ``figures/<name>.py`` holds ``figure(activation, *, ...) -> Figure``, whose keywords are what a user may set.

>>> names()
('activation', 'cobweb', 'density', 'depth', 'gains', 'gradients', 'slope')
>>> figure("cobweb", "tanh", gain="5/3").alt.partition("; ")[2]
'q = 1.178, slope 0.4309, attracts, chi_1 = 1.21.'
"""

from gainderive.render.figures._figure import Figure, Theme
from gainderive.render.figures._find import figure, names, options

__all__ = ["Figure", "Theme", "figure", "names", "options"]
