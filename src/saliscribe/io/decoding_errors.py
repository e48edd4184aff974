"""Whatever a decoder raises on damaged bytes becomes one unreadable input."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from saliscribe.errors import InputError, SaliscribeError


@contextmanager
def decoding_errors(where: str, summary: str) -> Iterator[None]:
    """Turn every error of the block that is not ours yet into an ``InputError`` about ``where``, a ``summary``."""
    try:
        yield
    except SaliscribeError:
        raise
    except MemoryError as error:
        raise InputError("not enough memory for this image", where=where) from error
    except Exception as error:
        reason = str(error) or type(error).__name__
        raise InputError(
            f"{summary} that cannot be decoded: damaged or an unusual variant", got=reason[:200], where=where
        ) from error
