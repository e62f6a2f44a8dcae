"""What can be wrong with a plug-in."""


class Voteless:
    """It is no engine."""


class Unmade:
    """It cannot be made."""

    def __init__(self) -> None:
        message = "no key for the model"
        raise RuntimeError(message)
