"""What this room says to the rooms above: they know the sockets. The subject is a row of the workspace concerned."""

from workspaces.events import Event

# `rows`: notifications that were just written, of one kind and perhaps many members.
NOTIFIED = Event("notification.created", audited=False, public=False)
# `membership`, and `ids` (None: all of theirs).
NOTIFICATIONS_READ = Event("notification.read", audited=False, public=False)
# `membership`, `rows`: what a browser was not told during the quiet hours.
QUIET_HOURS_OVER = Event("notification.quiet_hours_over", audited=False, public=False)
