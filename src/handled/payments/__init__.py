"""Money: asked for, paid, given back."""
