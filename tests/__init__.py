"""The tests: the same tree as `driftcheck/`, plus `end_to_end/` and `house_rules/`."""
