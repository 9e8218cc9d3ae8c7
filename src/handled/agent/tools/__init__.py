"""What the agent can do. Tenant, customer and conversation come from the server, never from arguments."""

from handled.agent.tools.context import Context, business_facts
from handled.agent.tools.registry import DEFINITIONS, call, label_of

__all__ = ["DEFINITIONS", "Context", "business_facts", "call", "label_of"]
