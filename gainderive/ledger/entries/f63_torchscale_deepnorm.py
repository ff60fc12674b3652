"""F63: DeepNorm's scale of the encoder as torchscale computes it."""

from gainderive.ledger import Claim, Printed, Source
from gainderive.ledger.entries.f62_deepnorm_encoder_decoder import BETA

CLAIM = Claim(
    says="With encoder and decoder the encoder's weights are divided by (N⁴M)^(1/16)/1.15, that is, multiplied by "
    "1.15·(N⁴M)^(-1/16).",
    who=(
        Source(
            "torchscale, torchscale/architecture/encoder.py, init_scale (commit 0cb9695)",
            "https://github.com/microsoft/torchscale/blob/0cb96955010a93818b3dafb99708f465bcbcc651/torchscale/architecture/encoder.py",
        ),
    ),
    check=Printed("1.15", BETA, "factor β·(N⁴M)^(1/16) of DeepNorm"),
    correct="DeepNorm's factor is {beta}·(N⁴M)^(-1/16). 1.15 is the reciprocal, {reciprocal} rounded: divided by where "
    "it has to be multiplied with. The weights come out {ratio} times as large as the paper has them.",
    remark="The decoder and the nets without encoder divide by the right number.",
    numbers={"beta": BETA, "reciprocal": 1 / BETA, "ratio": (115 / (100 * BETA), 4)},
)
