"""What customers think: thumbs, ratings, and the figure that is made of them."""
