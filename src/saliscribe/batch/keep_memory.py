"""Memory that one slice gave back stays with the process for the next one."""

from __future__ import annotations

import numpy as np

#: glibc learns from blocks of up to 32 MiB.
LARGEST_LEARNT = 30 << 20


def keep_freed_memory() -> None:
    """Tell glibc's allocator that blocks of some megabytes come and go here.

    It gives every large block back to the system, which must clear it again for the next slice, until it has
    seen a block of that size freed (mallopt(3), ``M_MMAP_THRESHOLD``, "dynamic"). The block is never touched and costs
    nothing; other allocators take no notice.
    """
    np.empty(LARGEST_LEARNT, dtype=np.uint8)
