"""Where a request comes from, as far as that can be believed (trust.md 22)."""

from collections.abc import Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

from flask import request

from conference.web.settings import current_settings

Network = IPv4Network | IPv6Network
Address = IPv4Address | IPv6Address
# A household or an office has at least so much of IPv6 to itself (RFC 6177), and so has whoever tries again and again.
_IPV6_BITS = 64


def client_address() -> str:
    """Return the address, or the /64 of IPv6, that attempts are counted by; empty where there is none, as of a socket file."""
    forwarded = ",".join(request.headers.getlist("X-Forwarded-For"))
    return counted_address(request.remote_addr or "", forwarded, current_settings().trusted_proxies)


def is_trusted_proxy(peer: str | None) -> bool:
    """Return whether the peer is one of CONFERENCE_TRUSTED_PROXIES, by whatever form of its address."""
    seen = _read(peer or "")
    return seen is not None and any(seen in network for network in current_settings().trusted_proxies)


def counted_address(peer: str, forwarded: str, trusted: Sequence[Network]) -> str:
    """Return what `client_address` says of a peer and an X-Forwarded-For header.

    The header is read from the right: each proxy adds whom it saw, so the first that is no trusted proxy is the last one
    that anybody trustworthy has seen. What stands left of it a stranger may have written. A peer that is not trusted
    changes nothing by the header.
    """
    seen = _read(peer)
    hops = [part.strip() for part in forwarded.split(",")] if forwarded else []
    while seen is not None and hops and any(seen in network for network in trusted):
        further = _read(hops.pop())
        if further is None:
            break
        seen = further
    if isinstance(seen, IPv6Address):
        return str(ip_network((seen, _IPV6_BITS), strict=False))
    return str(seen) if seen is not None else ""


def _read(text: str) -> Address | None:
    """Return the address of "192.0.2.7", "192.0.2.7:5000", "2001:db8::1" or "[2001:db8::1]:5000", or None."""
    bare = text.partition("%")[0]
    if bare.startswith("["):
        bare = bare[1:].partition("]")[0]
    elif bare.count(":") == 1:
        bare = bare.partition(":")[0]
    try:
        address = ip_address(bare)
    except ValueError:
        return None
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return mapped or address
