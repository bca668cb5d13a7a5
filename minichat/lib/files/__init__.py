"""Files of users, from the first byte in to the last one out (SR-44…48).

    kinds     what a file is, by its first bytes; what the sender called it is not asked
    limited   a process of its own for whatever decodes, with a ceiling on memory, time and output
    worker    what runs in it: decodes a picture and draws it anew
    pictures  upload in, drawn pictures out; or one of `refusals`
    attached  the same for a file in a conversation: pictures drawn, a PDF looked at
    fields    the same as a form's field
    shelves   where finished files are kept, and who still needs them
    links     an address for one private file, for five minutes
    names     what a file is called when it is saved
    sweep     removes what no row speaks of

A room needs `PictureField` and `Shelf`, or for what is not public `take`, `PrivateShelf` and `link_to`.
"""

from minichat.lib.files.attached import Taken, take
from minichat.lib.files.fields import PictureField
from minichat.lib.files.links import link_to
from minichat.lib.files.pictures import Picture, Recipe
from minichat.lib.files.shelves import PrivateShelf, Shelf

__all__ = ["Picture", "PictureField", "PrivateShelf", "Recipe", "Shelf", "Taken", "link_to", "take"]
