"""``python -m lorscore`` is the ``lorscore`` command."""

import sys

from lorscore.cli import main

if __name__ == "__main__":
    sys.exit(main())
