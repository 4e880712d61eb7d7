import tree_sitter
import tree_sitter_rust


def use():
    language = tree_sitter.Language(tree_sitter_rust.language())
    tree = tree_sitter.Parser(language).parse(b"f(1 + 2);")
    query = tree_sitter.Query(language, tree_sitter_rust.HIGHLIGHTS_QUERY)
    return [str(tree.root_node), query.pattern_count > 5]
