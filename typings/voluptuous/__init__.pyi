# What Home Assistant serves under this name.
from probatio import *
