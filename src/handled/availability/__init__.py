"""When something can be had: the free slots, and why a wish cannot be met."""
