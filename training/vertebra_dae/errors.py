"""The one error that a command of this package reports to its user."""


class InputError(Exception):
    """A file or an option that cannot be used; the message names it and says what to do."""
