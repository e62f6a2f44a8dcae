"""Where prices come from and where orders go: clock, instruments, bars and quotes, feeds, the paper broker."""
