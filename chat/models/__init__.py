from chat.models.canned_response import CannedResponse
from chat.models.conversation import Conversation, ConversationRead, Status
from chat.models.inbox import Inbox, RefusedOrigin, Visitor
from chat.models.message import Kind, Message
from chat.models.presence import Presence

__all__ = [
    "CannedResponse",
    "Conversation",
    "ConversationRead",
    "Inbox",
    "Kind",
    "Message",
    "Presence",
    "RefusedOrigin",
    "Status",
    "Visitor",
]
