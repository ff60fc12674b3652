"""F38: the gammas of timm, which are NFNets' with PyTorch's functions."""

from gainderive.ledger import Claim, Printed, PrintedTable, Source, gain_of

PRINTED = {
    "identity": "1.0",
    "celu": "1.270926833152771",
    "elu": "1.2716004848480225",
    "gelu": "1.7015043497085571",
    "leaky_relu": "1.70590341091156",
    "logsigmoid": "1.9193484783172607",
    "relu": "1.7139588594436646",
    "relu6": "1.7131484746932983",
    "selu": "1.0008515119552612",
    "sigmoid": "4.803835391998291",
    "silu": "1.7881293296813965",
    "softsign": "2.338853120803833",
    "softplus": "1.9203323125839233",
    "tanh": "1.5939117670059204",
}
"""The table ``_nonlin_gamma`` but for log_softmax, under the names of torch.nn.functional."""

GAMMAS = {name: gain_of(name, "centered") for name in PRINTED}

CLAIM = Claim(
    says="Normalizer-free nets multiply weights or activations by γ: 1.7015043497085571 for GELU, 1.7139588594436646 "
    "for ReLU, 1.7881293296813965 for SiLU, and so on.",
    who=(
        Source(
            "timm, models/nfnet.py, _nonlin_gamma (pytorch-image-models, commit 0262a0e)",
            "https://github.com/huggingface/pytorch-image-models/blob/0262a0e8e16c31a4e8157a44dafbe5f6b8c21495/timm/models/nfnet.py",
        ),
    ),
    check=PrintedTable({name: Printed(text, GAMMAS[name]) for name, text in PRINTED.items()}),
    correct="γ = 1/√Var φ(z): {gelu} for GELU, {relu} for ReLU, {silu} for SiLU, {elu} for ELU, {leaky_relu} for Leaky "
    "ReLU of slope 0.01. Of the 16 digits printed about three are right.",
    remark="The digits are those of NFNets, sampled there with JAX's GELU, the tanh approximation; PyTorch's GELU is "
    "the exact one. Beside the sampling error of the printed number the difference of the two does not show.",
    numbers={name: (gamma, 10) for name, gamma in GAMMAS.items()},
    results=("GD-0010",),
)
