"""How pip reads a line of a requirements file: decoding, joining, options, requirements.

Any format that holds such lines may use it (a requirements file, a Dockerfile's `pip install`, the pip
section of a conda environment). The rules were read from pip 26.3's own `req_file.py`, `constructors.py` and
`link.py`, and are held against it by `benchmarks/corpus_parity.py`.

Why not `pip-requirements-parser`: importing it takes 130 ms, half of what `--help` may take, for it carries
an old fork of packaging and needs pyparsing; it has had no release since 2022, so it knows neither the
options nor the refusals of today's pip. It serves as an oracle in the tests instead.
"""
