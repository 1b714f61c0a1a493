"""What pip would install on a target: requirements and an index become a set, or the reasons why not."""
