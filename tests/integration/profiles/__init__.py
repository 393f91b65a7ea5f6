"""Tests of the known chargers, each against what its integration makes."""
