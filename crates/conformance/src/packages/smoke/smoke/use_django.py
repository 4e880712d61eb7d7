"""Django: a project with an app, its templates, migrations, commands, fixtures, and the admin pages."""

import io
import os

# Their drivers aren't there; Django finds them by listing a directory.
BACKENDS = {"dummy", "mysql", "oracle", "postgresql", "sqlite3"}


def main():
    os.environ["DJANGO_SETTINGS_MODULE"] = "smoke.settings"
    import django

    django.setup()
    commands()
    pages()
    files()


def commands():
    from django.core.management import call_command, get_commands

    assert get_commands()["restock"] == "smoke.shop" and "migrate" in get_commands()

    def call(*args, **kwargs):
        output = io.StringIO()
        call_command(*args, stdout=output, **kwargs)
        return output.getvalue()

    assert "no issues" in call("check")
    assert "Applying shop.0002_sold... OK" in call("migrate")
    assert "No changes detected" in call("makemigrations", "--check", "--dry-run")
    assert "[X] 0002_sold" in call("showmigrations", "shop")
    assert "Installed 1 object" in call("loaddata", "milk")
    assert call("restock") == "2 products\n"


def pages():
    from django.contrib.auth.models import User
    from django.test import Client

    client = Client()
    page = client.get("/").content.decode()
    assert "<title>Shop</title>" in page and "<li>Milk 1.20</li><li>Tea 4.50</li>" in page, page
    assert client.get("/nowhere").status_code == 404

    User.objects.create_superuser("root", password="swordfish")
    login = client.get("/admin/", follow=True)
    assert b'name="csrfmiddlewaretoken"' in login.content and b"Log in" in login.content
    assert client.post("/admin/login/?next=/admin/", {"username": "root", "password": "swordfish"}).status_code == 302
    index = client.get("/admin/").content.decode()
    assert "Site administration" in index and "/admin/shop/product/add/" in index
    # The form's widgets are rendered from templates of `django.forms`.
    form = client.get("/admin/shop/product/add/").content.decode()
    assert '<input type="text" name="name" class="vTextField"' in form, form
    answer = client.post("/admin/shop/product/add/", {"name": "Jam", "price": "2.75", "sold": "2024-02-29"}, follow=True)
    assert "was added successfully" in answer.content.decode()
    found = client.get("/admin/shop/product/?q=Ja").content.decode()
    assert "1 product" in found and ">Jam<" in found
    # Translations are `.mo` files.
    german = client.get("/admin/", headers={"accept-language": "de"}).content.decode()
    assert "Website-Verwaltung" in german, german
    error = client.post("/admin/password_change/", {"old_password": "swordfish", "new_password1": "password", "new_password2": "password"})
    assert b"This password is too common." in error.content


def files():
    from django.contrib.staticfiles import finders
    from django.core.management import call_command
    from django.db.utils import load_backend
    from django.test import override_settings

    assert finders.find("shop/shop.css") and finders.find("admin/css/base.css")
    with override_settings(STATIC_ROOT="collected"):
        call_command("collectstatic", "--noinput", stdout=io.StringIO())
    with open("collected/admin/css/base.css") as copy:
        assert copy.read().startswith("/*")
    try:
        load_backend("nonsense")
    except Exception as error:
        assert all(name in str(error) for name in BACKENDS - {"dummy"}), error
