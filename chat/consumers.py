"""The two sockets; see `chat/sockets/`."""

from chat.sockets.operator import OperatorSocket
from chat.sockets.visitor import VisitorSocket

__all__ = ["OperatorSocket", "VisitorSocket"]
