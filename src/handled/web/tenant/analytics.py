"""What conversations came to, for the business to see: as JSON, or one table of it as CSV."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Header, Query, Response

from handled.analytics import report as reports
from handled.analytics.report import Bucket
from handled.kit import clock
from handled.web.tenant import analytics_views as views
from handled.web.tenant import sheets
from handled.web.tenant.analytics_schemas import ChatAnalytics
from handled.web.tenant.days import Day, range_of
from handled.web.tenant.deps import StaffDep, refusals

router = APIRouter(tags=["business"])

_CSV: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "The report; or one `table` of it as CSV",
        "content": {"text/csv": {"schema": {"type": "string"}}},
    }
}


@router.get("/analytics/chat", response_model=ChatAnalytics, responses=refusals() | _CSV)
async def get_chat_analytics(
    staff: StaffDep,
    from_: Annotated[Day | None, Query(alias="from")] = None,
    to: Day | None = None,
    bucket: Bucket = "day",
    format_: Annotated[Literal["json", "csv"] | None, Query(alias="format")] = None,
    table: views.Table = "periods",
    accept: Annotated[str, Header(include_in_schema=False)] = "",
) -> Any:
    """What the conversations of these days came to. Both dates are local and included; without `to` until today,
    without `from` the 30 days up to `to`; at most 366 days. With `format=csv` or `Accept: text/csv` one `table`."""
    async with staff.session() as (session, business):
        first, last = range_of(from_, to, clock.now().astimezone(business.zone).date())
        found = await reports.report(session, business, first, last, bucket)
    if format_ == "csv" or (format_ is None and sheets.prefers_csv(accept)):
        name = f"chat-{table}-{first}-{last}.csv"
        headers = {"Content-Disposition": f'attachment; filename="{name}"', "Vary": "Accept"}
        return Response(sheets.csv_of(views.table_of(business, found, table)), media_type="text/csv", headers=headers)
    return {
        "from": first,
        "to": last,
        "timezone": business.timezone,
        "bucket": bucket,
        "totals": views.figures_view(found.total),
        "periods": [views.dated(each) for each in found.periods],
        **views.breakdowns(business, found),
    }
