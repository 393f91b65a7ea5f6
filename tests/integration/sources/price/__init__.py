"""Tests of where prices come from."""
