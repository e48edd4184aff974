"""Decompress exactly as much as is needed, and never more than the file can hold."""

from __future__ import annotations

import bz2
import zlib

from saliscribe.io.file_bytes import FileBytes

#: Deflate cannot expand by more than this: a larger declared size is seen as false before any work.
_DEFLATE_LIMIT = 1032
_CHUNK = 1 << 20


def inflate(file: FileBytes, length: int, *, start: int = 0) -> bytes:
    """The first ``length`` bytes inside the gzip (or zlib) stream at ``file.data[start:]``; fewer if it ends early.

    Memory grows with what is really there. Streams of several members are joined, and the checksum of
    the last one is verified when all ``length`` bytes came out.

    Raises:
        InputError: the stream is damaged, or too short to hold that much.
    """
    packed = memoryview(file.data)[start:]
    most = _DEFLATE_LIMIT * len(packed)
    if length > most + _CHUNK:
        raise file.damaged(
            "the file is cut off", expected=f"{length:,} bytes", got=f"at most {most:,} once unpacked"
        )
    out = bytearray()
    stream = zlib.decompressobj(wbits=47)
    try:
        place, chunk = 0, b""
        while len(out) < length:
            if not chunk:
                chunk = bytes(packed[place : place + _CHUNK])
                place += len(chunk)
            if stream.eof and chunk.startswith(b"\x1f\x8b"):
                stream = zlib.decompressobj(wbits=31)
            if not chunk or stream.eof:
                break
            out += stream.decompress(chunk, length - len(out))
            chunk = stream.unused_data if stream.eof else stream.unconsumed_tail
        if not stream.eof and len(out) == length:
            stream.decompress(chunk + bytes(packed[place : place + _CHUNK]), 1)
    except zlib.error as error:
        raise file.damaged("the compressed data are damaged", got=str(error)) from error
    return bytes(out)


def inflate_bzip2(file: FileBytes, length: int, *, start: int = 0) -> bytes:
    """The first ``length`` bytes inside the bzip2 stream at ``file.data[start:]``; fewer if it ends early.

    Raises:
        InputError: the stream is damaged.
    """
    try:
        return bz2.BZ2Decompressor().decompress(file.data[start:], length)
    except (OSError, EOFError, ValueError) as error:
        raise file.damaged("the compressed data are damaged", got=str(error)) from error
