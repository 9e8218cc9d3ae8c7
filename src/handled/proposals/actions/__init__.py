"""What can be proposed: for each action what holds, shows and executes it."""
