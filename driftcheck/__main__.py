"""The entry of the `driftcheck` command and of `python -m driftcheck`."""

import sys


def main() -> None:
    """Runs the command line."""
    sys.exit("driftcheck: the command line is not written yet")


if __name__ == "__main__":
    main()
