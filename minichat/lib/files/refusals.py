"""Why a file was not taken, in words for whoever sent it."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from minichat.lib.errors import MiniChatError


class FileRefused(MiniChatError):
    code = "file_refused"
    message = _("This file could not be taken.")


class FileEmpty(FileRefused):
    code = "file_empty"
    message = _("This file is empty. Choose another one.")


class FileTooLarge(FileRefused):
    code = "file_too_large"
    message = _("This file is too large.")

    def __init__(self, limit: int) -> None:
        megabytes = limit // (1024 * 1024)
        super().__init__(
            _("This file is larger than %(megabytes)s MB. Choose a smaller one.") % {"megabytes": megabytes}
        )


class NotAPicture(FileRefused):
    code = "not_a_picture"
    message = _("This is not a picture we can read. Use a JPEG, PNG, WebP or GIF.")


class PictureDamaged(FileRefused):
    code = "picture_damaged"
    message = _("This picture is damaged or incomplete. Save it again, or choose another one.")


class TooManyPixels(FileRefused):
    code = "too_many_pixels"
    message = _("This picture has too many pixels. At most 25 megapixels can be read, all frames together.")


class TooManyFrames(FileRefused):
    code = "too_many_frames"
    message = _("This animation has too many frames. At most 50 can be read.")


class PictureFailed(FileRefused):
    """The process that reads pictures was killed, hung or spoke nonsense: the picture's fault or ours, nobody knows."""

    code = "picture_failed"
    message = _("This picture could not be read. Save it in another format, or choose another one.")


class TooBusy(FileRefused):
    code = "busy"
    message = _("Many pictures are being read right now. Please try again in a moment.")
