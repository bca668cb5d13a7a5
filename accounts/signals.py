"""What this room says to the rooms above, beside the signals of allauth."""

from django.dispatch import Signal

# user, what: a word of `workspaces/receivers.py`, for the audit log. Sent inside the transaction of the change.
account_changed = Signal()
# request, user: somebody signed in from a browser that had not been used by them.
signed_in_anew = Signal()
