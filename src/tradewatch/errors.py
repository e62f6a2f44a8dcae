"""What a caller must do something about: one class per thing to do. Each text is one sentence with the mend."""

USER_ERROR = 2
"""The exit status of a command that was asked for something that cannot be: the same words will fail again."""

FAILED_FOR_NOW = 75
"""The exit status of a command that may succeed later, with the same words: EX_TEMPFAIL of sysexits(3)."""


class TradewatchError(Exception):
    """Base of every error that a person is told about; its text is one sentence that names the thing and the mend."""

    exit_status = USER_ERROR


class ConfigurationError(TradewatchError):
    """Something the user set is wrong: stop and say which key or flag, what was found and what to set."""


class SourceError(TradewatchError):
    """A ledger or file cannot be used now: serve what is known, mark the source down, try again."""


class DamageError(SourceError):
    """A ledger's file is damaged: restore a copy."""
