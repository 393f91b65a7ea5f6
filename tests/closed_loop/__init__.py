"""Tests of the engine at work in the virtual house."""
