"""The engine's objects to and from what JSON can hold.

JSON has no NaN and no infinity: they travel as the texts ``nan``, ``inf`` and ``-inf``, which
decode to the same numbers again.
"""

from functools import cache
import math
from typing import Any

from mashumaro.codecs.basic import BasicDecoder, BasicEncoder


def encode(value: object) -> Any:
    """Return a dataclass of the engine as dicts, lists, texts and finite numbers."""
    return _finite(_encoder(type(value)).encode(value))


def decode[T](cls: type[T], data: Any) -> T:
    """Return the object of ``cls`` that :func:`encode` made ``data`` of.

    Raises ValueError or LookupError where the data doesn't fit.
    """
    return _decoder(cls).decode(data)


@cache
def _encoder(cls: type) -> BasicEncoder[Any]:
    return BasicEncoder(cls)


@cache
def _decoder[T](cls: type[T]) -> BasicDecoder[T]:
    return BasicDecoder(cls)


def _finite(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _finite(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_finite(item) for item in value]
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    return value
