"""Tests of the virtual house."""
