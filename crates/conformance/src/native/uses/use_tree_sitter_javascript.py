import tree_sitter
import tree_sitter_javascript


def use():
    language = tree_sitter.Language(tree_sitter_javascript.language())
    tree = tree_sitter.Parser(language).parse(b"f(1 + 2);")
    # Freeing a `Query` of these patterns twice is a fault of tree-sitter 0.26.1, with files, too.
    return [str(tree.root_node), len(tree_sitter_javascript.HIGHLIGHTS_QUERY) > 500]
