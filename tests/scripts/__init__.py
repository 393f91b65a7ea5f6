"""The scripts that others rely on."""
