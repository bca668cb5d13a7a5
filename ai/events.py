from django.utils.translation import gettext_lazy as _

from workspaces.events import Event, name_group

name_group("knowledge", _("Knowledge"))

FAQ_ADDED = Event("knowledge.faq_added", audited=True, public=False, says=_("%(actor)s added the FAQ “%(target)s”."))
FAQ_CHANGED = Event(
    "knowledge.faq_changed", audited=True, public=False, says=_("%(actor)s changed the FAQ “%(target)s”.")
)
FAQ_DELETED = Event(
    "knowledge.faq_deleted", audited=True, public=False, says=_("%(actor)s deleted the FAQ “%(target)s”.")
)
FAQS_IMPORTED = Event(
    "knowledge.faqs_imported",
    audited=True,
    public=False,
    says=_("%(actor)s imported FAQs (new: %(new)s, changed: %(changed)s)."),
)
TEXT_ADDED = Event("knowledge.text_added", audited=True, public=False, says=_("%(actor)s added the text “%(target)s”."))
TEXT_CHANGED = Event(
    "knowledge.text_changed", audited=True, public=False, says=_("%(actor)s changed the text “%(target)s”.")
)
TEXT_DELETED = Event(
    "knowledge.text_deleted", audited=True, public=False, says=_("%(actor)s deleted the text “%(target)s”.")
)

name_group("assistant", _("AI assistant"))

ASSISTANT_DRAFT_SAVED = Event(
    "assistant.draft_saved", audited=True, public=False, says=_("%(actor)s changed the draft of the assistant.")
)
ASSISTANT_DRAFT_DISCARDED = Event(
    "assistant.draft_discarded", audited=True, public=False, says=_("%(actor)s discarded the draft of the assistant.")
)
ASSISTANT_PUBLISHED = Event(
    "assistant.published",
    audited=True,
    public=False,
    says=_("%(actor)s published version %(target)s of the assistant."),
)
ASSISTANT_PUBLISHED_UNCHECKED = Event(
    "assistant.published_unchecked",
    audited=True,
    public=False,
    says=_("%(actor)s published version %(target)s of the assistant without a check."),
)
ASSISTANT_ROLLED_BACK = Event(
    "assistant.rolled_back",
    audited=True,
    public=False,
    says=_("%(actor)s put version %(old)s of the assistant in force again, as version %(target)s."),
)
TRIAL_BEGUN = Event(
    "assistant.trial_begun",
    audited=True,
    public=False,
    says=_("%(actor)s began to try version %(target)s of the assistant in %(share)s of 100 conversations."),
)
TRIAL_ENDED = Event(
    "assistant.trial_ended",
    audited=True,
    public=False,
    says=_("%(actor)s ended the trial of version %(target)s of the assistant."),
)
LABELLING_ON = Event(
    "assistant.labelling_on",
    audited=True,
    public=False,
    says=_("%(actor)s had the assistant label conversations."),
)
LABELLING_OFF = Event(
    "assistant.labelling_off",
    audited=True,
    public=False,
    says=_("%(actor)s had the assistant stop labelling conversations."),
)
GOLDEN_ADDED = Event(
    "assistant.question_added", audited=True, public=False, says=_("%(actor)s added the test question “%(target)s”.")
)
GOLDEN_CHANGED = Event(
    "assistant.question_changed",
    audited=True,
    public=False,
    says=_("%(actor)s changed the test question “%(target)s”."),
)
GOLDEN_DELETED = Event(
    "assistant.question_deleted",
    audited=True,
    public=False,
    says=_("%(actor)s deleted the test question “%(target)s”."),
)
# The task hears of it.
CHECK_BEGUN = Event("assistant.check_begun", audited=False, public=False)
name_group("models", _("AI models"))

KEY_SET = Event("models.key_set", audited=True, public=False, says=_("%(actor)s set the key for %(target)s."))
KEY_REMOVED = Event(
    "models.key_removed", audited=True, public=False, says=_("%(actor)s removed the key for %(target)s.")
)
MODEL_ADDED = Event("models.added", audited=True, public=False, says=_("%(actor)s added the AI model %(target)s."))
MODEL_REMOVED = Event(
    "models.removed", audited=True, public=False, says=_("%(actor)s removed the AI model %(target)s.")
)
MODELS_ORDERED = Event(
    "models.ordered", audited=True, public=False, says=_("%(actor)s changed the order of the AI models.")
)
BUDGET_CHANGED = Event(
    "models.budget_changed",
    audited=True,
    public=False,
    says=_("%(actor)s changed the caps for AI models. A month: %(month)s, a day: %(day)s."),
)
FILE_ADDED = Event("knowledge.file_added", audited=True, public=False, says=_("%(actor)s added the file “%(target)s”."))
FILE_CHANGED = Event(
    "knowledge.file_changed", audited=True, public=False, says=_("%(actor)s changed the file “%(target)s”.")
)
FILE_DELETED = Event(
    "knowledge.file_deleted", audited=True, public=False, says=_("%(actor)s deleted the file “%(target)s”.")
)
PAGE_ADDED = Event(
    "knowledge.page_added", audited=True, public=False, says=_("%(actor)s added the web page “%(target)s”.")
)
PAGE_CHANGED = Event(
    "knowledge.page_changed", audited=True, public=False, says=_("%(actor)s changed the web page “%(target)s”.")
)
PAGE_DELETED = Event(
    "knowledge.page_deleted", audited=True, public=False, says=_("%(actor)s deleted the web page “%(target)s”.")
)
READ_AGAIN = Event("knowledge.read_again", audited=True, public=False, says=_("%(actor)s had “%(target)s” read again."))
