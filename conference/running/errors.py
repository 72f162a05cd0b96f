class RunningError(Exception):
    """A command of the operator cannot be carried out. Its text says what is wrong and what to do; nothing was changed."""
