"""Conversations: messages, the turns that answer them, and the numbered events of both."""
