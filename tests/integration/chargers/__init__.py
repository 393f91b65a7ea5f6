"""Tests of how chargers are read and commanded."""
