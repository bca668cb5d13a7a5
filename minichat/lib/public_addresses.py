"""Which addresses belong to the public internet. Our own table: what the standard library calls global changes with its
version, and says nothing of addresses that carry another one inside (SR-49)."""

from __future__ import annotations

import ipaddress

Address = ipaddress.IPv4Address | ipaddress.IPv6Address

# RFC 6890 and its successors; and what clouds use for themselves.
_NOT_PUBLIC_4 = [
    "0.0.0.0/8",
    "10.0.0.0/8",
    "100.64.0.0/10",
    "127.0.0.0/8",
    "168.63.129.16/32",
    "169.254.0.0/16",
    "172.16.0.0/12",
    "192.0.0.0/24",
    "192.0.2.0/24",
    "192.31.196.0/24",
    "192.52.193.0/24",
    "192.88.99.0/24",
    "192.168.0.0/16",
    "192.175.48.0/24",
    "198.18.0.0/15",
    "198.51.100.0/24",
    "203.0.113.0/24",
    "224.0.0.0/4",
    "240.0.0.0/4",
]
# Inside the part that is given out to the world: documentation, benchmarks, Teredo, ORCHID, 6to4.
_NOT_PUBLIC_6 = ["2001::/23", "2001:db8::/32", "2002::/16", "2620:4f:8000::/48", "3fff::/20"]
_GIVEN_OUT = ipaddress.IPv6Network("2000::/3")
# The only form that carries another address and is in daily use: networks without IPv4 reach it through this.
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
_DENIED_4 = [ipaddress.IPv4Network(text) for text in _NOT_PUBLIC_4]
_DENIED_6 = [ipaddress.IPv6Network(text) for text in _NOT_PUBLIC_6]


def is_public(address: Address) -> bool:
    """Public unicast. An address that carries another one is judged by what it carries, or refused."""
    if isinstance(address, ipaddress.IPv4Address):
        return not any(address in network for network in _DENIED_4)
    if address.scope_id is not None:
        return False
    if address.ipv4_mapped is not None:
        return is_public(address.ipv4_mapped)
    if address in _NAT64:
        return is_public(ipaddress.IPv4Address(int(address) & 0xFFFFFFFF))
    return address in _GIVEN_OUT and not any(address in network for network in _DENIED_6)
