"""Tests of what is found in a house by itself."""
