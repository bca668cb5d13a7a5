"""Words and limits for the parts of the widget that only some visitors load (`static/widget/files.js`, `more.js`)."""

from __future__ import annotations

from django.conf import settings
from django.http import Http404, HttpRequest, JsonResponse
from django.templatetags.static import static
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from chat import frames
from minichat.lib.files.attached import ACCEPTED


@require_safe
@cache_control(public=True, max_age=600, stale_while_revalidate=86400)
def more(request: HttpRequest, language: str) -> JsonResponse:
    """The same for everybody who reads this language; nothing of any inbox is in it."""
    if language not in dict(settings.VISITOR_LANGUAGES):
        raise Http404
    limits = {"file": settings.UPLOAD_LIMIT, "files": frames.MOST_FILES, "accept": ACCEPTED}
    with translation.override(language):
        return JsonResponse(
            {
                "limits": limits,
                "words": _words(),
                "more": more_words(),
                "menu": menu_words(),
                "emojiList": static("emoji.json"),
            }
        )


def _words() -> dict[str, str]:
    return {
        "toSend": _("Files to send"),
        "type": _("This kind of file cannot be sent here. Send a picture (JPEG, PNG, WebP, GIF) or a PDF."),
        "size": _("This file is larger than {limit} MB. Choose a smaller one."),
        "empty": _("This file is empty. Choose another one."),
        "many": _("At most {n} files fit in one message."),
        "busy": _("A file is still on its way. Send when it is there."),
        "broken": _("A file could not be uploaded. Remove it or try it again."),
        "failed": _("That did not work. Please try again."),
        "offline": _("No connection. Please try again in a moment."),
        "tryAgain": _("Try again"),
        "remove": _("Remove {name}"),
        "pages": _("Pages: {n}"),
        "picture": _("Picture"),
        "save": _("Open in a new tab"),
        "close": _("Close"),
        "before": _("Before we start"),
        "leaveWord": _("Leave us a message"),
        "cannotAnswer": _("We cannot answer right now. Leave your message and where to reach you."),
        "message": _("Your message"),
        "optional": _("optional"),
        "writeFirst": _("Write a message first."),
        "fillIn": _("Please fill this in."),
        "tickThis": _("Please tick this so that we can talk."),
        "begin": _("Start the conversation"),
        "sendWord": _("Send message"),
        "thanks": _("Thank you"),
        "answerTo": _("We have your message and answer to {email}."),
        "answerLater": _("We have your message and get back to you."),
        "onward": _("Back to the chat"),
        "skip": _("Skip"),
        "emoji": _("Emoji"),
        "emojiSearch": _("Find an emoji"),
        "emojiNone": _("No emoji matches"),
    }


def menu_words() -> dict[str, str]:
    """The menu of a conversation asks for them with `say('…')`."""
    return {
        "menu": pgettext("actions", "More"),
        "sound": _("A sound when you are answered"),
        "mail": _("Email me this conversation"),
        "address": _("Your email address"),
        "why": _(
            "A code goes there first, so that nobody else gets your messages. Answers that you miss go there, too."
        ),
        "sendCode": _("Send a code"),
        "code": _("Code from the email"),
        "codeSent": _("A code is on its way to {email}. It is good for ten minutes."),
        "confirm": _("Confirm"),
        "otherAddress": _("Another address"),
        "sent": _("It is on its way to the address that you confirmed."),
        "failed": _("That did not work. Please try again."),
    }


def more_words() -> dict[str, str]:
    """Join those of the page: the scripts ask for them with `word('…')`."""
    return {
        "left": _("Characters left: {n}"),
        "team": _("Team"),
        "edited": _("Edited"),
        "deleted": _("This message was deleted"),
        "signIn": _("Please sign in on this website to chat."),
        "joined": _("{by} joined the conversation"),
        "joinedUnnamed": _("Somebody from the team joined the conversation"),
        "resolved": _("This conversation was closed. Write again to reopen it."),
        "ended": _("This conversation ended because nobody wrote any more. Write again to reopen it."),
        "reopened": _("This conversation was reopened"),
        "handed_off": _("A person takes over and answers you here."),
        "handed_off_wait": _("A person takes over and answers you here, usually within {wait} min."),
        "handed_off_away": _("Nobody is here right now. A person answers you here as soon as somebody is back."),
        "person": _("Talk to a person"),
        "page": _("page {page}"),
        "closed": _("You cannot write here at the moment."),
        "gone": _("This chat no longer exists."),
        "rated": _("You rated this conversation: {rating} of 5"),
        "howWasIt": _("How was this conversation?"),
        "stars": _("{n} of 5"),
        "thanks": _("Thank you! You can change it for a day."),
        "whyThat": _("Would you like to say why?"),
        "sendRating": _("Send"),
        "quick": _("Quick replies"),
        "yours": _("Your conversations"),
        "older": _("Show older ones"),
        "notLoaded": _("That could not be loaded. Please try again."),
    }
