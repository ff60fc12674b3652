"""G112: the gain of maxout."""

from gainderive.ledger import Claim, Compares, Said, Source, gain_of

CLAIM = Claim(
    says="Maxout over two preactivations needs a smaller gain, because a maximum is larger.",
    who=(Source("practice"),),
    check=Said(Compares("gain of maxout over two", gain_of("maxout"), "<", 1)),
    correct="Its gain is {two}. The mean is larger, the second moment is the same: the squares of the larger and of "
    "the smaller one have the same mean, and add up to 2. Over three the gain is {three}: there the sentence is true.",
    numbers={"two": gain_of("maxout"), "three": gain_of("maxout", k=3)},
    results=("GD-0042",),
)
