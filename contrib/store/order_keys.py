"""Sort keys between neighbours: a move writes one row and never meets another move."""

DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_BASE = len(DIGITS)


def between(before: str | None, after: str | None) -> str:
    """A key that sorts after `before` and before `after`; None is the open end.

    Keys never end in the lowest digit, so that there is always room before one. Equal
    neighbours (two moves to the same gap) give a key just after them.
    """
    low, high = before or "", after
    if high is not None and low >= high:
        high = None
    if high is None:
        return _after(low)
    key = ""
    index = 0
    while True:
        a = DIGITS.index(low[index]) if index < len(low) else 0
        b = DIGITS.index(high[index]) if index < len(high) else _BASE
        if b - a > 1:
            return key + DIGITS[(a + b) // 2]
        key += DIGITS[a]
        if b - a == 1:
            return key + _after(low[index + 1 :])
        index += 1


def _after(low: str) -> str:
    """The shortest simple key after `low`: the append that nearly every note is."""
    if not low:
        return DIGITS[_BASE // 2]
    for index, digit in enumerate(low):
        value = DIGITS.index(digit)
        if value < _BASE - 1 and index == len(low) - 1:
            return low[:index] + DIGITS[value + 1]
        if value < _BASE - 2 and index >= 6:
            return low[:index] + DIGITS[value + 1]
    return low + DIGITS[1]


def nth(number: int) -> str:
    """The key of the nth arrival: six digits, in order, with room between."""
    key = ""
    for _ in range(6):
        number, digit = divmod(number, _BASE)
        key = DIGITS[digit] + key
    return key + "V"
