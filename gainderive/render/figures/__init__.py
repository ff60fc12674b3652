"""Figures made for projection, each computed from an activation; the file's existence is its enrolment.

A file ``figures/<name>.py`` holds ``figure(activation, *, ...) -> Figure``, whose keywords are what a user may set.

>>> names()
('activation', 'cobweb', 'depth', 'gains', 'gradients', 'slope')
>>> figure("cobweb", "tanh", gain="5/3").alt
'The length map of tanh at σ_w = 5/3 and its iteration from q = 0.1. Fixed points: q = 0, slope 2.778, repels; \
q = 1.178, slope 0.5044, attracts, chi_1 = 1.12.'
"""

from gainderive.render.figures._figure import Figure
from gainderive.render.figures._find import figure, names, options

__all__ = ["Figure", "figure", "names", "options"]
