"""Header values as they travel (RFC 2047, RFC 5322): ASCII, folded.

The standard library folds long encoded names wrongly (a space appears inside a word), so this is done here.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable, Iterator

_FOLD = "\r\n "
_LONGEST_PLAIN = 66
_UNTOUCHED = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789!*+-/")
_ATOM_OR_SPACE = _UNTOUCHED | frozenset(" #$%&'=?^_`{|}~")


def unstructured(value: str) -> str:
    """A value that is nothing but text: a subject, for one."""
    return value if _is_plain(value) else _encoded(value)


def mailbox(name: str, address: str) -> str:
    """`name <address>`, or the bare address without a name. `address` is taken as it is."""
    if not name:
        return address
    if not _is_plain(name):
        return f"{_encoded(name)}{_FOLD}<{address}>"
    if all(c in _ATOM_OR_SPACE for c in name):
        return f"{name}{_FOLD}<{address}>"
    quoted = name.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{quoted}"{_FOLD}<{address}>'


def _is_plain(value: str) -> bool:
    return value.isascii() and value.isprintable() and len(value) <= _LONGEST_PLAIN and "=?" not in value


def _encoded(value: str) -> str:
    if 4 * len(value.encode()) < 3 * sum(len(_as_q(c)) for c in value):
        words = (f"=?utf-8?b?{b64encode(piece).decode()}?=" for piece in _pieces(value, str.encode, 42))
    else:
        words = (f"=?utf-8?q?{piece.decode()}?=" for piece in _pieces(value, _as_q, 56))
    return _FOLD.join(words)


def _pieces(value: str, write: Callable[[str], bytes], longest: int) -> Iterator[bytes]:
    """`value` as written, in pieces that fit an encoded word and never part the bytes of a character."""
    piece = b""
    for character in value:
        written = write(character)
        if len(piece) + len(written) > longest:
            yield piece
            piece = b""
        piece += written
    yield piece


def _as_q(character: str) -> bytes:
    if character == " ":
        return b"_"
    if character in _UNTOUCHED:
        return character.encode()
    return b"".join(b"=%02X" % byte for byte in character.encode())
