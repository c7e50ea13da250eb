"""A zip of parts whose bytes depend on the parts alone: no clock, no file system."""

import io
from collections.abc import Iterable
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

# The first moment a zip can tell of; it is what Office itself writes.
THEN = (1980, 1, 1, 0, 0, 0)


def package(parts: Iterable[tuple[str, Iterable[bytes]]]) -> bytes:
    """The parts, each a name and its bytes in pieces, in the order given. No part is held whole."""
    out = io.BytesIO()
    with ZipFile(out, "w", ZIP_DEFLATED) as bundle:
        for name, pieces in parts:
            info = ZipInfo(name, THEN)
            info.compress_type = ZIP_DEFLATED
            info.create_system = 0  # else the system it was made on shows
            with bundle.open(info, "w") as part:
                for piece in pieces:
                    part.write(piece)
    return out.getvalue()
