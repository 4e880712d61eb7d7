import markupsafe


def use():
    return [markupsafe.escape("<a>"), markupsafe._escape_inner.__module__]
