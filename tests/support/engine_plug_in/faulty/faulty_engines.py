"""What can be wrong with a plug-in."""

import sys


class Voteless:
    """It is no engine."""


class Unmade:
    """It cannot be made."""

    def __init__(self) -> None:
        message = "no key for the model"
        raise RuntimeError(message)


class Leaving:
    """It ends the program."""

    def __init__(self) -> None:
        sys.exit("set MODEL_KEY first")
