"""A module with documentation."""


def shown(argument: int = 1) -> str:
    """Says *something* about its argument."""
    return str(argument)
