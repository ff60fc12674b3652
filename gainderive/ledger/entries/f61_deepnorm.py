"""F61: DeepNorm for encoders alone and decoders alone."""

from sympy import Integer, Rational

from gainderive.ledger import Claim, Identity, Said, Source
from gainderive.symbols import counter

_N = counter("N")
_ALPHA, _BETA = (2 * _N) ** Rational(1, 4), (8 * _N) ** Rational(-1, 4)

CLAIM = Claim(
    says="DeepNorm: in a transformer of N layers multiply the residual stream by α = (2N)^(1/4), and scale the value "
    "and output projections and the MLPs' weights by β = (8N)^(-1/4).",
    who=(
        Source(
            "H. Wang, S. Ma, L. Dong, S. Huang, D. Zhang, F. Wei: DeepNet, 2022, as its code quotes it",
            "https://arxiv.org/abs/2203.00555",
        ),
        Source(
            "torchscale, torchscale/architecture/decoder.py (commit 0cb9695)",
            "https://github.com/microsoft/torchscale/blob/0cb96955010a93818b3dafb99708f465bcbcc651/torchscale/architecture/decoder.py",
        ),
    ),
    check=Said(
        Identity(
            2 * _N * (_BETA**2 + _BETA**2) / _ALPHA**2,
            Integer(1),
            "(v² + w²)/α², summed over 2N sublayers, at v = w = β",
        ),
    ),
    remark="The bound on an update asks for 2N·(v² + w²)/α² to be constant; that the constant is 1 and α² = 1/(2β²) "
    "are choices, with which both scales follow.",
)
