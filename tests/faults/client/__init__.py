"""A visitor and an operator, written from `docs/protocol.md` alone."""
