"""GD-0054: the variance that truncation leaves of a normal weight, which is GD-0046."""

from gainderive.catalog import Withdrawn

RESULT = Withdrawn(
    title="A normal weight that is truncated at ±t standard deviations keeps 1 - 2 t n(t) / P(|z| < t) of its variance",
    because="It is right, and says what another result says; one statement has one ID.",
    since="0.1.0",
    replaced_by="GD-0046",
)
