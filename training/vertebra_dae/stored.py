"""Files that the repository keeps compressed, as `<name>.planes.gz`; conversion/src/storedModel.ts writes them."""

from __future__ import annotations

import gzip
import os
from pathlib import Path

import numpy as np

SUFFIX = ".planes.gz"
WORD_BYTES = 4


def restore(folder: Path) -> None:
    """Makes `<name>` of each `<name>.planes.gz` where it is missing: all first bytes of its words come first there, and so on."""
    for stored in folder.glob(f"*{SUFFIX}"):
        path = stored.with_name(stored.name.removesuffix(SUFFIX))
        if path.exists():
            continue
        planes = np.frombuffer(gzip.decompress(stored.read_bytes()), np.uint8)
        content = np.empty_like(planes)
        start = 0
        for plane in range(WORD_BYTES):
            count = len(content[plane::WORD_BYTES])
            content[plane::WORD_BYTES] = planes[start : start + count]
            start += count
        partial = path.with_name(f"{path.name}.{os.getpid()}")
        partial.write_bytes(content.tobytes())
        partial.replace(path)
