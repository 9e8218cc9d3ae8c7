"""What the models used and what it cost."""
