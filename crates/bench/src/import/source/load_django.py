"""Django with its admin pages: everything that is imported before the first request."""

from django.conf import settings

settings.configure(
    INSTALLED_APPS=[
        "django.contrib.admin",
        "django.contrib.auth",
        "django.contrib.contenttypes",
        "django.contrib.sessions",
        "django.contrib.messages",
        "django.contrib.staticfiles",
    ],
    DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}},
    USE_I18N=False,
)

import django  # noqa: E402

django.setup()

import django.contrib.admin.sites  # noqa: E402, F401
import django.contrib.auth.views  # noqa: E402, F401
import django.core.handlers.wsgi  # noqa: E402, F401
import django.core.management.commands.migrate  # noqa: E402, F401
import django.test  # noqa: E402, F401
from django.contrib import admin  # noqa: E402

admin.site.urls  # noqa: B018
