"""F62: DeepNorm's 0.81 and 0.87 for encoder and decoder together."""

from sympy import Integer, Rational, sqrt

from gainderive.ledger import Claim, Identity, Parts, Printed, Said, Source
from gainderive.symbols import counter

_N, _M = counter("N"), counter("M")
ALPHA = Integer(27) ** Rational(-1, 16)
BETA = 1 / (sqrt(2) * ALPHA)
_GROWTH = (_N**4 * _M) ** Rational(1, 16)
_ALPHA_D, _BETA_D = (3 * _M) ** Rational(1, 4), (12 * _M) ** Rational(-1, 4)
_ALPHA_E, _BETA_E = ALPHA * _GROWTH, BETA / _GROWTH

CLAIM = Claim(
    says="DeepNorm for N encoder and M decoder layers: α = 0.81·(N⁴M)^(1/16) and β = 0.87·(N⁴M)^(-1/16) in the "
    "encoder, α = (3M)^(1/4) and β = (12M)^(-1/4) in the decoder.",
    who=(
        Source(
            "H. Wang, S. Ma, L. Dong, S. Huang, D. Zhang, F. Wei: DeepNet, 2022, as its code quotes it",
            "https://arxiv.org/abs/2203.00555",
        ),
    ),
    check=Parts(
        {
            "decoder": Said(
                Identity(
                    3 * _M * 2 * _BETA_D**2 / _ALPHA_D**2, Integer(1), "(v² + w²)/α² over the decoder's 3M sublayers"
                )
            ),
            "encoder": Said(
                Identity(
                    _M * _BETA_D**2 / _ALPHA_D * 2 * _N * 2 * _BETA_E**2 / _ALPHA_E**2,
                    Integer(1),
                    "the encoder's 2N·(v² + w²)/α², times the M·vw/α of the decoder's attention to it",
                )
            ),
            "0.81": Printed("0.81", ALPHA, "27^(-1/16)"),
            "0.87": Printed("0.87", BETA, "27^(1/16)/√2"),
        }
    ),
    remark="Exactly 27^(-1/16) = {alpha} and 27^(1/16)/√2 = {beta}.",
    numbers={"alpha": (ALPHA, 8), "beta": (BETA, 8)},
)
