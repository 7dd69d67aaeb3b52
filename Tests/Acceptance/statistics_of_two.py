"""Whether two series of measurements come from one source."""

from __future__ import annotations

import math
from statistics import median


def probability_of_being_later(first: list[float], second: list[float]) -> float:
    """The chance that a value of `second` is greater than one of `first` (Mann-Whitney's U over its maximum).

    0.5 where nothing tells the two apart, ties counted as halves.
    """
    merged = sorted([(value, 0) for value in first] + [(value, 1) for value in second])
    rank_sum, position = 0.0, 0
    while position < len(merged):
        end = position
        while end < len(merged) and merged[end][0] == merged[position][0]:
            end += 1
        rank = (position + 1 + end) / 2
        rank_sum += rank * sum(series for _, series in merged[position:end])
        position = end
    u = rank_sum - len(second) * (len(second) + 1) / 2
    return u / (len(first) * len(second))


def standard_error(first: list[float], second: list[float]) -> float:
    """Of the probability above, where both series come from one source."""
    n, m = len(first), len(second)
    return math.sqrt((n + m + 1) / (12 * n * m))


def tells_apart(first: list[float], second: list[float]) -> bool:
    """True beyond five standard errors: by chance once in two million comparisons."""
    return abs(probability_of_being_later(first, second) - 0.5) > 5 * standard_error(first, second)


def relative_difference(first: list[float], second: list[float]) -> float:
    return abs(median(first) - median(second)) / min(median(first), median(second))
