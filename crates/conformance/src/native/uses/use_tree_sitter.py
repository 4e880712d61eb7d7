import tree_sitter
import tree_sitter_python


def use():
    language = tree_sitter.Language(tree_sitter_python.language())
    tree = tree_sitter.Parser(language).parse(b"def f(x):\n    return x\n")
    return [str(tree.root_node), len(tree_sitter_python.HIGHLIGHTS_QUERY) > 100]
