"""The engine's objects to and from what JSON can hold.

JSON has no NaN and no infinity: they travel as the texts ``nan``, ``inf`` and ``-inf``, which
decode to the same numbers again.
"""

import math
from typing import Any

from mashumaro.codecs.basic import BasicDecoder, BasicEncoder


class Codec[T]:
    """Encodes and decodes one data class and all that it is made of.

    Making one compiles code, so each is made once, when its module is imported.
    """

    def __init__(self, cls: type[T]) -> None:
        """Make a codec of this class."""
        self.name = cls.__name__
        self._encoder: BasicEncoder[T] = BasicEncoder(cls)
        self._decoder: BasicDecoder[T] = BasicDecoder(cls)

    def encode(self, value: T) -> dict[str, Any]:
        """Return an object as dicts, lists, texts and finite numbers."""
        encoded: dict[str, Any] = _finite(self._encoder.encode(value))
        return encoded

    def decode(self, data: Any) -> T:
        """Return the object that :meth:`encode` made ``data`` of.

        Raises ValueError, LookupError, TypeError or AttributeError where the data doesn't fit.
        """
        return self._decoder.decode(data)


def _finite(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _finite(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_finite(item) for item in value]
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    return value
