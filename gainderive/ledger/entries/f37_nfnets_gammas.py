"""F37: the magic constants of NFNets."""

from gainderive.ledger import Claim, Printed, PrintedTable, Source, gain_of

PRINTED = {
    "celu": "1.270926833152771",
    "elu": "1.2716004848480225",
    "gelu_tanh": "1.7015043497085571",
    "glu": "1.8484294414520264",
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
"""The factors of the file, under the names of the functions that JAX computes; its GELU is the tanh approximation."""


GAMMAS = {name: gain_of(name, "centered") for name in PRINTED}

CLAIM = Claim(
    says="Times its constant γ, an activation's output has variance 1 for a standard normal input: 1.7139588594436646 "
    "for ReLU, 1.7881293296813965 for SiLU, and so on.",
    who=(
        Source(
            "NFNets, nfnets/base.py, 'magic constants (gamma)' (deepmind-research, commit 68a1754)",
            "https://github.com/google-deepmind/deepmind-research/blob/68a1754d293e04d278dfb649b2d59512f32351a7/nfnets/base.py",
        ),
    ),
    check=PrintedTable({name: Printed(text, GAMMAS[name]) for name, text in PRINTED.items()}),
    correct="γ = 1/√Var φ(z): {relu} for ReLU, {silu} for SiLU, {gelu_tanh} for GELU as JAX approximates it, {tanh} "
    "for tanh, {sigmoid} for the sigmoid, and exactly 1 for SELU. The printed ones come from samples, and of their 16 "
    "digits about three are right.",
    remark="That they were sampled shows in pairs that must agree: CELU and ELU are one function at α = 1, log-sigmoid "
    "and softplus mirror each other, and both pairs are printed with two numbers. The constant of log_softmax is left "
    "out: it depends on the number of classes.",
    numbers={name: (gamma, 10) for name, gamma in GAMMAS.items()},
    results=("GD-0010",),
)
