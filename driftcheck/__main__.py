"""The entry of the `driftcheck` command and of `python -m driftcheck`."""

from __future__ import annotations

import sys
from collections.abc import Sequence


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit code.

    Args:
        argv: without the program's name; `None`: those of the process.
    """
    try:
        from driftcheck.cli.app import run  # noqa: PLC0415 - Ctrl-C may come while modules are read

        return run(sys.argv[1:] if argv is None else argv)
    except KeyboardInterrupt:
        sys.stderr.write("nothing was checked: interrupted\n")
        return 130


if __name__ == "__main__":
    sys.exit(main())
