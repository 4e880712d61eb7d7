"""A column more, and a row."""

from django.db import migrations, models


def stock(apps, schema_editor):
    apps.get_model("shop", "Product").objects.create(name="Tea", price="4.50")


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]
    operations = [
        migrations.AddField("product", "sold", models.DateField(blank=True, null=True)),
        migrations.RunPython(stock, migrations.RunPython.noop),
    ]
