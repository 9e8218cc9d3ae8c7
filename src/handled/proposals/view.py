"""A proposal as the outside sees it."""

from __future__ import annotations

from typing import Any

from handled.tables import Proposal


def proposal_view(proposal: Proposal) -> dict[str, Any]:
    """The wire object of `api`: what is suggested, what binds the confirmation to it, and until when."""
    return {
        "proposalId": str(proposal.id),
        "operation": proposal.action,
        "tier": proposal.tier,
        "status": proposal.status,
        "previewHash": proposal.preview_hash,
        "code": proposal.code,
        "expiresAt": proposal.expires_at.isoformat(),
        "preview": proposal.preview,
    }
