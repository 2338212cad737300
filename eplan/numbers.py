"""How numbers are written for people."""

from decimal import Decimal


def with_commas(number: Decimal | int) -> str:
    """`number` with thousands commas, and two decimals only when it is not whole: "250,000", "250,000.50".

    This is how the manual prints amounts of baht: satang are shown where there are any.
    """
    whole = int(number)  # written several times as fast as a Decimal, and a page may have a thousand
    return f"{whole:,}" if number == whole else f"{number:,.2f}"
