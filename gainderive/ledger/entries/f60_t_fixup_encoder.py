"""F60: the 0.67 of T-Fixup's encoder."""

from sympy import Integer, Rational, sqrt

from gainderive.ledger import Claim, Identity, Parts, Printed, Said, Source

_INPUTS = Rational(1, 3)
"""The embeddings' scale (9N)^(-1/4), squared, in units of N^(-1/2)."""
_SQUARE = (sqrt(22) - 2) / 6
"""The square of the scale in units of N^(-1/2): the positive root of the quadratic equation that is checked below."""
SCALE = sqrt(_SQUARE)

CLAIM = Claim(
    says="In a transformer of N encoder layers without normalization scale the value and output projections and the "
    "weights of the MLPs by 0.67·N^(-1/4).",
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
    check=Parts(
        {
            "the condition": Said(
                Identity(
                    2 * (2 * _SQUARE * _INPUTS + _SQUARE**2),
                    Integer(1),
                    "N times v²x² + w²x² + v²w², summed over two blocks, at v = w = c·N^(-1/4) and x = (9N)^(-1/4)",
                )
            ),
            "the digits": Printed("0.67", SCALE, "c = √((√22 - 2)/6)"),
        }
    ),
    remark="Read as the decoder's (9N)^(-1/4): the same terms shall add up to 1 over the encoder's two blocks a layer, "
    "while the embeddings keep the decoder's scale. Then c = {exact}.",
    numbers={"exact": (SCALE, 8)},
)
