"""What this room says to the rooms above, beside the signals of allauth."""

from django.dispatch import Signal

# Somebody signed in from a browser that had not been used by them. Arguments: request, user.
signed_in_anew = Signal()
