"""Tests of how schedules are made."""
