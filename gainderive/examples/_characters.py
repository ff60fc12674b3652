"""Made-up names, letter by letter: what a model of characters learns from."""

from __future__ import annotations

from random import Random

import torch

_ONSETS = ("b", "br", "d", "f", "g", "h", "j", "k", "kl", "l", "m", "n", "p", "r", "s", "st", "t", "tr", "v", "z", "")
_VOWELS = ("a", "a", "e", "e", "i", "i", "o", "u", "ai", "ea", "ia")
_CODAS = ("", "", "", "n", "r", "l", "s", "m", "th")

ALPHABET = ".abcdefghijklmnopqrstuvwxyz"
"""The letters by number; the first marks where a name begins and ends."""


def names(number: int, seed: int = 0) -> list[str]:
    """Return made-up names of two to four syllables, by a small grammar.

    >>> names(3)
    ['klerklaimoth', 'stoziam', 'steaslan']
    """
    # Of Python's generator only `random()` gives the same numbers in all versions.
    draw = Random(seed).random

    def one_of(parts: tuple[str, ...]) -> str:
        return parts[int(draw() * len(parts))]

    def name() -> str:
        syllables = 2 + int(draw() * draw() * 3)
        return "".join(one_of(_ONSETS) + one_of(_VOWELS) + one_of(_CODAS) for _ in range(syllables))

    return [name() for _ in range(number)]


def characters(number: int = 2000, *, block: int = 3, seed: int = 0) -> tuple[torch.Tensor, torch.Tensor]:
    """Return what precedes each letter of some made-up names, and the letter.

    Parameters
    ----------
    number : int
        Number of names; each has about seven letters.
    block : int
        Number of letters that precede; before a name there are dots.
    seed : int
        Other names for another seed.

    Returns
    -------
    contexts : LongTensor of shape ``(samples, block)``
        Numbers of letters in ``".abc...z"``.
    targets : LongTensor of shape ``(samples,)``
        The number of the letter that follows; a dot ends the name.

    Examples
    --------
    >>> contexts, targets = characters(1, seed=28)
    >>> ["".join(ALPHABET[i] for i in context) for context in contexts]
    ['...', '..p', '.pa', 'pal', 'ali']
    >>> "".join(ALPHABET[i] for i in targets)
    'pali.'
    """
    contexts, targets = [], []
    for name in names(number, seed):
        numbers = [0] * block + [ALPHABET.index(letter) for letter in name] + [0]
        for end in range(block, len(numbers)):
            contexts.append(numbers[end - block : end])
            targets.append(numbers[end])
    return torch.tensor(contexts), torch.tensor(targets)
