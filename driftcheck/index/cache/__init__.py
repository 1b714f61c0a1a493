"""Answers kept on disk: safe for several processes, bounded, corrupt entries dropped."""
