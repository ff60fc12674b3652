"""A2: the gradient of the first layer's weights."""

from sympy import Matrix, diff, tanh

from gainderive.ledger import Claim, Derived, Identity, Said, Source
from gainderive.symbols import parameter

_INPUTS = Matrix([parameter("x_1"), parameter("x_2")])
_FIRST = Matrix(2, 2, lambda i, j: parameter(f"W1_{i + 1}{j + 1}"))
_SECOND = Matrix(2, 2, lambda i, j: parameter(f"W2_{i + 1}{j + 1}"))
_BIAS = Matrix([parameter("b_1"), parameter("b_2")])
_ERROR = Matrix([parameter("delta_1"), parameter("delta_2")])
_H = (_FIRST * _INPUTS + _BIAS).applyfunc(tanh)
# A loss enters through its derivative by y alone, so a linear one stands for all.
_LOSS = (_ERROR.T * _SECOND * _H)[0]
_SAID = (_SECOND.T * _ERROR).multiply_elementwise(_H.applyfunc(lambda h: 1 - h**2)) * _INPUTS.T

CLAIM = Claim(
    says="For h = tanh(W₁x + b₁) and y = W₂h + b₂ the gradient is ∂L/∂W₁ = ((W₂ᵀ ∂L/∂y) ⊙ (1 - h²)) xᵀ.",
    who=(Source("textbooks, and lecture notes on saturation"),),
    check=Said(
        Derived("GD-0020"),
        *(
            Identity(
                diff(_LOSS, _FIRST[i, j]), _SAID[i, j], f"∂L/∂W₁ of a network with two units, entry {i + 1}, {j + 1}"
            )
            for i in range(2)
            for j in range(2)
        ),
    ),
    remark="Three factors besides the error, three ways to vanish: small weights above, saturated units, inputs near "
    "0.",
    results=("GD-0020",),
)
