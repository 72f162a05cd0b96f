"""A device that makes and uses passkeys, in a few lines: what a browser and its authenticator answer (WebAuthn Level 3)."""

import base64
import hashlib
import json
import struct
from dataclasses import dataclass, field, replace
from typing import Any

import cbor2
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

PRESENT, VERIFIED, ATTESTED = 0x01, 0x04, 0x40


def text_of(octets: bytes) -> str:
    return base64.urlsafe_b64encode(octets).decode().rstrip("=")


def bytes_of(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


@dataclass(kw_only=True)
class Device:
    """One passkey. `count` rises at each use unless `counts` is off, as with passkeys that are synced."""

    origin: str = "http://localhost"
    host: str = "localhost"
    flags: int = PRESENT | VERIFIED
    counts: bool = True
    count: int = 0
    handle: bytes = b""
    credential_id: bytes = b"a credential"
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))

    def copy(self, **changes: Any) -> "Device":
        return replace(self, **changes)

    def make(self, options: dict[str, Any]) -> str:
        """Return what a browser answers that was asked for a new passkey."""
        self.handle = bytes_of(options["user"]["id"])
        attested = (
            bytes(16) + struct.pack(">H", len(self.credential_id)) + self.credential_id + self._public_key()
        )
        data = self._data(self.flags | ATTESTED) + attested
        told = cbor2.dumps({"fmt": "none", "attStmt": {}, "authData": data})
        return self._answer("webauthn.create", options, {"attestationObject": text_of(told)})

    def use(self, options: dict[str, Any]) -> str:
        """Return what a browser answers that was asked for any passkey."""
        self.count += self.counts
        data = self._data(self.flags)
        client = self._client("webauthn.get", options)
        signature = self.key.sign(data + hashlib.sha256(client).digest(), ec.ECDSA(hashes.SHA256()))
        response = {
            "authenticatorData": text_of(data),
            "signature": text_of(signature),
            "userHandle": text_of(self.handle),
        }
        return self._answer("webauthn.get", options, response)

    def _public_key(self) -> bytes:
        numbers = self.key.public_key().public_numbers()
        point = (numbers.x.to_bytes(32, "big"), numbers.y.to_bytes(32, "big"))
        # COSE: an elliptic curve's key for ES256 on P-256 (RFC 9053, 7.1).
        return cbor2.dumps({1: 2, 3: -7, -1: 1, -2: point[0], -3: point[1]})

    def _data(self, flags: int) -> bytes:
        return hashlib.sha256(self.host.encode()).digest() + bytes([flags]) + struct.pack(">I", self.count)

    def _client(self, kind: str, options: dict[str, Any]) -> bytes:
        told = {"type": kind, "challenge": options["challenge"], "origin": self.origin, "crossOrigin": False}
        return json.dumps(told).encode()

    def _answer(self, kind: str, options: dict[str, Any], response: dict[str, str]) -> str:
        name = text_of(self.credential_id)
        client = text_of(self._client(kind, options))
        whole = {"clientDataJSON": client, **response}
        return json.dumps({"id": name, "rawId": name, "type": "public-key", "response": whole})
