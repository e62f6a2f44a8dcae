"""What is measured, never tested: `make bench` runs every module here that has ``rows``."""
