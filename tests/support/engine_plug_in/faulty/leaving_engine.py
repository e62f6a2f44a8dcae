"""A plug-in whose import ends the program."""

import sys

sys.exit("set MODEL_KEY first")
