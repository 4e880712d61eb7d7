"""rich: a table, Markdown, highlighted code and a traceback, which all load modules by name."""

import io

from rich.console import Console
from rich.markdown import Markdown
from rich.syntax import Syntax
from rich.table import Table


def main():
    console = Console(file=io.StringIO(), width=60, force_terminal=True, color_system="truecolor")
    table = Table(title="Planets")
    table.add_column("name")
    table.add_column("mass", justify="right")
    table.add_row("Earth", "[bold]1[/bold]")
    console.print(table, ":rocket:")
    console.print(Markdown("# Title\n\n* one\n* **two**\n\n```python\nprint(1)\n```"))
    console.print(Syntax("def f(x): return x + 1", "python", theme="monokai", line_numbers=True))
    try:
        raise ValueError("shown")
    except ValueError:
        console.print_exception(show_locals=True)
    text = console.file.getvalue()
    for part in ("Planets", "\u250f", "Title", "\u2022", "\N{ROCKET}", "\x1b[", "ValueError", "shown"):
        assert part in text, part
