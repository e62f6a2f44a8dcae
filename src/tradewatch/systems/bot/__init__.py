"""The generic system: any bot."""
