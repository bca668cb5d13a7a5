"""Fault runs: MiniChat is broken on purpose while people talk, then every promise of the wire contract is checked.

`make faults`, or `python -m tests.faults --help`. The clients in `client/` are written from `docs/protocol.md` alone.
"""
