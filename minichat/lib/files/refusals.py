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


class NotAccepted(FileRefused):
    code = "not_accepted"
    message = _("This kind of file cannot be sent here. Send a picture (JPEG, PNG, WebP, GIF) or a PDF.")


class DocumentDamaged(FileRefused):
    """No PDF at all, one that is cut off, or one that its reader could not get through."""

    code = "document_damaged"
    message = _("This PDF is damaged or incomplete. Save it again, or choose another one.")


class NoRoom(FileRefused):
    """A quota, or the disk of this machine. Who sends it cannot change either, so nobody is told which."""

    code = "no_room"
    message = _("There is no room for more files at the moment. Send your message without it.")


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


class TookTooLong(PictureFailed):
    """It was killed because its time was over."""


class TooBusy(FileRefused):
    code = "busy"
    message = _("Many files are being read right now. Please try again in a moment.")
