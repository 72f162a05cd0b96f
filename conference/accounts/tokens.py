import hashlib


def token_hash(token: str) -> str:
    """Return the SHA-256 that is stored of a random token: who reads the database cannot sign in with it."""
    return hashlib.sha256(token.encode()).hexdigest()
