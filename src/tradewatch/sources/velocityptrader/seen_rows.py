"""Which rows of a foreign table were seen, and with what content: 17 bytes a row."""

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Mapping

import msgspec

_GONE = 0
"""The digest of a row that is no more."""

_ENCODER = msgspec.msgpack.Encoder()


def digest_of(content: object) -> int:
    """Return 64 bits that differ for another content, within one process; never that of a row that is gone."""
    return hash(_ENCODER.encode(content)) or 1


class SeenRows:
    """Ids in ascending order, the digest of each row, and whether another row closes its trade."""

    def __init__(self) -> None:
        self._ids = array("q")
        self._digests = array("q")
        self._closed_by_another = bytearray()

    def __contains__(self, row_id: int) -> bool:
        index = self._index(row_id)
        return index is not None and self._digests[index] != _GONE

    @property
    def last(self) -> int | None:
        """The highest id ever seen."""
        return self._ids[-1] if self._ids else None

    def put(self, row_id: int, digest: int) -> None:
        """Take a row as it is now."""
        index = bisect_left(self._ids, row_id)
        if index < len(self._ids) and self._ids[index] == row_id:
            self._digests[index] = digest
            return
        self._ids.insert(index, row_id)
        self._digests.insert(index, digest)
        self._closed_by_another.insert(index, False)

    def remove(self, row_id: int) -> None:
        """Take that a row is gone."""
        index = self._index(row_id)
        if index is not None:
            self._digests[index] = _GONE
            self._closed_by_another[index] = False

    def between(self, after: int | None, until: int) -> Mapping[int, int]:
        """Return the digests of the rows with ids after one and up to another, without those that are gone."""
        start = 0 if after is None else bisect_right(self._ids, after)
        end = bisect_right(self._ids, until)
        found = zip(self._ids[start:end], self._digests[start:end], strict=True)
        return {row_id: digest for row_id, digest in found if digest != _GONE}

    def is_closed_by_another(self, row_id: int) -> bool:
        """Whether another row was seen to close the trade of this one."""
        index = self._index(row_id)
        return index is not None and bool(self._closed_by_another[index])

    def note_closed_by_another(self, row_id: int, *, is_so: bool) -> None:
        """Take whether another row closes the trade of this one."""
        index = self._index(row_id)
        if index is not None:
            self._closed_by_another[index] = is_so

    def _index(self, row_id: int) -> int | None:
        index = bisect_left(self._ids, row_id)
        return index if index < len(self._ids) and self._ids[index] == row_id else None
