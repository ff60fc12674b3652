"""F59: the scale of T-Fixup's decoder."""

from sympy import Integer, Rational

from gainderive.ledger import Claim, Identity, Said, Source
from gainderive.symbols import counter

_N = counter("N")
SCALE = (9 * _N) ** Rational(-1, 4)
_BLOCK = 3 * SCALE**2 * SCALE**2
"""The terms v²x², w²x² and v²w² of a block: value and output projections v, w and inputs x have one scale."""

CLAIM = Claim(
    says="In a transformer of N decoder layers without normalization scale the embeddings, the value and output "
    "projections and the weights of the MLPs by (9N)^(-1/4).",
    who=(
        Source(
            "X. S. Huang, F. Pérez, J. Ba, M. Volkovs: Improving transformer optimization through better "
            "initialization, ICML 2020",
            "https://proceedings.mlr.press/v119/huang20f.html",
        ),
        Source(
            "T-Fixup, fairseq/modules/transformer_layer.py (commit cce506a)",
            "https://github.com/layer6ai-labs/T-Fixup/blob/cce506a5c87628c65b2be0596fc7080cb06ed8e5/fairseq/modules/transformer_layer.py",
        ),
    ),
    check=Said(
        Identity(3 * _N * _BLOCK, Integer(1), "v²x² + w²x² + v²w², summed over three blocks in each of N layers")
    ),
    remark="The 9 is three blocks (self-attention, attention to the encoder, MLP) times three terms. That all are "
    "weighted alike, and that the sum shall be 1, is a choice.",
)
