"""The servers a person starts with one command: finding them, starting, watching and stopping them without root."""
