"""The only importer of argon2."""

from functools import lru_cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

# argon2-cffi's defaults are the low-memory parameters of RFC 9106, section 4: argon2id, t=3, p=4, 64 MiB.
_hasher = PasswordHasher()


@lru_cache(maxsize=1)
def _hash_of_nothing() -> str:
    return _hasher.hash("nobody has this password")


def hash_password(password: str) -> str:
    return _hasher.hash(password)


def password_fits(password_hash: str | None, password: str) -> bool:
    """Return whether the password belongs to the hash.

    The work is the same where there is no hash to compare with, so that time tells nobody which addresses are
    known (trust.md 22).
    """
    try:
        fits = _hasher.verify(password_hash or _hash_of_nothing(), password)
    except (VerificationError, InvalidHashError):
        return False
    return fits and password_hash is not None
