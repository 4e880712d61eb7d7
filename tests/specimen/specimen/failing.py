"""Run as `__main__`, of which no loader knows the source by name."""

raise ValueError("on purpose")  # shown in tracebacks
