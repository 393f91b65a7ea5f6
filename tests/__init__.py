"""Tests of Ampacity, its simulation and its demo."""
