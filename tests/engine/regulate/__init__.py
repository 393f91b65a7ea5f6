"""Tests of starting, stopping and following."""
