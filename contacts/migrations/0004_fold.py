"""Fills the column by which contacts are found. As `contacts/folding.py` does it, which may change one day."""

import unicodedata

from django.db import migrations

SOURCES = ("name", "email", "phone", "company")
BATCH = 500


def fold(apps, schema_editor):
    contacts = apps.get_model("contacts", "Contact")
    rows = contacts._base_manager.exclude(name="", email="", phone="", company="").filter(folded="")
    batch = []
    for row in rows.iterator(chunk_size=BATCH):
        lines = [folded(getattr(row, source)) for source in SOURCES if getattr(row, source)]
        digits = ["".join(filter(str.isdigit, line)) for line in lines if any(map(str.isdigit, line))]
        row.folded = "\n".join([*lines, *digits])
        batch.append(row)
        if len(batch) == BATCH:
            contacts._base_manager.bulk_update(batch, ["folded"])
            batch = []
    if batch:
        contacts._base_manager.bulk_update(batch, ["folded"])


def folded(text):
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", text).casefold())


class Migration(migrations.Migration):
    dependencies = [("contacts", "0003_known")]
    operations = [migrations.RunPython(fold, migrations.RunPython.noop)]
