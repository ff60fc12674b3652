import subprocess
import sys
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sympy import CRootOf, Expr, Float, I, Integer, Rational, S, nan, oo, pi, sqrt, zoo

from gainderive.errors import BadDigits, BadParameter
from gainderive.numbers import MAX_DIGITS, digits, exact
from gainderive.symbols import parameter, x

a = parameter("a")
fifth = Rational(1, 5)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (3, Integer(3)),
        (-0.0, S.Zero),
        (0.2, fifth),
        (1e-308, Rational(1, 10**308)),
        (Fraction(1, 3), Rational(1, 3)),
        (Decimal("0.2"), fifth),
        (np.float32(0.2), fifth),
        (np.float16(0.2), fifth),
        (np.float64(0.2), fifth),
        (np.longdouble("0.2"), fifth),
        (np.int8(-3), Integer(-3)),
        (np.uint64(2**64 - 1), Integer(2**64 - 1)),
        (fifth, fifth),
        (Float(0.2), fifth),
        (sqrt(2) * Float(0.5), sqrt(2) / 2),
        (pi, pi),
        ((1 + I) * (1 - I), None),
        (CRootOf(x**3 - x - 1, 0), CRootOf(x**3 - x - 1, 0)),
        ("0.2", fifth),
        ("1/3", Rational(1, 3)),
        (" sqrt(2) ", sqrt(2)),
        ("-1e-3", Rational(-1, 1000)),
        (np.str_("1/3"), Rational(1, 3)),
    ],
    ids=repr,
)
def test_a_number_is_what_its_author_typed(value: object, expected: Expr | None) -> None:
    result = exact(value, "alpha")
    assert result == expected if expected is not None else result.expand() == 2


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_floats_survive_the_round_trip(value: float) -> None:
    assert float(exact(value, "alpha")) == value
    assert exact(value, "alpha") == exact(np.float64(value), "alpha") == Rational(repr(value))


@given(st.floats(width=32, allow_nan=False, allow_infinity=False))
def test_single_precision_survives_the_round_trip(value: float) -> None:
    assert np.float32(float(exact(np.float32(value), "alpha"))) == np.float32(value)


@given(
    st.integers()
    | st.fractions()
    | st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**9), max_value=10**9)
)
def test_exact_numbers_stay_exact(value: int | Fraction | Decimal) -> None:
    result = exact(value, "alpha")
    assert Fraction(int(result.p), int(result.q)) == Fraction(value)


@pytest.mark.parametrize(
    "value",
    [
        *(True, np.True_, S.true, None),
        *(float("nan"), float("inf"), -float("inf"), np.float32("nan"), np.float64("inf"), nan, oo, -oo, zoo),
        *(Decimal("nan"), Decimal("inf"), Decimal("1e999999999")),
        *(1j, np.complex128(1), I, sqrt(-2), Integer(-8) ** Rational(1, 3)),
        *([1], (1,), {}, b"1", np.array(1.0), np.array([1.0]), np.datetime64("2020-01-01")),
        *("", "x", "1 +", "nan", "I", "1e99999", "True", "__import__('os')", "sqrt(-2)"),
        *(x, a, 2 * a),
    ],
    ids=repr,
)
def test_what_is_no_finite_real_number_is_refused_by_name(value: object) -> None:
    with pytest.raises(BadParameter, match=r"^alpha"):
        exact(value, "alpha")


def test_a_huge_float_is_refused_before_it_is_written_out() -> None:
    with pytest.raises(BadParameter, match=r"^alpha: a float is too large"):
        exact(Float(2.0) ** Integer(10**9), "alpha")


def test_a_tensor_is_refused_with_advice() -> None:
    torch = pytest.importorskip("torch")
    for value in (torch.tensor(0.2), torch.tensor([1, 2])):
        with pytest.raises(BadParameter, match=r"\.item\(\)"):
            exact(value, "alpha")
        with pytest.raises(BadDigits):
            digits(value)
    with pytest.raises(BadParameter, match=r"\.item\(\)"):
        exact(np.array(0.2), "alpha")


def test_symbols_pass_only_where_they_are_wanted() -> None:
    plain = parameter("b", real=None)
    assert exact(a, "alpha", symbolic=True) is a
    assert exact(plain / 3, "alpha", symbolic=True) == plain / 3
    assert exact(Float(0.5) * a, "alpha", symbolic=True) == a / 2
    with pytest.raises(BadParameter, match=r"^alpha must be a number, but a depends on a"):
        exact(a, "alpha")
    for value in (parameter("i", imaginary=True, real=None), I * a, a + oo):
        with pytest.raises(BadParameter):
            exact(value, "alpha", symbolic=True)


@pytest.mark.parametrize("value", [1, 15, np.int64(15), np.uint8(15), Integer(15), MAX_DIGITS])
def test_digits_are_integers(value: object) -> None:
    result = digits(value)
    assert type(result) is int
    assert result == value


@pytest.mark.parametrize(
    "value",
    [
        True,
        np.True_,
        0,
        -1,
        Integer(0),
        MAX_DIGITS + 1,
        10**5000,
        2.0,
        np.float64(2),
        "15",
        None,
        Rational(3, 2),
        a,
        np.array(3),
    ],
    ids=lambda value: str(type(value).__name__),
)
def test_digits_that_are_absurd_are_refused(value: object) -> None:
    with pytest.raises(BadDigits, match="between 1 and 100000"):
        digits(value)


def test_numpy_is_not_imported_for_the_numbers_of_others() -> None:
    code = (
        "import sys; from gainderive.numbers import digits, exact; "
        "exact(0.2, 'a'); exact('1/3', 'a'); digits(3); assert 'numpy' not in sys.modules, 'NumPy was imported'"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
