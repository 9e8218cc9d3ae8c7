"""The models an agent can speak with: language models, and the guided one that needs no key."""
