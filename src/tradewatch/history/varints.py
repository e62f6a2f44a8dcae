"""Whole numbers in as few bytes as they need, as protobuf and Prometheus' blocks have them."""


def varint(number: int) -> bytes:
    r"""Return a natural number, seven bits a byte, the lowest first.

    >>> varint(1), varint(300)
    (b'\x01', b'\xac\x02')
    """
    groups = bytearray()
    while number > 0x7F:  # noqa: PLR2004 - seven bits
        groups.append(number & 0x7F | 0x80)
        number >>= 7
    groups.append(number)
    return bytes(groups)


def signed_varint(number: int) -> bytes:
    r"""Return a whole number of 64 bits, those near zero short: 0, -1, 1, -2 are written as 0, 1, 2, 3.

    >>> signed_varint(-1), signed_varint(1)
    (b'\x01', b'\x02')
    """
    return varint(2 * number if number >= 0 else -2 * number - 1)
