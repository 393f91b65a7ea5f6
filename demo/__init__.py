"""The demo: a real Home Assistant with the virtual house and Ampacity in it.

``python -m demo`` starts it, ``python -m demo --check`` watches it for three minutes.
The end-to-end tests use the same modules.
"""
