"""What Prometheus' files are made of: bytes with their length and a checksum."""

from google_crc32c import value as castagnoli


def checksum(content: bytes) -> bytes:
    r"""Return the CRC-32C of some bytes, as it stands behind them.

    >>> checksum(b"123456789").hex()
    'e3069283'
    """
    code: int = castagnoli(content)
    return code.to_bytes(4, "big")


def fixed(number: int) -> bytes:
    """Return a number in four bytes."""
    return number.to_bytes(4, "big")


def section(content: bytes) -> bytes:
    """Return content with its length, in four bytes, before it and its checksum behind it."""
    return fixed(len(content)) + content + checksum(content)
