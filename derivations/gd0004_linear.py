"""GD-0004: the gain of a linear layer without activation."""

from gainderive import derive
from gainderive.catalog import Agrees, Result, Settles

RESULT = Result(
    title="The gain of the identity is 1",
    derive=lambda: derive("identity"),
    settles=Settles("identity"),
    torch=Agrees(),
    commentary=r"""
Nothing is lost between one linear layer and the next, so nothing has to be made up for. The reason is not that "a
linear map does not change the variance": a linear map with $\mathrm{Var}\,W = 1/n_{\mathrm{in}}$ keeps the *mean
second moment* (GD-0001), and with any other scale it does not.

torch gives the same value to convolutions of every dimension and their transposes; for those see GD-0007.
""",
)
