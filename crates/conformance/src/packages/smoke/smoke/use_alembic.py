"""alembic: bundled migrations, which it lists and imports by their paths; and an environment made on disk."""

import contextlib
import io
import os

from alembic import command
from alembic.config import Config
from sqlalchemy import create_engine, inspect


def main():
    output = io.StringIO()
    config = Config(stdout=output)
    config.set_main_option("script_location", "smoke:migrations")
    config.set_main_option("sqlalchemy.url", "sqlite:///bundled.db")
    command.upgrade(config, "head")
    engine = create_engine("sqlite:///bundled.db")
    found = [columns(engine)]
    command.downgrade(config, "-1")
    found.append(columns(engine))
    command.history(config)
    found.append(output.getvalue())

    made = Config("made.ini", stdout=io.StringIO())
    with contextlib.redirect_stdout(io.StringIO()):
        command.init(made, "made")
        made.set_main_option("sqlalchemy.url", "sqlite:///made.db")
        command.revision(made, "by hand", rev_id="c3")
        command.upgrade(made, "head")
    # What was copied out of the package can be written again.
    with open("made/env.py", "a", encoding="utf-8") as stream:
        stream.write("# edited\n")
    return found + [sorted(name for name in os.listdir("made") if name != "__pycache__")]


def columns(engine):
    return [column["name"] for column in inspect(engine).get_columns("planet")]
