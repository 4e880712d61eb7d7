"""click: commands, options, help and errors, through its test runner."""

import click
from click.testing import CliRunner


@click.group()
@click.version_option(package_name="click")
def cli():
    """A tool."""


@cli.command()
@click.argument("names", nargs=-1, required=True)
@click.option("--count", default=1, type=click.IntRange(1, 3), show_default=True)
def greet(names, count):
    """Greets."""
    for name in names * count:
        click.secho(f"hello {name}", fg="green")


def main():
    runner = CliRunner()
    result = runner.invoke(cli, ["greet", "a", "b", "--count", "2"])
    assert result.output.split() == ["hello", "a", "hello", "b"] * 2, result.output
    assert "[default: 1; 1<=x<=3]" in runner.invoke(cli, ["greet", "--help"]).output
    result = runner.invoke(cli, ["greet", "a", "--count", "9"])
    assert result.exit_code == 2 and "9 is not in the range" in result.output
    # Asks importlib.metadata.
    assert "version 8" in runner.invoke(cli, ["--version"]).output
