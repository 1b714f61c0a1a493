"""Puts real output into README.md: `python docs/generate_readme_output.py [DATE]`.

Every block of the README that follows a marker `<!-- driftcheck … -->` is what that command prints, run on
the real index with empty settings, as of DATE (default: today, UTC), at 100 columns. The wall time is left
out, the only thing that differs between two runs. A test marked `network` runs the same commands as
of the date that stands in the README and compares.
"""

# ruff: noqa: INP001 - a script beside the pages it writes, not a package

import os
import re
import subprocess
import sys
import tempfile
from datetime import datetime, timezone
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
README = ROOT / "README.md"
BLOCK = re.compile(
    r"(?P<marker><!-- driftcheck (?P<arguments>[^|\n]*?)(?: \| first (?P<lines>\d+) lines)? -->)"
    r"\n\n```text\n.*?^```$",
    re.DOTALL | re.MULTILINE,
)
AS_OF = re.compile(r"<!-- output as of (?P<date>\d{4}-\d\d-\d\d) -->")


def recorded_date(readme: str) -> str:
    """Returns the date for which the README's output was made."""
    found = AS_OF.search(readme)
    if found is None:
        sys.exit("README.md has no marker `<!-- output as of YYYY-MM-DD -->`")
    return found["date"]


def with_output(readme: str, date: str) -> str:
    """Returns the README with every block made anew."""

    def block(found: re.Match[str]) -> str:
        text = output(found["arguments"], date)
        if found["lines"]:
            lines = text.splitlines()
            text = "\n".join([*lines[: int(found["lines"])], "…"])
        return f"{found['marker']}\n\n```text\n{text}\n```"

    return AS_OF.sub(f"<!-- output as of {date} -->", BLOCK.sub(block, readme))


def output(arguments: str, date: str) -> str:
    """Returns what a command prints on the real index, as on the machine of somebody with no settings."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("PIP_", "UV_", "DRIFTCHECK_"))}
    with tempfile.TemporaryDirectory() as home:
        environment = {
            **kept, "PIP_CONFIG_FILE": os.devnull, "UV_NO_CONFIG": "1", "HOME": home, "NO_COLOR": "1",
            "COLUMNS": "100", "PYTHONUTF8": "1", "DRIFTCHECK_CACHE_DIR": str(ROOT / ".readme-cache"),
        }  # fmt: skip
        words = arguments.split()
        dated = [*words, "--as-of", date] if words[0] in {"check", "drift"} else words
        done = subprocess.run(  # noqa: S603
            [sys.executable, "-m", "driftcheck", *dated],
            cwd=ROOT, env=environment, capture_output=True, check=False, timeout=300, encoding="utf-8",
        )  # fmt: skip
    if done.returncode not in (0, 1):
        sys.exit(f"driftcheck {arguments} ended with {done.returncode}:\n{done.stderr}")
    return normalised(done.stdout, date).strip("\n")


def normalised(text: str, date: str) -> str:
    """Returns an output without its wall time and without the date that the reader did not type."""
    text = re.sub(r",\s+\d+\.\d+ ?s\b", "", text)
    return re.sub(rf"\s+as of {date}", "", text)


def main() -> None:
    """Writes README.md."""
    date = sys.argv[1] if len(sys.argv) > 1 else datetime.now(timezone.utc).date().isoformat()
    README.write_text(with_output(README.read_text(encoding="utf-8"), date), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
