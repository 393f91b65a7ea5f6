"""Tests of the plans: tables, comparisons with HiGHS, properties, time."""
