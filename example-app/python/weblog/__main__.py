"""Lets `python -m weblog` run the command line."""

from weblog.cli import run

if __name__ == "__main__":
    run()
