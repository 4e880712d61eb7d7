import tree_sitter
import tree_sitter_rust


def use():
    language = tree_sitter.Language(tree_sitter_rust.language())
    tree = tree_sitter.Parser(language).parse(b"f(1 + 2);")
    # Freeing a `Query` of these patterns twice is a fault of tree-sitter 0.26.1, with files, too.
    return [str(tree.root_node), len(tree_sitter_rust.HIGHLIGHTS_QUERY) > 500]
