"""Flask: templates, static files and resources beside the module, sessions, errors, commands."""

import flask
from flask.testing import FlaskClient


def main():
    app = flask.Flask("smoke")
    app.config.from_object("smoke.settings_flask")
    pages = flask.Blueprint("pages", "smoke", template_folder="templates", url_prefix="/pages")

    @app.route("/")
    def index():
        flask.session["seen"] = flask.session.get("seen", 0) + 1
        return flask.render_template("page.html", title="<T>", rows=[flask.session["seen"]])

    @pages.route("/<int:number>")
    def page(number):
        return flask.jsonify(number=number, url=flask.url_for("pages.page", number=number + 1))

    @app.errorhandler(404)
    def missing(error):
        return f"nothing: {error.code}", 404

    @app.cli.command("greet")
    def greet():
        print("greeted")

    app.register_blueprint(pages)
    client: FlaskClient = app.test_client()
    found = [client.get("/").text.split(), client.get("/").text.split()]
    found.append(client.get("/pages/1").json)
    found.append((client.get("/absent").text, client.get("/absent").status_code))
    style = client.get("/static/style.css")
    found.append((style.text, style.mimetype, style.headers["Content-Disposition"]))
    found.append(client.get("/static/style.css", headers={"If-None-Match": style.headers["ETag"]}).status_code)
    with app.open_resource("static/style.css") as stream:
        found.append(stream.read())
    found.append(app.test_cli_runner().invoke(args=["greet"]).output)
    found.append(app.root_path.endswith("smoke"))
    return found
