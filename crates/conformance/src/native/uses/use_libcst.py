import libcst


class Renamed(libcst.CSTTransformer):
    def leave_Name(self, original_node, updated_node):
        return updated_node.with_changes(value=updated_node.value.upper())


def use():
    module = libcst.parse_module("x  =  y # kept\nmatch x:\n    case [a, *b]: pass\n")
    return [module.visit(Renamed()).code, module.code.startswith("x  =")]
