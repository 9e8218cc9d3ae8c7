"""What every model of ours says about itself while it answers."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import ClassVar

from pydantic_ai.models import StreamedResponse

from handled.kit import clock


@dataclass
class OwnStream(StreamedResponse):
    """A stream of a model that we speak to ourselves: `name` is the model's, `system` its provider's."""

    system: ClassVar[str]
    name: str = field(kw_only=True)
    _at: datetime = field(default_factory=clock.now, init=False)

    @property
    def model_name(self) -> str:
        return self.name

    @property
    def provider_name(self) -> str:
        return self.system

    @property
    def provider_url(self) -> None:
        return None

    @property
    def timestamp(self) -> datetime:
        return self._at
