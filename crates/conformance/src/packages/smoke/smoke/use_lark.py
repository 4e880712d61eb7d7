"""lark: grammars beside a module and in packages, which import others."""

from lark import Lark, Transformer
from lark.indenter import PythonIndenter


class Calculate(Transformer):
    def start(self, children):
        return sum(children)

    def NUMBER(self, token):
        return float(token)


def main():
    beside = Lark.open("grammar.lark", rel_to=__file__, parser="lalr", transformer=Calculate())
    packaged = Lark.open_from_package("smoke", "grammar.lark", parser="earley")
    python = Lark.open_from_package("lark", "python.lark", ["grammars"], parser="lalr", start="file_input",
                                    postlex=PythonIndenter())
    found = [beside.parse("1 + 2.5 + 3"), packaged.parse("1+2").pretty()]
    return found + [python.parse("def f(x):\n    return x + 1\n").pretty()]
