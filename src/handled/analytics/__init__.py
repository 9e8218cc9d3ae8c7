"""What a business wants to know of its conversations: figures by day, kept when the conversations are gone."""
