"""Which address a request is counted by: X-Forwarded-For from an untrusted peer changes nothing (trust.md 22)."""

from ipaddress import ip_network

import pytest

from conference.web.peers import counted_address

PROXIES = [ip_network(one) for one in ("127.0.0.1/32", "10.0.0.0/8", "2001:db8:1::/48")]


@pytest.mark.parametrize(
    ("peer", "forwarded", "counted"),
    [
        # No proxy: what the header says is a stranger's word.
        ("192.0.2.7", "", "192.0.2.7"),
        ("192.0.2.7", "198.51.100.1", "192.0.2.7"),
        ("192.0.2.7", "127.0.0.1", "192.0.2.7"),
        # One proxy, and what a stranger put before what it saw.
        ("127.0.0.1", "198.51.100.1", "198.51.100.1"),
        ("127.0.0.1", "203.0.113.9, 198.51.100.1", "198.51.100.1"),
        ("127.0.0.1", "203.0.113.9,10.0.0.3", "203.0.113.9"),
        ("127.0.0.1", "203.0.113.9, 198.51.100.1, 10.1.2.3", "198.51.100.1"),
        # What cannot be read ends the way: the last that a trusted proxy was sure of counts.
        ("127.0.0.1", "203.0.113.9, unknown", "127.0.0.1"),
        ("127.0.0.1", "203.0.113.9, , 10.0.0.3", "10.0.0.3"),
        ("127.0.0.1", "", "127.0.0.1"),
        ("127.0.0.1", "10.0.0.4", "10.0.0.4"),
        # Ports, brackets, mapped addresses and whole networks of IPv6.
        ("127.0.0.1", "198.51.100.1:4711", "198.51.100.1"),
        ("127.0.0.1", "[2001:db8:2:3::1]:4711", "2001:db8:2:3::/64"),
        ("::ffff:127.0.0.1", "::ffff:198.51.100.1", "198.51.100.1"),
        ("2001:db8:2:3:4:5:6:7", "", "2001:db8:2:3::/64"),
        ("2001:db8:2:3::9", "198.51.100.1", "2001:db8:2:3::/64"),
        ("2001:db8:1::5", "2001:db8:9:9::5", "2001:db8:9:9::/64"),
        ("", "198.51.100.1", ""),
        ("fe80::1%eth0", "", "fe80::/64"),
    ],
)
def test_the_address_that_counts(peer: str, forwarded: str, counted: str) -> None:
    assert counted_address(peer, forwarded, PROXIES) == counted


def test_without_a_trusted_proxy_no_header_counts() -> None:
    assert counted_address("127.0.0.1", "198.51.100.1", []) == "127.0.0.1"
