"""Build the page: `python -m tradewatch.viewer FRONTEND TARGET`, as `make setup` does."""

import sys
from pathlib import Path

from tradewatch.errors import ConfigurationError
from tradewatch.viewer.frontend import built

if __name__ == "__main__":
    try:
        built(Path(sys.argv[1]), Path(sys.argv[2]))
    except ConfigurationError as error:
        sys.exit(f"tradewatch: {error}")
