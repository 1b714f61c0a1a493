"""Tests of the resolver, against indexes that live in memory."""
