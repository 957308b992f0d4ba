"""Which sums of squares whole numbers can have, given how many they are and their sum.

Without a range the answer is complete. Let the sum be s and the sum of squares q. Always q and s
are both even or both odd, and q is at least what values as equal as possible give.

n ≥ 5   These two conditions suffice. Shift all values so that |s| ≤ n/2. For n = 5 set one value
        to t = 0 (s odd) or t = 1 (s even; all zeros if q = 0): the other four have an odd sum
        s' and an odd sum of squares q', so that 4q' - s'² is 3 modulo 8, hence a sum of three
        odd squares (Gauss), which gives four whole numbers (Cauchy's lemma, signs free). One
        more value, 0 or the sign of s, carries n to n + 1.
n = 4   By the same two theorems: always if s is odd; if it is even, q - (s/2)² must be a sum of
        three squares, hence not 4ᵃ(8b + 7).
n ≤ 3   One value is tried after the other, down to two, where 2q - s² must be a square.

With a range the search goes value by value, from the ends of the range inwards, and stops where
the rest is too tight, too wide, or free of the range.
"""

from __future__ import annotations

from collections.abc import Iterator
from math import isqrt

MOST_STEPS = 200_000  # of the search inside a range; beyond, the answer is "cannot say"


def least(n: int, total: int) -> int:
    """The smallest sum of squares: values as equal as possible.

    >>> least(4, 6)
    10
    """
    each, more = divmod(total, n)
    return (n - more) * each * each + more * (each + 1) ** 2


def most(n: int, total: int, low: int, high: int) -> int:
    """The largest sum of squares inside a range: values at its ends, but for one.

    >>> most(4, 6, 0, 5)
    26
    """
    if low == high:
        return n * low * low
    at_top, rest = divmod(total - n * low, high - low)
    if at_top == n:
        return n * high * high
    return at_top * high * high + (low + rest) ** 2 + (n - at_top - 1) * low * low


def reachable(n: int, total: int, squares: int) -> bool:
    """Whether n whole numbers, of any size and sign, have this sum and this sum of squares.

    >>> reachable(3, 15, 77), reachable(3, 15, 79)
    (True, False)
    """
    if n == 1:
        return squares == total * total
    if (squares - total) % 2 or squares < least(n, total):
        return False
    if n >= 5:
        return True
    if n == 2:
        rest = 2 * squares - total * total
        return isqrt(rest) ** 2 == rest
    if n == 4:
        return bool(total % 2) or three_squares(squares - (total // 2) ** 2)
    shift = total // n  # values near their mean keep the trials few
    total, squares = total - n * shift, squares - 2 * shift * total + n * shift * shift
    reach = isqrt(squares)
    return any(reachable(n - 1, total - x, squares - x * x) for x in range(-reach, reach + 1))


def three_squares(number: int) -> bool:
    """Whether a whole number of 0 or more is a sum of three squares (Legendre, Gauss).

    >>> three_squares(6), three_squares(7), three_squares(28)
    (True, False, False)
    """
    while number and number % 4 == 0:
        number //= 4
    return number % 8 != 7


def reachable_within(
    n: int, total: int, squares: int, low: int, high: int, most_steps: int = MOST_STEPS
) -> bool | None:
    """The same for whole numbers from low to high; None if the search would take too long.

    >>> reachable_within(20, 44, 130, 1, 5), reachable_within(3, 5, 17, 1, 5)
    (True, False)
    """
    return _Search(low, high).found((n, total, squares), most_steps)


State = tuple[int, int, int]


class _Search:
    """Depth first, the farthest values first; what has failed once is not tried again."""

    def __init__(self, low: int, high: int) -> None:
        self.low, self.high = low, high

    def found(self, whole: State, most_steps: int) -> bool | None:
        """Whether the whole can be filled; one value is placed at each depth."""
        answer = self.settled(whole)
        if answer is not None:
            return answer
        failed: set[State] = set()
        path = [(whole, self.outside_in(whole))]
        for _ in range(most_steps):
            state, values = path[-1]
            x = next(values, None)
            if x is None:
                failed.add(state)
                path.pop()
                if not path:
                    return False
                continue
            n, total, squares = state
            rest = (n - 1, total - x, squares - x * x)
            answer = False if rest in failed else self.settled(rest)
            if answer:
                return True
            if answer is None:
                path.append((rest, self.outside_in(rest)))
        return None

    def settled(self, state: State) -> bool | None:
        """The answer where it needs no search."""
        n, total, squares = state
        if not n * self.low <= total <= n * self.high or (squares - total) % 2:
            return False
        tight, wide = least(n, total), most(n, total, self.low, self.high)
        if not tight <= squares <= wide:
            return False
        if n == 1 or squares in (tight, wide):
            return True
        return reachable(n, total, squares) if self.free(state) else None

    def free(self, state: State) -> bool:
        """Whether no value of any filling could lie outside the range.

        A value is at most √((n-1)(nq - s²))/n away from the mean (Samuelson).
        """
        n, total, squares = state
        room = min(total - n * self.low, n * self.high - total)
        return (n - 1) * (n * squares - total * total) <= room * room

    def outside_in(self, state: State) -> Iterator[int]:
        """Every value of the range, the farthest from the mean first."""
        mean = state[1] / state[0]
        low, high = self.low, self.high
        while low <= high:
            if mean - low >= high - mean:
                yield low
                low += 1
            else:
                yield high
                high -= 1
