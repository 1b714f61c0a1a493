"""What pip's and uv's own configuration says about indexes."""
