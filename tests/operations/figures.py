"""`/metrics` as Prometheus reads it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from prometheus_client.parser import text_string_to_metric_families

from tests.http_client import http_client


@dataclass(frozen=True)
class Figures:
    """What one look at it found."""

    text: str
    samples: Mapping[tuple[str, frozenset[tuple[str, str]]], float]

    def of(self, name: str, **labels: str) -> float:
        """The sum of all samples of that name which have these labels; 0 when there is none."""
        wanted = set(labels.items())
        return sum(value for (each, given), value in self.samples.items() if each == name and wanted <= given)

    def since(self, before: Figures, name: str, **labels: str) -> float:
        return self.of(name, **labels) - before.of(name, **labels)


async def look(url: str, **headers: str) -> Figures:
    async with http_client(base_url=url, timeout=30) as http:
        answer = await http.get("/metrics", headers=headers)
    assert answer.status_code == 200, answer.text
    families = text_string_to_metric_families(answer.text)
    return Figures(
        answer.text,
        {(each.name, frozenset(each.labels.items())): each.value for family in families for each in family.samples},
    )
