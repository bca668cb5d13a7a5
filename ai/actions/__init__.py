from ai.actions.assistant import GateClosed, discard_draft, publish, roll_back, save_draft, set_labelling
from ai.actions.budget import set_caps
from ai.actions.crawling import begin_due, left_half_read, read_next
from ai.actions.faqs import FaqWish, add_faq, change_faq, import_faqs
from ai.actions.files import add_file, change_file
from ai.actions.gaps import close_gaps, dismiss_gap
from ai.actions.gate import begin_run, finish_run, left_runs
from ai.actions.golden import add_golden, change_golden, delete_golden
from ai.actions.judging import judge
from ai.actions.keys import check_key, remove_key, set_key, try_again
from ai.actions.learning import learn, learn_or_say, learn_waiting, left_waiting
from ai.actions.links import add_link, move_link, remove_link
from ai.actions.meaning import add_meaning
from ai.actions.pages import add_page, change_page
from ai.actions.sorting import sort_in
from ai.actions.sources import delete_source, read_again
from ai.actions.texts import add_text, change_text
from ai.actions.trials import begin_trial, end_trial

__all__ = [
    "FaqWish",
    "GateClosed",
    "add_faq",
    "add_file",
    "add_golden",
    "add_link",
    "add_meaning",
    "add_page",
    "add_text",
    "begin_due",
    "begin_run",
    "begin_trial",
    "change_faq",
    "change_file",
    "change_golden",
    "change_page",
    "change_text",
    "check_key",
    "close_gaps",
    "delete_golden",
    "delete_source",
    "discard_draft",
    "dismiss_gap",
    "end_trial",
    "finish_run",
    "import_faqs",
    "judge",
    "learn",
    "learn_or_say",
    "learn_waiting",
    "left_half_read",
    "left_runs",
    "left_waiting",
    "move_link",
    "publish",
    "read_again",
    "read_next",
    "remove_key",
    "remove_link",
    "roll_back",
    "save_draft",
    "set_caps",
    "set_key",
    "set_labelling",
    "sort_in",
    "try_again",
]
