"""Jinja2: `PackageLoader`, which takes real directories and `zipimport` only, on bundled templates."""

from jinja2 import Environment, PackageLoader, TemplateNotFound, select_autoescape


def main():
    environment = Environment(loader=PackageLoader("smoke"), autoescape=select_autoescape())
    page = environment.get_template("page.html").render(title="<T>", rows=[1, 2])
    assert page.split() == "<title>&lt;T&gt;</title> <p>sent to you</p> <li>1</li> <li>2</li>".split(), page
    assert environment.list_templates() == ["base.html", "mail/footer.html", "page.html"]
    # The template is not read again as long as the executable stays what it is.
    assert environment.get_template("page.html").is_up_to_date
    try:
        environment.get_template("absent.html")
    except TemplateNotFound as error:
        assert error.name == "absent.html"
    else:
        raise AssertionError("found a template that isn't there")
