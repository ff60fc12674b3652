"""What a function of torch does to the values that flow through it, told from its name.

Names are told without underscores, which mark variants: ``add_``, ``__add__`` and ``__radd__`` are one operation.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from gainderive import activations
from gainderive.pytorch.graph._flow import Op


def words(text: str) -> frozenset[str]:
    """Return the words of a text as a set."""
    return frozenset(text.split())


_LINEAR_MAPS = words(
    "linear bilinear conv1d conv2d conv3d conv_transpose1d conv_transpose2d conv_transpose3d embedding embedding_bag"
)
PRODUCTS = words("matmul rmatmul mm bmm mv addmm addmv baddbmm einsum tensordot inner dot")
"""Layers where one factor is a parameter; else they mix values."""
_NORMS = words("batch_norm layer_norm group_norm instance_norm rms_norm local_response_norm normalize")
_ARITHMETIC = words(
    """
    add radd iadd sub rsub isub mul rmul imul div rdiv truediv rtruediv itruediv true_divide pow rpow ipow neg positive
    multiply subtract divide negative square sqrt rsqrt reciprocal exp exp2 expm1 log log1p log2 log10 abs absolute
    sign sgn sin cos tan sinh cosh tanh asin acos atan asinh acosh atanh arcsin arctan arcsinh arctan2 sinc erf erfc
    erfinv ndtr log_ndtr expit sigmoid clamp clip clamp_min clamp_max minimum maximum where lerp addcmul addcdiv prelu
    gt lt ge le eq ne greater less floor ceil round trunc frac zeros_like ones_like full_like fill masked_fill
    nan_to_num heaviside cast logical_not invert xlogy float_power
    """
)
"""Operations on one number after the other, beside those that the catalogue names."""
_CARRYING = words(
    """
    view reshape flatten unflatten permute transpose swapaxes swapdims movedim moveaxis contiguous squeeze unsqueeze
    expand expand_as view_as reshape_as broadcast_to repeat repeat_interleave tile chunk split tensor_split
    split_with_sizes unbind getitem setitem narrow select index_select gather take_along_dim masked_select clone detach
    requires_grad alias as_strided t H T mT mH identity
    dropout alpha_dropout feature_dropout feature_alpha_dropout dropout1d dropout2d dropout3d
    pad interpolate upsample tril triu roll flip rot90 fold unfold pixel_shuffle pixel_unshuffle channel_shuffle
    diagonal cat concat concatenate stack hstack vstack mean sum amax amin max min median logsumexp
    max_pool1d max_pool2d max_pool3d max_pool1d_with_indices max_pool2d_with_indices max_pool3d_with_indices
    avg_pool1d avg_pool2d avg_pool3d lp_pool1d lp_pool2d max_unpool2d
    adaptive_avg_pool1d adaptive_avg_pool2d adaptive_avg_pool3d
    adaptive_max_pool1d adaptive_max_pool2d adaptive_max_pool3d pack_padded_sequence pad_packed_sequence
    """
)
SUMS = words("add radd iadd sub rsub isub subtract")
"""Elementwise operations that add, if their arguments come from several values."""
PIECES = words("chunk split tensor_split split_with_sizes unbind")
"""Operations that hand out parts, each of which goes its own way."""
TURNS = words("t T mT transpose swapaxes swapdims permute")
"""Operations that turn a weight, after which it is still itself."""
CASTS = words("to type type_as float double half bfloat16 cpu cuda")
"""Operations that change how numbers are stored."""
MOVES = TURNS | words(
    """
    cast view reshape flatten unflatten contiguous squeeze unsqueeze expand clone detach getitem
    """
)
"""Operations after which a weight is still itself."""


def cast(value: Any) -> Any:
    """Return numbers as they are, and truth values as numbers: what an operation of `CASTS` does to a function."""
    return value + 0.0


def name_of(function: Any) -> str:
    """Return the name of a function of torch without the marks of variants.

    >>> import torch
    >>> name_of(torch.Tensor.add_), name_of(torch.Tensor.__mul__), name_of(torch.nn.functional.relu)
    ('add', 'mul', 'relu')
    """
    if getattr(function, "__name__", "") == "__get__":  # An attribute, such as x.T.
        return getattr(getattr(function, "__self__", None), "__name__", "get")
    return str(getattr(function, "__name__", type(function).__name__)).strip("_").removeprefix("special_")


@cache
def _elementwise() -> frozenset[str]:
    named = (dotted for name in activations.names() for dotted in activations.load(name).elsewhere)
    return _ARITHMETIC | {dotted.rpartition(".")[2] for dotted in named if dotted.startswith("torch.")}


def kind_of_function(name: str) -> Op:
    """Return what the function called `name` does; a product of tensors is a layer if one of them is a parameter.

    >>> kind_of_function("add"), kind_of_function("flatten"), kind_of_function("softmax")
    (<Op.ELEMENTWISE: 'elementwise'>, <Op.CARRY: 'carry'>, <Op.MIX: 'mix'>)
    """
    if name in _LINEAR_MAPS or name in PRODUCTS:
        return Op.LAYER
    if name == "multi_head_attention_forward":
        return Op.ATTENTION
    if name == "glu":
        return Op.PRODUCT
    if name in _NORMS:
        return Op.NORM
    if name in _CARRYING:
        return Op.CARRY
    return Op.ELEMENTWISE if name in _elementwise() else Op.MIX
