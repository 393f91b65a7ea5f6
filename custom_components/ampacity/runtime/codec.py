"""The engine's objects to and from what JSON can hold.

JSON has no NaN and no infinity: they travel as the texts ``nan``, ``inf`` and ``-inf``, which
decode to the same numbers again.
"""

import math
from typing import Any

from mashumaro.codecs.basic import BasicDecoder, BasicEncoder


_ENCODERS: dict[Any, BasicEncoder[Any]] = {}
_DECODERS: dict[Any, BasicDecoder[Any]] = {}


def encode(value: object) -> Any:
    """Return a dataclass of the engine as dicts, lists, texts and finite numbers."""
    cls = type(value)
    if cls not in _ENCODERS:
        _ENCODERS[cls] = BasicEncoder(cls)
    return _finite(_ENCODERS[cls].encode(value))


def decode[T](cls: type[T], data: Any) -> T:
    """Return the object of ``cls`` that :func:`encode` made ``data`` of.

    Raises ValueError or LookupError where the data doesn't fit.
    """
    if cls not in _DECODERS:
        _DECODERS[cls] = BasicDecoder(cls)
    decoded: T = _DECODERS[cls].decode(data)
    return decoded


def _finite(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _finite(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_finite(item) for item in value]
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    return value
