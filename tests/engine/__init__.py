"""Tests of the engine: pure, without Home Assistant and without a clock."""
