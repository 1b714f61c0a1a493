"""Report → text: one file per output format, each ending in `REPORTER`; pure.

`driftcheck check` takes the formats named plainly, `driftcheck drift` those named `drift-…`.
"""
