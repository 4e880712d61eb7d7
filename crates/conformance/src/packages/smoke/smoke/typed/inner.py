"""A submodule, which the hook must see as well."""


def counted(names: list[str]) -> int:
    checked: list[str] = names
    return len(checked)
