"""What happened to an account, for the audit log of the room above."""

from django.dispatch import Signal

# user, what: a word of `workspaces/receivers.py`. Sent inside the transaction of the change.
account_changed = Signal()
