from chat.models.act import TriageAct
from chat.models.address_proof import AddressProof
from chat.models.attachment import Attachment
from chat.models.block import Block
from chat.models.canned_response import CannedResponse
from chat.models.conversation import Conversation, ConversationRead, Priority, Status
from chat.models.draft import Draft
from chat.models.handler import Handler
from chat.models.identity import Credential, IdentityKey, UsedToken
from chat.models.inbox import Inbox, InboxMember, RefusedOrigin, Visitor
from chat.models.label import Hue, Label, Labelling
from chat.models.lead_origin import LeadOrigin
from chat.models.loader import PublishedLoader
from chat.models.message import Kind, Message
from chat.models.message_entry import MessageEntry
from chat.models.page_view import PageView
from chat.models.presence import Presence
from chat.models.saved_view import SavedView
from chat.models.visitor_event import VisitorEvent

__all__ = [
    "AddressProof",
    "Attachment",
    "Block",
    "CannedResponse",
    "Conversation",
    "ConversationRead",
    "Credential",
    "Draft",
    "Handler",
    "Hue",
    "IdentityKey",
    "Inbox",
    "InboxMember",
    "Kind",
    "Label",
    "Labelling",
    "LeadOrigin",
    "Message",
    "MessageEntry",
    "PageView",
    "Presence",
    "Priority",
    "PublishedLoader",
    "RefusedOrigin",
    "SavedView",
    "Status",
    "TriageAct",
    "UsedToken",
    "Visitor",
    "VisitorEvent",
]
