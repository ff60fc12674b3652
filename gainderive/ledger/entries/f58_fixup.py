"""F58: the scale of Fixup."""

from sympy import Integer

from gainderive.ledger import Claim, Identity, Said, Source
from gainderive.symbols import counter

_BRANCHES, _LAYERS = counter("L"), counter("m")
_SCALE = _BRANCHES ** (-1 / (2 * _LAYERS - Integer(2)))

CLAIM = Claim(
    says="In a network of L residual branches of m layers each, scale the layers within a branch by L^(-1/(2m-2)), and "
    "begin each branch's last layer at 0.",
    who=(
        Source("H. Zhang, Y. N. Dauphin, T. Ma: Fixup initialization, ICLR 2019", "https://arxiv.org/abs/1901.09321"),
        Source("Fixup, cifar/models/fixup_resnet_cifar.py", "https://github.com/hongyi-zhang/Fixup"),
    ),
    check=Said(Identity(_BRANCHES * _SCALE ** (2 * (_LAYERS - 1)), Integer(1), "sum over the branches of s^(2(m-1))")),
    remark="It follows from the wish that one step changes the output by as much as in a net of one branch: the m - 1 "
    "scaled layers give the last layer's gradient, and again its update, the factor s^(m-1), and L branches add up. "
    "For m = 2 it is L^(-1/2), as in the code; how large a step is best is not derived.",
)
