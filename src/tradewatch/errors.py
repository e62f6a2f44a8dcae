"""What a caller must do something about: one class per thing to do. Each text is one sentence with the mend."""


class TradewatchError(Exception):
    """Base of every error that a person is told about; its text is one sentence that names the thing and the mend."""


class ConfigurationError(TradewatchError):
    """Something the user set is wrong: stop and say which key or flag, what was found and what to set."""


class SourceError(TradewatchError):
    """A ledger or file cannot be used now: serve what is known, mark the source down, try again."""


class DamageError(SourceError):
    """A ledger's file is damaged: restore a copy."""
