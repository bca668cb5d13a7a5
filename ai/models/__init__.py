from ai.models.answer import Answer, Outcome
from ai.models.assistant import Assistant, AssistantVersion, Expectation, GateRun, GoldenQuestion
from ai.models.budget import Budget
from ai.models.call import AICall, CallStatus, CostSource, Held, Purpose, Spending, VisitorAnswers
from ai.models.chain import MOST_LINKS, ChainLink
from ai.models.chunk import Chunk, KnowledgeStats, Posting
from ai.models.credential import ProviderCredential
from ai.models.offer import ModelOffer, PlanAllowance
from ai.models.sorting import Sorting
from ai.models.source import Document, DocumentState, Schedule, Scope, Source, SourceKind, SourceStatus

__all__ = [
    "AICall",
    "Answer",
    "Assistant",
    "AssistantVersion",
    "Budget",
    "CallStatus",
    "ChainLink",
    "Chunk",
    "CostSource",
    "Document",
    "DocumentState",
    "Expectation",
    "GateRun",
    "GoldenQuestion",
    "Held",
    "KnowledgeStats",
    "MOST_LINKS",
    "ModelOffer",
    "Outcome",
    "PlanAllowance",
    "Posting",
    "ProviderCredential",
    "Purpose",
    "Schedule",
    "Scope",
    "Sorting",
    "Source",
    "SourceKind",
    "SourceStatus",
    "Spending",
    "VisitorAnswers",
]
