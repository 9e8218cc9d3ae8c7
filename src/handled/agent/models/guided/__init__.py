"""The guided model: a front desk that needs no language model.

`GuidedModel()` is a model of the agent library; `decide(messages)` is all of its thinking, a pure function of the
message history:

    history → transcript (history) → state (fold, listen, understand) → calls (decide) or words (reply)

Each task beside booking is one module (`task_find`, `task_cancel`, `task_move`), named in `listen`, `decide`, `results`
and `steps`; `existing` tells them apart, and `identify` finds out whose booking it is.
Everything that depends on the language comes through `language.language(locale)`.
"""

from .decide import GUIDED_TOOLS, Decision, ToolUse, decide
from .model import GuidedModel
from .wording import Choice, Reply

__all__ = ["GUIDED_TOOLS", "Choice", "Decision", "GuidedModel", "Reply", "ToolUse", "decide"]
