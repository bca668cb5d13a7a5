from django.db import migrations

COLUMNS = [
    "slug", "name", "visitor_messages", "seats", "workspaces", "inboxes", "products", "orders", "faqs", "passages",
    "api_requests_per_hour", "removes_branding", "has_flows_and_channels", "usd_month", "thb_month",
]
PLANS = [
    ("free", "Free", 250, 0, 1, 1, 10, 20, 10, 200, 100, False, False, 0, 0),
    ("starter", "Starter", 2_000, 1, 3, 2, 100, 200, None, 2_000, 500, False, False, 9, 299),
    ("pro", "Pro", 10_000, 5, 5, 10, None, None, None, 20_000, 2_000, False, True, 29, 999),
    ("business", "Business", 50_000, None, None, None, None, None, None, 100_000, 10_000, True, True, 99, 3_490),
]


def seed(apps, schema_editor):
    plan = apps.get_model("workspaces", "Plan")
    for position, row in enumerate(PLANS):
        values = dict(zip(COLUMNS, row, strict=True))
        plan.objects.update_or_create(slug=values.pop("slug"), defaults={**values, "position": position})


class Migration(migrations.Migration):
    dependencies = [("workspaces", "0001_initial")]
    operations = [migrations.RunPython(seed, migrations.RunPython.noop)]
