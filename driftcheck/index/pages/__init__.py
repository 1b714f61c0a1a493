"""What an index lists for a project: answers parsed, boiled down, merged."""
