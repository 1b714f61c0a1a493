"""Write `driftcheck/linker/stdlib/3.N.json.gz`: what each Python's standard library holds.

Usage: python benchmarks/make_stdlib_tables.py [PYTHON…]; without arguments, pyenv's 3.7 to 3.13.
Typeshed is no replacement: it lacks old versions, private names and 1,500 to 2,000 public names a version.
"""

from __future__ import annotations

import gzip
import json
import re
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent
TABLES = HERE.parent / "driftcheck" / "linker" / "stdlib"


def interpreters() -> list[str]:
    """Return the pythons to run: the arguments, or the newest of each minor that pyenv has."""
    if sys.argv[1:]:
        return sys.argv[1:]
    installed = (Path.home() / ".pyenv" / "versions").glob("3.*")
    return [str(p / "bin" / "python") for p in sorted(installed) if re.match(r"3\.([7-9]|1\d)\.", p.name)]


def main() -> None:
    """Probe each interpreter and write its table."""
    for python in interpreters():
        done = subprocess.run(
            [python, "-I", "-S", str(HERE / "probe_stdlib.py")], capture_output=True, text=True, check=True
        )
        table = json.loads(done.stdout)
        path = TABLES / ("{}.{}.json.gz".format(*table["version"].split(".")))
        body = json.dumps(table, sort_keys=True, separators=(",", ":")).encode()
        path.write_bytes(gzip.compress(body, 9, mtime=0))
        print(path.name, table["version"], len(table["modules"]), len(body), path.stat().st_size)


if __name__ == "__main__":
    main()
